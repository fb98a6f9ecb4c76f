import {
  allSent,
  dead,
  deliverItems,
  faultOfValues,
  sentFrom,
  skipped,
  write,
  writes,
  type Mapped,
  type Operation,
} from '@tripline/kit'
import type {
  Call,
  ConsentItem,
  EventItem,
  GroupItem,
  Identity,
  Item,
  LinkItem,
  Loss,
  MembershipItem,
  Report,
  Value,
} from '@tripline/model'
import type { UsersIdentifyObject } from 'braze-api'
import type { BrazeClient } from './client.ts'
import { pointsOfAttributes, pointsOfPurchases } from './data-points.ts'
import { maxOf } from './limits.ts'
import { createEventMapper, noteContext, type EventMapper } from './mapping/events.ts'
import { faultOfId, identifierOf, isFault, type Identifier } from './mapping/identifier.ts'
import { toBrazeOrder } from './mapping/orders.ts'
import { createProfileMapper, faultOfAttribute, type ProfileMapper } from './mapping/profiles.ts'
import { toConsent, toMembership } from './mapping/segments.ts'
import type { BrazeOptions } from './options.ts'
import { createTrackOperation, type TrackArray, type TrackValue } from './track.ts'

const docs = 'https://www.braze.com/docs/api'
export function createDeliver(
  options: BrazeOptions,
  client: BrazeClient,
): (items: readonly Item[], call?: Call) => Promise<Report> {
  const map = createMapper(options, client)
  return async (items, call) => {
    const session = client.transport.session(call)
    try {
      const report = await deliverItems(items, map, session)
      return { ...report, cost: { unit: 'dataPoints', amount: session.cost() } }
    } finally {
      session.close()
    }
  }
}

/** What mapping needs besides the item. */
interface Mapping {
  readonly options: BrazeOptions
  readonly client: BrazeClient
  readonly aliasLabel: string
  readonly events: EventMapper
  readonly profiles: ProfileMapper
  readonly track: Operation<TrackValue>
  readonly identify: Operation<AliasLink>
  /** `app_id` for events and purchases, when the account has one. */
  readonly app: Readonly<Record<string, string>>
}

function createMapper(options: BrazeOptions, client: BrazeClient): (item: Item) => Mapped {
  const mapping: Mapping = {
    options,
    client,
    aliasLabel: options.aliasLabel ?? 'anonymous_id',
    events: createEventMapper(options),
    profiles: createProfileMapper(options),
    track: createTrackOperation(client),
    identify: createIdentifyOperation(client),
    app: options.appId === undefined ? {} : { app_id: options.appId },
  }
  return (item) => {
    const fault = faultOfValues(item)
    if (fault) return dead(fault)
    switch (item.kind) {
      case 'event':
        return mapEvent(mapping, item)
      case 'profile': {
        const losses: Loss[] = []
        return mapAttributes(
          mapping,
          item.who,
          mapping.profiles.toAttributes(item.set, item.before, losses),
          losses,
        )
      }
      case 'membership':
        return mapMembership(mapping, item)
      case 'consent':
        return mapConsent(mapping, item)
      case 'link':
        return mapLink(mapping, item)
      case 'group':
        return mapGroup(mapping, item)
    }
  }
}

function mapEvent(mapping: Mapping, item: EventItem): Mapped {
  const { options, client } = mapping
  if (item.backfill && options.backfill === 'refuse')
    return skipped('disabled', 'backfill: back-dated events start Canvases')
  const identifier = identifierOf(item.who, mapping.aliasLabel)
  if (isFault(identifier)) return dead(identifier)
  const losses: Loss[] = []
  noteContext(item, losses)
  if (item.event.event === 'Order Completed' && item.event.type === 'track' && !item.backfill) {
    const order = toBrazeOrder(item, options, losses)
    if (order.form === 'ecommerce') return put(mapping, identifier, 'events', [order.event], 0, losses)
    if (order.form === 'purchases')
      return put(
        mapping,
        identifier,
        'purchases',
        order.purchases,
        pointsOfPurchases(order.purchases),
        losses,
      )
  }
  const made = mapping.events.toBrazeEvent(item, client.transport.host.clock.now(), losses)
  return isFault(made) ? dead(made, losses) : put(mapping, identifier, 'events', [made], 1, losses)
}

