import {
  dead,
  deliverItems,
  skipped,
  write,
  writes,
  type Mapped,
  type Operation,
  type Write,
} from '@tripline/kit'
import type {
  Call,
  EventItem,
  GroupItem,
  Identity,
  Item,
  LinkItem,
  Loss,
  MembershipItem,
  ProfileItem,
  Report,
} from '@tripline/model'
import type { MixpanelClient } from './client.ts'
import { createProfileOperation, maxChangeBytes, type ProfileChange, type ProfileUpdate } from './engage.ts'
import { createImportOperation } from './import.ts'
import { maxBodyBytes } from './limits.ts'
import { createEventMapper, faultOfTime, toLinkEvent, type MixpanelEvent } from './mapping/events.ts'
import { createIdentifier, faultOfId, isFault } from './mapping/identifier.ts'
import { createProfileMapper, isReserved, type TraitChange } from './mapping/profiles.ts'
import { toConsent, toMembership } from './mapping/segments.ts'
import { boundOf, type Findings } from './mapping/values.ts'
import type { MixpanelOptions } from './options.ts'
import type { ProfileOwner, ProfileRecords } from './profile-records.ts'

const groupsSource = 'https://docs.mixpanel.com/docs/data-structure/group-analytics'

export function createDeliver(
  options: MixpanelOptions,
  client: MixpanelClient,
): (items: readonly Item[], call?: Call) => Promise<Report> {
  const map = createMapper(options, client)
  return async (items, call) => {
    // Before the session opens, because its deadline runs on a clock that may jump over the time this takes.
    const records = items.every(({ kind }) => kind === 'event') ? undefined : await client.records()
    const session = client.transport.session(call)
    try {
      return await deliverItems(items, map(records), session)
    } finally {
      session.close()
    }
  }
}

/** The three roads to Mixpanel, made once: a wave groups by them. */
export interface Operations {
  readonly events: Operation<MixpanelEvent>
  readonly profiles: Operation<ProfileUpdate>
  readonly groups: Operation<ProfileUpdate>
}
export function createOperations(
  options: MixpanelOptions,
  client: MixpanelClient,
): (records: ProfileRecords | undefined) => Operations {
  const maxBytes = maxBodyBytes(options)
  let current: ProfileRecords | undefined
  const records = (): ProfileRecords => {
    if (!current) throw new Error('npm mixpanel was not loaded')
    return current
  }
  const operations = {
    events: createImportOperation(client, maxBytes),
    profiles: createProfileOperation('POST /engage', client, records, maxBytes),
    groups: createProfileOperation('POST /groups', client, records, maxBytes),
  }
  return (loaded) => {
    current ??= loaded
    return operations
  }
}

type Identify = ReturnType<typeof createIdentifier>

function createMapper(
  options: MixpanelOptions,
  client: MixpanelClient,
): (records: ProfileRecords | undefined) => (item: Item) => Mapped {
  const identify = createIdentifier(options.identityMode ?? 'simplified')
  const operationsWith = createOperations(options, client)
  const events = createEventMapper(options)
  const profiles = createProfileMapper(options)
  const groups = createGroupMapper(options, identify)
  const { clock } = client.transport.host

  const event = (item: EventItem, { events: to }: Operations): Mapped => {
    if (item.backfill && options.backfill === 'refuse')
      return skipped('disabled', 'backfill: old events may bring people into cohorts that are synced')
    const person = identify(item.who)
    if (isFault(person)) return dead(person)
    const findings: Findings = { losses: [] }
    const made = events.toMixpanelEvent(item, person, clock.now(), findings)
    return isFault(made) ? dead(made, findings.losses) : writes([write(to, made, 'event')], findings.losses)
  }
  const change = (
    item: { readonly who: Identity },
    made: TraitChange,
    to: Operations,
    findings: Findings = { losses: [] },
  ): Mapped => {
    const person = identify(item.who)
    if (isFault(person)) return dead(person, findings.losses)
    return put(to.profiles, { distinctId: person.distinctId }, made, 'profile', findings)
  }
  const profile = (item: ProfileItem, to: Operations): Mapped => {
    const findings: Findings = { losses: [] }
    return change(item, profiles.toChange(item.set, item.before, findings), to, findings)
  }
  return (records) => {
    const to = operationsWith(records)
    return (item) => {
      switch (item.kind) {
        case 'event':
          return event(item, to)
        case 'profile':
          return profile(item, to)
        case 'membership':
          return refuseMembership(item) ?? change(item, toMembership(item), to)
        case 'consent':
          return change(item, toConsent(item), to)
        case 'link':
          return linkOf(item, options, clock.now(), identify, to)
        case 'group':
          return groups(item, to)
      }
    }
  }
}

