import type { Route, SimReply } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { messages, mismatch, refuse, success } from '../errors.ts'
import { holdSubscription, type GroupState } from '../held-subscriptions.ts'
import { isEmail, isExternalId, isPhone } from '../identifiers.ts'
import { isList, isName, isObject, isText, type Json, type JsonObject } from '../json.ts'
import { sizeLimits } from '../limits.ts'
import { get, manyOf, post } from './route.ts'

const v1Fields = ['subscription_group_id', 'subscription_state', 'external_id', 'email', 'phone']

/** https://www.braze.com/docs/api/endpoints/subscription_groups/ , …/email/post_email_subscription_status/ */
export const subscriptionRoutes = (context: BrazeContext): readonly Route[] => [
  post(context, {
    path: '/subscription/status/set',
    known: v1Fields,
    handle: (body) => setAll(context, [body], v1Names),
  }),
  post(context, {
    path: '/v2/subscription/status/set',
    known: ['subscription_groups'],
    handle: (body) =>
      isList(body['subscription_groups'])
        ? setAll(context, body['subscription_groups'], v2Names)
        : mismatch(),
  }),
  get('/subscription/status/get', (query) => status(context, query)),
  post(context, {
    path: '/email/status',
    known: ['email', 'subscription_state'],
    handle: (body) => emailStatus(context, body),
  }),
]

interface Names {
  readonly external_id: string
  readonly email: string
  readonly phone: string
}
const v1Names: Names = { external_id: 'external_id', email: 'email', phone: 'phone' }
const v2Names: Names = { external_id: 'external_ids', email: 'emails', phone: 'phones' }

interface Change {
  readonly group: string
  readonly state: GroupState
  readonly kind: keyof Names
  readonly values: readonly string[]
}

function setAll(context: BrazeContext, entries: readonly Json[], names: Names): SimReply {
  if (entries.length === 0) return mismatch()
  const changes: Change[] = []
  for (const entry of entries) {
    const change = isObject(entry) ? readChange(context, entry, names) : "'subscription_groups' is not valid"
    if (typeof change === 'string') return refuse(400, change)
    changes.push(...change)
  }
  if (changes.some(({ values }) => values.length > sizeLimits.idsPerRequest.max))
    return refuse(400, messages.tooManyIds)
  context.queue.add(context.clock.now(), context.account.visibleAfterMs, (at) => {
    for (const change of changes) applyChange(context, change, at)
  })
  return success(201)
}

/** Texts of this function but the one about both addresses are not published. */
function readChange({ store }: BrazeContext, entry: JsonObject, names: Names): readonly Change[] | string {
  const { subscription_group_id: group, subscription_state: state } = entry
  if (!isName(group) || !store.groups.has(group)) return "'subscription_group_id' is not valid"
  if (state !== 'subscribed' && state !== 'unsubscribed')
    return "'subscription_state' must be 'subscribed' or 'unsubscribed'"
  if (entry[names.email] !== undefined && entry[names.phone] !== undefined) return messages.emailOrPhone
  const changes: Change[] = []
  for (const kind of ['external_id', 'email', 'phone'] as const) {
    const value = entry[names[kind]]
    if (value === undefined) continue
    const values = isText(value) && names === v1Names ? [value] : value
    const fits = kind === 'external_id' ? isExternalId : kind === 'email' ? isEmail : isPhone
    if (!isList(values) || values.length === 0 || !values.every(fits)) return `'${names[kind]}' is not valid`
    changes.push({
      group,
      state: state === 'subscribed' ? 'Subscribed' : 'Unsubscribed',
      kind,
      values,
    })
  }
  return changes.length > 0 ? changes : "'external_id', 'email' or 'phone' is required"
}

/** An address changes everybody who has it; a state for nobody is kept for the user to come. */
function applyChange(context: BrazeContext, { group, state, kind, values }: Change, now: number): void {
  for (const value of values) {
    const found = context.store.profiles.find({ kind, value })
    for (const profile of found) profile.groups.set(group, state)
    if (found.length === 0) holdSubscription(context, { kind, value }, group, state, now)
  }
}

function status({ store }: BrazeContext, query: URLSearchParams): SimReply {
  const group = query.get('subscription_group_id') ?? ''
  if (!store.groups.has(group)) return refuse(400, "'subscription_group_id' is not valid")
  const [ids, emails, phones] = [manyOf(query, 'external_id'), manyOf(query, 'email'), manyOf(query, 'phone')]
  if (ids.length === 0 && emails.length > 0 && phones.length > 0) return refuse(400, messages.emailOrPhone)
  const kind = ids.length > 0 ? 'external_id' : emails.length > 0 ? 'email' : 'phone'
  const values = ids.length > 0 ? ids : emails.length > 0 ? emails : phones
  if (values.length === 0) return refuse(400, "'external_id', 'email' or 'phone' is required")
  if (values.length > sizeLimits.idsPerRequest.max) return refuse(400, messages.tooManyIds)
  // Somebody without a record, or nobody at all, is Unknown; a global unsubscribe does not show here.
  const states = values.map(
    (value) => [value, store.profiles.find({ kind, value })[0]?.groups.get(group) ?? 'Unknown'] as const,
  )
  return success(200, { status: Object.fromEntries(states) })
}

function emailStatus(context: BrazeContext, { email, subscription_state: state }: JsonObject): SimReply {
  const emails = isText(email) ? [email] : email
  if (!isList(emails) || emails.length === 0 || !emails.every(isEmail))
    return refuse(400, "'email' is not valid")
  if (emails.length > sizeLimits.idsPerRequest.max) return refuse(400, messages.tooManyIds)
  if (state !== 'subscribed' && state !== 'unsubscribed' && state !== 'opted_in')
    return refuse(400, "'subscription_state' must be 'subscribed', 'unsubscribed' or 'opted_in'")
  context.queue.add(context.clock.now(), context.account.visibleAfterMs, (at) => {
    for (const value of emails)
      for (const profile of context.store.profiles.find({ kind: 'email', value })) {
        context.store.profiles.setStandard(profile, 'email_subscribe', state)
        context.store.profiles.touch(profile, at)
      }
  })
  return success(201)
}