function mapAttributes(mapping: Mapping, who: Identity, made: Record<string, Value>, losses: Loss[]): Mapped {
  if (Object.keys(made).length === 0) return skipped('unchanged', undefined, losses)
  const identifier = identifierOf(who, mapping.aliasLabel)
  return isFault(identifier)
    ? dead(identifier, losses)
    : put(mapping, identifier, 'attributes', [made], pointsOfAttributes(made), losses)
}

/** Entries of one item as one write, or as several when an order has more products than a request takes. */
function put(
  { track, app }: Mapping,
  identifier: Identifier,
  array: TrackArray,
  entries: readonly object[],
  dataPoints: number,
  losses: Loss[],
): Mapped {
  const person = 'external_id' in identifier ? identifier.external_id : JSON.stringify(identifier)
  const made = entries.map((entry) =>
    array === 'attributes' ? { ...identifier, ...entry } : { ...identifier, ...app, ...entry },
  )
  const max = maxOf('track.items')
  if (made.length <= max)
    return writes([write(track, { array, entries: made, person, dataPoints }, array)], losses)
  const parts = Array.from({ length: Math.ceil(made.length / max) }, (_, index) =>
    made.slice(index * max, (index + 1) * max),
  )
  const split = parts.map((part, index) =>
    write(track, { array, entries: part, person, dataPoints: pointsOfPurchases(part) }, `${array}:${index}`),
  )
  return writes(split, losses)
}

function mapMembership(mapping: Mapping, item: MembershipItem): Mapped {
  const { form, id } = item.segment
  if (form !== 'attribute')
    return skipped('unsupported', `Braze writes segments as attributes, not as ${form}`)
  const fault = faultOfAttribute(id, 'segment.id')
  return fault ? dead(fault) : mapAttributes(mapping, item.who, toMembership(item), [])
}

function mapConsent(mapping: Mapping, item: ConsentItem): Mapped {
  const losses: Loss[] = []
  const made = toConsent(item, losses)
  if (made) return mapAttributes(mapping, item.who, made, losses)
  const detail = `Braze has a global state for email and push; "${item.channel}" needs a topic: the id of its subscription group`
  return skipped('unsupported', detail)
}

function mapLink({ identify, aliasLabel }: Mapping, item: LinkItem): Mapped {
  const known = item.known.userId
  const alias = item.other.anonymousId
  if (known === undefined || alias === undefined)
    return skipped('unsupported', 'Braze links an anonymousId to a userId, nothing else')
  const fault =
    faultOfId(known, 'known.userId', maxOf('externalId.bytes')) ??
    faultOfId(alias, 'other.anonymousId', maxOf('alias.bytes'))
  if (fault) return dead(fault)
  const value = { external_id: known, user_alias: { alias_name: alias, alias_label: aliasLabel } }
  return writes([write(identify, value, 'identify')])
}

function mapGroup(mapping: Mapping, item: GroupItem): Mapped {
  const source = `${docs}/objects_filters/user_attributes_object/`
  const because = 'Braze has no groups, only their members'
  const losses: Loss[] = Object.keys(item.set).map((name) => ({
    path: `set.${name}`,
    kind: 'dropped',
    because,
    source,
  }))
  if (!item.member) return skipped('unsupported', because, losses)
  const attribute = `${item.groupType}_ids`
  const fault = faultOfId(item.groupId, 'groupId', Infinity) ?? faultOfAttribute(attribute, 'groupType')
  if (fault) return dead(fault, losses)
  return mapAttributes(mapping, item.member, { [attribute]: { add: [item.groupId] } }, losses)
}

type AliasLink = NonNullable<UsersIdentifyObject['aliases_to_identify']>[number]

function createIdentifyOperation(client: BrazeClient): Operation<AliasLink> {
  return {
    endpoint: 'POST /users/identify',
    ability: 'link',
    repeat: 'natural',
    maxItems: maxOf('identify.items'),
    maxBytes: maxOf('body.bytes'),
    frameBytes: '{"aliases_to_identify":[],"merge_behavior":"merge"}'.length,
    parallel: 8,
    async send(batch, session) {
      const body = `{"aliases_to_identify":[${batch.json.join(',')}],"merge_behavior":"merge"}`
      const result = await session.request(
        client.request('POST /users/identify', { purpose: 'write', repeat: 'natural', body }),
      )
      return sentFrom(result, () => allSent(batch.values.length, 'accepted'))
    },
  }
}