function linkOf(
  item: LinkItem,
  options: MixpanelOptions,
  nowMs: number,
  identify: Identify,
  { events: to }: Operations,
): Mapped {
  const { userId } = item.known
  const { anonymousId } = item.other
  if (userId === undefined || anonymousId === undefined)
    return skipped(
      'unsupported',
      'Mixpanel links an anonymousId to a userId; two known people are never merged',
    )
  const person = identify({ userId, anonymousId })
  const fault = isFault(person) ? person : faultOfTime(Date.parse(item.at), nowMs)
  return fault ? dead(fault) : writes([write(to, toLinkEvent(item, userId, anonymousId, options), 'link')])
}

function refuseMembership({ segment }: Pick<MembershipItem, 'segment'>): Mapped | undefined {
  if (segment.form !== 'attribute')
    return skipped(
      'unsupported',
      `Mixpanel computes a ${segment.form} itself; write the flag it is built on (form attribute)`,
    )
  return isReserved(segment.id) || segment.id.startsWith('$')
    ? dead({
        code: 'invalid',
        message: 'a membership flag may not have a name of Mixpanel’s own',
        path: 'segment.id',
      })
    : undefined
}

/** One profile's change as a write; what no record can hold is `dead`. */
function put(
  operation: Operation<ProfileUpdate>,
  owner: ProfileOwner,
  { set, unset }: TraitChange,
  step: string,
  { losses, fault }: Findings,
): Mapped {
  if (fault) return dead(fault, losses)
  const isSet = Object.keys(set).length > 0
  if (!isSet && unset.length === 0) return skipped('unchanged', undefined, losses)
  const bytes = bytesOf({ set, unset })
  if (bytes > maxChangeBytes)
    return dead(
      {
        code: 'too-large',
        message: `Mixpanel takes ${maxChangeBytes} bytes of one profile at a time`,
        path: 'set',
      },
      losses,
    )
  const change: ProfileChange = { ...(isSet && { set }), ...(unset.length > 0 && { unset }), bytes }
  return writes([write(operation, { owner, changes: [change] }, step)], losses)
}
/** A bound where that is enough, else the very number. */
function bytesOf({ set, unset }: TraitChange): number {
  let bound = 2
  for (const name in set) bound += name.length * 6 + 4 + boundOf(set[name] ?? null, 0)
  for (const name of unset) bound += name.length * 6 + 4
  return bound <= maxChangeBytes ? bound : Buffer.byteLength(JSON.stringify({ set, unset }))
}

type GroupMapper = (item: GroupItem, to: Operations) => Mapped

/** The group's own profile where the project has the key, then its id in a list on the member's profile. */
function createGroupMapper(options: MixpanelOptions, identify: Identify): GroupMapper {
  const keys = new Set(options.groupKeys)
  const mapper = createProfileMapper(options, 'group')
  return (item, to) => {
    const { groupType, groupId, member } = item
    const refused = faultOfId(groupId, 'groupId', 'any')
    if (refused) return dead(refused)
    if (isReserved(groupType) || groupType.startsWith('$'))
      return dead({
        code: 'invalid',
        message: 'a group type may not have a name of Mixpanel’s own',
        path: 'groupType',
      })
    const findings: Findings = { losses: [] }
    const list: Write[] = []
    if (!keys.has(groupType)) findings.losses.push(...lostTraits(item))
    else {
      const made = mapper.toChange(item.set, item.before, findings)
      const mapped = put(to.groups, { groupKey: groupType, groupId }, made, 'group', findings)
      if (mapped.kind === 'writes') list.push(...mapped.writes)
      else if (mapped.outcome.status === 'dead') return mapped
    }
    const person = member && identify(member)
    if (person && isFault(person)) return dead(person, findings.losses)
    if (person) {
      const union: ProfileChange = { union: { [groupType]: [groupId] }, bytes: maxChangeBytes }
      list.push(write(to.profiles, { owner: { distinctId: person.distinctId }, changes: [union] }, 'member'))
    }
    if (list.length > 0) return writes(list, findings.losses)
    return keys.has(groupType)
      ? skipped('unchanged', undefined, findings.losses)
      : skipped(
          'unsupported',
          `"${groupType}" is no group key of the project (option groupKeys)`,
          findings.losses,
        )
  }
}

const lostTraits = ({ set, groupType }: GroupItem): readonly Loss[] =>
  Object.keys(set).map((name) => ({
    path: `set.${name}`,
    kind: 'dropped',
    because: `"${groupType}" is no group key of the project (option groupKeys), so there is no group profile`,
    source: groupsSource,
  }))
