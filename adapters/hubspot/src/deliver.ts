import {
  dead,
  deliverItems,
  faultOfValues,
  skipped,
  write,
  writes,
  type Mapped,
  type Write,
} from '@tripline/kit'
import type {
  Call,
  ConsentItem,
  EventItem,
  GroupItem,
  Item,
  LinkItem,
  Loss,
  MembershipItem,
  ProfileItem,
  Report,
} from '@tripline/model'
import { createCompanyOperation, createLinkOperation } from './companies.ts'
import { createConsentOperation } from './consent.ts'
import { createContactOperation } from './contacts.ts'
import type { EventDraft } from './mapping/events.ts'
import {
  anonymousNote,
  emailOf,
  faultOfId,
  isFault,
  targetOf,
  type Contact,
  type Target,
} from './mapping/identifier.ts'
import { foldName, maxPropertyNameChars } from './mapping/names.ts'
import { orderLoss, orderStem, toHubSpotOrder } from './mapping/orders.ts'
import { isStepBack, type Properties, type PropertyMapper } from './mapping/profiles.ts'
import { listIdOf, toSubscription } from './mapping/segments.ts'
import { createMembershipOperation } from './memberships.ts'
import { createEventOperation, type EventValue } from './send-events.ts'
import { createTallyOperation } from './tally.ts'
import type { HubSpotTools } from './tools.ts'

export function createDeliver(tools: HubSpotTools): (items: readonly Item[], call?: Call) => Promise<Report> {
  const map = createMapper(tools)
  return async (items, call) => {
    const session = tools.client.transport.session(call)
    tools.lookup.expect(expectedPeople(items), session)
    try {
      return await deliverItems(items, map, session)
    } finally {
      session.close()
    }
  }
}

/** Whose record ids will be wanted. Those with a profile in front of it are told by the write of the profile. */
function* expectedPeople(items: readonly Item[]): Generator<Contact> {
  const told = new Set<string>()
  for (const item of items) {
    if (item.kind === 'profile') told.add(item.lane)
    const who = item.kind === 'link' ? undefined : item.kind === 'group' ? item.member : item.who
    if (who?.userId !== undefined && who.vendorIds === undefined && !told.has(item.lane))
      yield { by: 'user', id: who.userId }
  }
}

type Named = { readonly contact: Contact } | { readonly mapped: Mapped }
/** Somebody who can be a contact, or what becomes of the item instead. */
function nameContact(
  who: ProfileItem['who'],
  { options }: HubSpotTools,
  losses: readonly Loss[] = [],
): Named {
  const target = targetOf(who, options)
  if (target === undefined) return { mapped: skipped('unsupported', anonymousNote, losses) }
  if (isFault(target)) return { mapped: dead(target, losses) }
  return target.by === 'utk' ? { mapped: skipped('unsupported', anonymousNote, losses) } : { contact: target }
}

function createMapper(tools: HubSpotTools): (item: Item) => Mapped {
  const profile = createProfileMap(tools)
  const event = createEventMap(tools)
  const group = createGroupMap(tools)
  const membership = createMembershipMap(tools)
  const consent = createConsentMap(tools)
  return (item) => {
    const fault = faultOfValues(item)
    if (fault) return dead(fault)
    switch (item.kind) {
      case 'event':
        return event(item)
      case 'profile':
        return profile(item)
      case 'group':
        return group(item)
      case 'membership':
        return membership(item)
      case 'consent':
        return consent(item)
      case 'link':
        return link(item, tools)
    }
  }
}

function link(_: LinkItem, { options }: HubSpotTools): Mapped {
  return skipped(
    'unsupported',
    options.anonymousIdIsUtk
      ? 'HubSpot itself links its cookie with a contact, by a form or its tracking code; no call does it'
      : anonymousNote,
  )
}

/** A step back of the life-cycle needs two writes: HubSpot ignores it unless the stage is cleared before. */
function createProfileMap(tools: HubSpotTools): (item: ProfileItem) => Mapped {
  const { profiles } = tools
  const upsert = createContactOperation(tools)
  const stage = profiles.vendorNames('lifecycleStage')[0] ?? ''
  return (item) => {
    const losses: Loss[] = []
    const properties = profiles.toProperties(item.set, item.before, losses)
    const named = nameContact(item.who, tools, losses)
    if ('mapped' in named) return named.mapped
    const { contact } = named
    const nothing = Object.keys(properties).length === 0
    if (nothing) return skipped('unchanged', undefined, losses)
    const steps: Write[] = []
    if (isStepBack(stageOf(item, profiles, stage), properties[stage]))
      steps.push(write(upsert, { contact, properties: { [stage]: '' } }, 'lifecycle-reset'))
    steps.push(write(upsert, { contact, properties: withId(contact, properties, tools) }, 'profile'))
    return writes(steps, losses)
  }
}
function stageOf({ before }: ProfileItem, profiles: PropertyMapper, stage: string) {
  if (!before) return undefined
  return profiles.toProperties(before, undefined, [])[stage]
}
/** A contact named by its record id gets no id of ours: whoever names it so may not know ours. */
const withId = (contact: Contact, properties: Properties, { idProperty }: HubSpotTools): Properties =>
  contact.by === 'user' ? { ...properties, [idProperty]: contact.id } : properties

