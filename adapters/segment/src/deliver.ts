import {
  allSent,
  dead,
  deliverItems,
  sentFrom,
  skipped,
  uuidV5,
  write,
  writes,
  type Mapped,
  type Operation,
} from '@tripline/kit'
import type {
  Call,
  ConsentItem,
  Fault,
  GroupItem,
  Identity,
  Item,
  LinkItem,
  Loss,
  MembershipItem,
  ProfileItem,
  Report,
  Values,
} from '@tripline/model'
import type { SegmentClient } from './client.ts'
import { isFault } from './errors.ts'
import { maxOf } from './limits.ts'
import {
  createEventMapper,
  faultOfGroupId,
  faultOfTime,
  importanceOf,
  type EventMapper,
  type SegmentMessage,
} from './mapping/events.ts'
import { faultOfId, idsOf } from './mapping/identifier.ts'
import { createProfileMapper, type ProfileMapper } from './mapping/profiles.ts'
import { consentEvent, toConsent, toMembership } from './mapping/segments.ts'
import { faultOfValues, keepNames } from './mapping/values.ts'
import type { SegmentOptions } from './options.ts'

export function createDeliver(
  options: SegmentOptions,
  client: SegmentClient,
): (items: readonly Item[], call?: Call) => Promise<Report> {
  const map = createMapper(options, client)
  return async (items, call) => {
    const session = client.transport.session(call)
    try {
      const keySpace = await client.keySpace()
      return await deliverItems(items, (item) => map(item, keySpace), session)
    } finally {
      session.close()
    }
  }
}

/** What mapping needs besides the item. */
interface Mapping {
  readonly options: SegmentOptions
  readonly events: EventMapper
  readonly profiles: ProfileMapper
  readonly batch: Operation<Entry>
  readonly ofPerson: Room
  readonly ofGroup: Room
}
/** How many traits Unify keeps of a message, and which go first. */
interface Room {
  readonly maxKeys: number
  /** By Segment's names. */
  readonly importance: ReadonlyMap<string, number>
}
/** A message, and whether it may become one with others of its kind. */
interface Entry {
  readonly message: SegmentMessage
  /** An act of consent: those of one person in one call become one. */
  readonly consent?: { readonly of: string; readonly keySpace: string }
}

function createMapper(
  options: SegmentOptions,
  client: SegmentClient,
): (item: Item, keySpace: string) => Mapped {
  const profiles = createProfileMapper(options)
  const ranks = (of: 'user' | 'group'): ReadonlyMap<string, number> =>
    new Map([...importanceOf(options, of)].map(([name, rank]) => [profiles.vendorName(name), rank]))
  const mapping: Mapping = {
    options,
    events: createEventMapper(options),
    profiles,
    batch: createBatchOperation(client),
    ofPerson: { maxKeys: maxOf('identify.keys'), importance: ranks('user') },
    ofGroup: { maxKeys: maxOf('event.keys'), importance: ranks('group') },
  }
  const put: Put = (message, losses) =>
    isFault(message)
      ? dead(message, losses)
      : writes([write(mapping.batch, { message }, message.type)], losses)

  return (item, keySpace) => {
    const messageId = uuidV5(keySpace, item.key)
    const losses: Loss[] = []
    if (item.kind === 'event') {
      if (item.backfill && options.backfill === 'refuse')
        return skipped('disabled', 'backfill: back-dated events may start journeys')
      const message = mapping.events.toMessage(item, messageId, losses)
      if (!message)
        return skipped('disabled', `backfill: a ${item.event.type} counts by its kind and cannot be muted`)
      return put(message, losses)
    }
    const fault = faultOfTime(item.at)
    if (fault) return dead(fault)
    switch (item.kind) {
      case 'profile':
        return profileOf(mapping, item, messageId, put)
      case 'membership':
        return membershipOf(item, messageId, put)
      case 'link':
        return linkOf(item, messageId, put)
      case 'group':
        return groupOf(mapping, item, messageId, put)
      case 'consent':
        return consentOf(mapping, item, messageId, keySpace)
    }
  }
}
type Put = (message: SegmentMessage | Fault, losses: readonly Loss[]) => Mapped

/** An identify for a person, or why it cannot be. */
function identifyOf(
  item: { readonly who: Identity; readonly at: string },
  messageId: string,
  traits: Values,
): SegmentMessage | Fault {
  const ids = idsOf(item.who, 'who')
  return isFault(ids) ? ids : { type: 'identify', messageId, ...ids, traits, timestamp: item.at }
}

/** The traits of a person or group that differ, or a fault; undefined when none does. */
function traitsOf(
  { profiles }: Mapping,
  { set, before }: Pick<ProfileItem, 'set' | 'before'>,
  { maxKeys, importance }: Room,
  losses: Loss[],
): { readonly traits: Values } | Fault | undefined {
  const fault = faultOfValues(set, 'set', 'traits_not_object')
  if (fault) return fault
  const traits = profiles.toTraits(set, before, losses)
  if (!traits) return undefined
  const pathOf = (name: string): string => `set.${profiles.canonicalName(name)}`
  return { traits: keepNames(traits, maxKeys, importance, pathOf, losses) }
}

