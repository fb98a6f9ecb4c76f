import type { Route, SimReply } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { messages, mismatch, refuse, success } from '../errors.ts'
import { isEmail, isExternalId, isPhone, prioritize, readAlias, readPrioritization } from '../identifiers.ts'
import { isList, isName, isObject, type Json, type JsonObject } from '../json.ts'
import { sizeLimits } from '../limits.ts'
import { mergeInto } from '../merge-profiles.ts'
import type { Identifier } from '../profile-index.ts'
import type { Profile } from '../profile.ts'
import { post } from './route.ts'

const { max } = sizeLimits.idsPerRequest

/** identify, alias/new, alias/update. https://www.braze.com/docs/api/endpoints/user_data/ */
export const identityRoutes = (context: BrazeContext): readonly Route[] => [
  post(context, {
    path: '/users/identify',
    known: identifyFields,
    handle: (body) => identify(context, body),
  }),
  post(context, {
    path: '/users/alias/new',
    known: ['user_aliases'],
    handle: (body) => newAliases(context, body),
  }),
  post(context, {
    path: '/users/alias/update',
    known: ['alias_updates'],
    handle: (body) => updateAliases(context, body),
  }),
]

const identifyFields = [
  'aliases_to_identify',
  'emails_to_identify',
  'phone_numbers_to_identify',
  'merge_behavior',
]

interface Identification {
  readonly externalId: string
  readonly who: Identifier
  readonly prioritization: readonly string[]
}

function identify(context: BrazeContext, body: JsonObject): SimReply {
  const all: Identification[] = []
  for (const name of identifyFields.slice(0, 3)) {
    const list = body[name]
    if (list === undefined) continue
    if (!isList(list)) return mismatch()
    for (const entry of list) {
      const read = isObject(entry) ? readIdentification(name, entry) : undefined
      // The text for a malformed entry is not published.
      if (!read) return refuse(400, `'${name}' is not valid`)
      all.push(read)
    }
  }
  if (all.length === 0) return refuse(400, "'aliases_to_identify' is required")
  // Documented for aliases; that the three lists share the 50 is assumed.
  if (all.length > max) return refuse(400, messages.tooManyIds)
  context.queue.add(context.clock.now(), context.account.visibleAfterMs, (at) => {
    for (const one of all) identifyOne(context, one, at)
  })
  return success(201, { aliases_processed: all.length })
}

function readIdentification(list: string, entry: JsonObject): Identification | undefined {
  const { external_id: externalId } = entry
  if (!isExternalId(externalId)) return undefined
  if (list === 'aliases_to_identify') {
    const who = readAlias(entry['user_alias'])
    return who && { externalId, who, prioritization: [] }
  }
  const prioritization = readPrioritization(entry['prioritization'])
  const { email, phone } = entry
  if (!prioritization) return undefined
  if (list === 'emails_to_identify')
    return isEmail(email) ? { externalId, who: { kind: 'email', value: email }, prioritization } : undefined
  return isPhone(phone) ? { externalId, who: { kind: 'phone', value: phone }, prioritization } : undefined
}

/** An alias nobody has, or an ambiguous e-mail, changes nothing and is still answered with success. */
function identifyOne(
  { store }: BrazeContext,
  { externalId, who, prioritization }: Identification,
  now: number,
): void {
  const found = store.profiles.find(who)
  const source = who.kind === 'user_alias' ? found[0] : prioritize(found, prioritization)
  const target = store.profiles.byExternalId(externalId)
  if (!source || source === target || source.externalId !== undefined) return
  if (!target) {
    store.profiles.identify(source, externalId)
    store.profiles.touch(source, now)
    return
  }
  // A user who already has an alias under this label is not combined with the other.
  if (who.kind === 'user_alias' && target.aliases.has(who.label)) return
  combine(store.profiles, target, source, now)
}

function combine(
  profiles: BrazeContext['store']['profiles'],
  target: Profile,
  source: Profile,
  now: number,
): void {
  const aliases = [...source.aliases]
  profiles.remove(source)
  for (const [label, name] of aliases) profiles.aliases.add(target, label, name)
  mergeInto(profiles, target, source, now)
}

function newAliases(context: BrazeContext, body: JsonObject): SimReply {
  const list = readList(body['user_aliases'])
  if (!isList(list)) return list
  const aliases: { externalId: string | undefined; name: string; label: string }[] = []
  for (const entry of list) {
    const alias = readAlias(entry)
    const externalId = isObject(entry) ? entry['external_id'] : undefined
    if (!alias || (externalId !== undefined && !isExternalId(externalId)))
      return refuse(400, "'user_aliases' is not valid")
    aliases.push({ ...alias, externalId })
  }
  context.queue.add(context.clock.now(), context.account.visibleAfterMs, (at) => {
    for (const alias of aliases) addAlias(context, alias, at)
  })
  return success(201, { aliases_processed: aliases.length })
}

/** Success as well when the pair exists or the user does not; without a user it makes an alias-only profile. */
function addAlias(
  { store }: BrazeContext,
  alias: { externalId: string | undefined; name: string; label: string },
  now: number,
): void {
  const taken = store.profiles.find({ kind: 'user_alias', name: alias.name, label: alias.label }).length > 0
  if (taken) return
  const profile =
    alias.externalId === undefined
      ? store.profiles.create(now)
      : store.profiles.byExternalId(alias.externalId)
  if (profile && store.profiles.aliases.add(profile, alias.label, alias.name))
    store.profiles.touch(profile, now)
}

function updateAliases(context: BrazeContext, body: JsonObject): SimReply {
  const list = readList(body['alias_updates'])
  if (!isList(list)) return list
  const updates: [string, string, string][] = []
  for (const entry of list) {
    const { alias_label: label, old_alias_name: from, new_alias_name: to } = isObject(entry) ? entry : {}
    if (!isName(label) || !isName(from) || !isName(to)) return refuse(400, "'alias_updates' is not valid")
    if (!readAlias({ alias_label: label, alias_name: to })) return refuse(400, "'alias_updates' is not valid")
    updates.push([label, from, to])
  }
  context.queue.add(context.clock.now(), context.account.visibleAfterMs, () => {
    for (const update of updates) context.store.profiles.aliases.rename(...update)
  })
  return success(201, { aliases_processed: updates.length })
}

function readList(list: Json | undefined): readonly Json[] | SimReply {
  if (!isList(list) || list.length === 0) return mismatch()
  return list.length > max ? refuse(400, messages.tooManyIds) : list
}