function createEventMap(tools: HubSpotTools): (item: EventItem) => Mapped {
  const { options, events, client } = tools
  const send = createEventOperation(tools)
  const tally = createTallyOperation(tools)
  const counts = options.eventFallback === 'properties'
  return (item) => {
    if (item.backfill && options.backfill === 'refuse')
      return skipped('disabled', 'backfill: back-dated events enrol contacts in workflows')
    const target = targetOf(item.who, options)
    if (target === undefined) return skipped('unsupported', anonymousNote)
    if (isFault(target)) return dead(target)
    const losses: Loss[] = []
    const isOrder = item.event.event === 'Order Completed' && item.event.type === 'track' && !item.backfill
    const order = isOrder ? toHubSpotOrder(item, options, losses) : undefined
    const given = order?.form === 'event' ? withProperties(item, order.properties) : item
    const draft = events.toHubSpotEvent(given, client.transport.host.clock.now(), losses)
    if (isFault(draft)) return dead(draft, losses)
    if (!counts && order?.form !== 'properties' && order?.form !== 'count')
      return writes([write(send, toValue(draft, target), 'event')], losses)
    if (target.by === 'utk') return skipped('unsupported', anonymousNote, losses)
    const stem = order?.form === 'properties' ? orderStem : foldName(draft.name)
    if (`last_${stem}_key`.length > maxPropertyNameChars)
      return dead(
        { code: 'too-large', message: 'the name of the event is too long to count it', path: 'event.event' },
        losses,
      )
    const entry = {
      stem,
      at: draft.occurredAt,
      uuid: draft.uuid,
      ...(order?.form === 'properties' && { order: order.order }),
    }
    const own = order?.form === 'properties' ? losses.filter(isOfOrder) : [...losses, ...droppedAll(item)]
    return writes([write(tally, { contact: target, entries: [entry] }, 'event')], own)
  }
}
const toValue = ({ name, occurredAt, uuid, properties, given }: EventDraft, target: Target): EventValue => ({
  name,
  occurredAt,
  uuid,
  properties,
  given,
  target,
  path: 'event.properties',
})
const withProperties = (item: EventItem, properties: EventItem['event']['properties']): EventItem => ({
  ...item,
  event: { ...item.event, properties },
})
/** What the ordinary event would have lost does not matter to an order kept as properties. */
const isOfOrder = ({ because, path }: Loss): boolean => path === 'at' || because.startsWith(orderLoss)
const droppedAll = ({ event }: EventItem): readonly Loss[] =>
  Object.keys(event.properties).map((name) => ({
    path: `event.properties.${name}`,
    kind: 'dropped',
    because: 'a counted event keeps its time and its number only',
    source: 'https://developers.hubspot.com/docs/api-reference/latest/events/guide',
  }))

/** The group is written before the link with its member. */
function createGroupMap(tools: HubSpotTools): (item: GroupItem) => Mapped {
  const { options, companies } = tools
  const upsert = createCompanyOperation(tools, (property) => `set.${companies.canonicalName(property)}`)
  const associate = createLinkOperation(tools)
  const types = new Set(options.groupTypes ?? ['company'])
  return (item) => {
    if (!types.has(item.groupType))
      return skipped('unsupported', `"${item.groupType}" is no company: name it in the option groupTypes`)
    const fault = faultOfId(item.groupId, 'groupId')
    if (fault) return dead(fault)
    const losses: Loss[] = []
    const properties = companies.toProperties(item.set, item.before, losses)
    const steps: Write[] = []
    if (Object.keys(properties).length > 0 || !item.before)
      steps.push(write(upsert, { groupId: item.groupId, properties }, 'company'))
    if (item.member) {
      const named = nameContact(item.member, tools, losses)
      if ('contact' in named)
        steps.push(write(associate, { contact: named.contact, groupId: item.groupId }, 'member'))
      else if (named.mapped.kind === 'settled' && named.mapped.outcome.status === 'dead') return named.mapped
      else
        losses.push({
          path: 'member',
          kind: 'dropped',
          because: anonymousNote,
          source: 'https://developers.hubspot.com/docs/api-reference/latest/crm/associations/guide',
        })
    }
    return steps.length > 0 ? writes(steps, losses) : skipped('unchanged', undefined, losses)
  }
}

function createMembershipMap(tools: HubSpotTools): (item: MembershipItem) => Mapped {
  const operation = createMembershipOperation(tools)
  return (item) => {
    const listId = listIdOf(item)
    if (listId === undefined)
      return skipped('unsupported', `HubSpot keeps segments as lists, not as ${item.segment.form}`)
    if (typeof listId !== 'string') return dead(listId)
    const named = nameContact(item.who, tools)
    if ('mapped' in named) return named.mapped
    return writes([write(operation, { contact: named.contact, listId, member: item.member }, 'membership')])
  }
}

function createConsentMap(tools: HubSpotTools): (item: ConsentItem) => Mapped {
  const operation = createConsentOperation(tools)
  return (item) => {
    const losses: Loss[] = []
    const subscription = toSubscription(item, tools.options, losses)
    if (subscription === undefined)
      return skipped(
        'unsupported',
        item.channel === 'email'
          ? 'HubSpot grants single subscriptions only: name one as the topic'
          : `HubSpot keeps consent for e-mail, not for ${item.channel}`,
      )
    if (isFault(subscription)) return dead(subscription)
    if (item.who.email !== undefined)
      return writes(
        [write(operation, { ...subscription, email: emailOf(item.who.email) }, 'consent')],
        losses,
      )
    const named = nameContact(item.who, tools, losses)
    if ('mapped' in named) return named.mapped
    return writes([write(operation, { ...subscription, contact: named.contact }, 'consent')], losses)
  }
}