function profileOf(mapping: Mapping, item: ProfileItem, messageId: string, put: Put): Mapped {
  const losses: Loss[] = []
  const made = traitsOf(mapping, item, mapping.ofPerson, losses)
  if (!made) return skipped('unchanged', undefined, losses)
  if (isFault(made)) return dead(made, losses)
  return put(identifyOf(item, messageId, made.traits), losses)
}

function membershipOf(item: MembershipItem, messageId: string, put: Put): Mapped {
  const { form, id } = item.segment
  if (form !== 'attribute')
    return skipped(
      'unsupported',
      `members cannot be put into a Segment ${form}; write the attribute that segments.ensure names`,
    )
  return put(identifyOf(item, messageId, toMembership(id, item.member)), [])
}

function linkOf(item: LinkItem, messageId: string, put: Put): Mapped {
  const { userId } = item.known
  const { anonymousId } = item.other
  if (userId === undefined || anonymousId === undefined)
    return skipped(
      'unsupported',
      'Segment links an anonymousId to a userId, by identify with both; alias would merge nothing',
    )
  return put(identifyOf({ who: { userId, anonymousId }, at: item.at }, messageId, {}), [])
}

function groupOf(mapping: Mapping, item: GroupItem, messageId: string, put: Put): Mapped {
  const losses: Loss[] = []
  if (item.groupType !== 'company')
    losses.push({
      path: 'groupType',
      kind: 'dropped',
      because: 'Segment keeps one kind of group: ids of different kinds meet',
      source: 'https://segment.com/docs/connections/spec/group/',
    })
  if (!item.member) return skipped('unsupported', 'Segment writes a group through one of its members', losses)
  const groupFault = faultOfGroupId(item.groupId, 'groupId') ?? faultOfId(item.groupId, 'groupId')
  if (groupFault) return dead(groupFault, losses)
  const ids = idsOf(item.member, 'member')
  if (isFault(ids)) return dead(ids, losses)
  const made = traitsOf(mapping, item, mapping.ofGroup, losses) ?? { traits: {} }
  if (isFault(made)) return dead(made, losses)
  const { traits } = made
  return put({ type: 'group', messageId, ...ids, groupId: item.groupId, traits, timestamp: item.at }, losses)
}

function consentOf(mapping: Mapping, item: ConsentItem, messageId: string, keySpace: string): Mapped {
  const losses: Loss[] = []
  const ids = idsOf(item.who, 'who')
  if (isFault(ids)) return dead(ids)
  const { preferences, properties } = toConsent(item, mapping.options, losses)
  const message: SegmentMessage = {
    type: 'track',
    messageId,
    ...ids,
    event: consentEvent,
    properties,
    context: { consent: { categoryPreferences: preferences } },
    timestamp: item.at,
  }
  const entry: Entry = {
    message,
    consent: { of: JSON.stringify([ids.userId, ids.anonymousId]), keySpace },
  }
  return writes([write(mapping.batch, entry, 'consent')], losses)
}

/**
 * Two acts as one, because what an act does not name becomes false. The id is made from both, so that no part is taken for
 * a repeat of an earlier act.
 */
function foldConsent(earlier: Entry, later: Entry): Entry {
  const basis = { ...basisOf(earlier.message), ...basisOf(later.message) }
  const categoryPreferences = { ...preferencesOf(earlier.message), ...preferencesOf(later.message) }
  const ids = `${earlier.message.messageId} ${later.message.messageId}`
  return {
    ...later,
    message: {
      ...later.message,
      messageId: uuidV5(later.consent?.keySpace ?? '', ids),
      properties: Object.keys(basis).length > 0 ? { basis } : {},
      context: { consent: { categoryPreferences } },
    },
  }
}
const basisOf = ({ properties }: SegmentMessage): Values => (properties?.['basis'] ?? {}) as Values
const preferencesOf = ({ context }: SegmentMessage): Values =>
  ((context?.['consent'] as Values | undefined)?.['categoryPreferences'] ?? {}) as Values

/** The one operation for everything that is written. */
function createBatchOperation(client: SegmentClient): Operation<Entry> {
  return {
    endpoint: 'POST /v1/batch',
    ability: 'event',
    repeat: 'keyed',
    maxItems: maxOf('batch.items'),
    maxBytes: maxOf('batch.bytes'),
    maxItemBytes: maxOf('event.bytes'),
    frameBytes: client.frameBytes,
    parallel: 8,
    foldOf: (entry) => entry.consent?.of,
    fold: foldConsent,
    encode: (entry) => JSON.stringify(entry.message),
    async send(batch, session) {
      const result = await session.request(client.batch(batch.json, session))
      return sentFrom(result, () => allSent(batch.values.length, 'accepted'))
    },
  }
}
