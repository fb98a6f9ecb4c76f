import {
  dead,
  deliverItems,
  sentFrom,
  allSent,
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
  Item,
  LinkItem,
  Loss,
  ProfileItem,
  Report,
  Value,
} from '@tripline/model'
import type { BrazeClient } from './client.ts'
import { maxOf } from './limits.ts'
import { createEventMapper } from './mapping/events.ts'
import { identifierOf, isFault, type Identifier } from './mapping/identifier.ts'
import { toBrazeOrder } from './mapping/orders.ts'
import { createProfileMapper } from './mapping/profiles.ts'
import { toConsent, toMembership } from './mapping/segments.ts'
import type { BrazeOptions } from './options.ts'
import { createTrackOperation, type TrackArray } from './track.ts'

const docs = 'https://www.braze.com/docs/api'
/** Attributes that Braze does not bill. https://www.braze.com/docs/user_guide/data/data_points/ */
const free = new Set(['email_subscribe', 'push_subscribe', 'subscription_groups'])

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

function createMapper(options: BrazeOptions, client: BrazeClient): (item: Item) => Mapped {
  const aliasLabel = options.aliasLabel ?? 'anonymous_id'
  const events = createEventMapper(options)
  const profiles = createProfileMapper(options)
  const track = createTrackOperation(client)
  const identify = createIdentifyOperation(client)
  const app = options.appId === undefined ? {} : { app_id: options.appId }

  const put = (
    identifier: Identifier,
    array: TrackArray,
    entries: readonly object[],
    dataPoints: number,
    losses: Loss[],
  ): Mapped => {
    const person = 'external_id' in identifier ? identifier.external_id : JSON.stringify(identifier)
    const made = entries.map((entry) => ({ ...identifier, ...(array !== 'attributes' && app), ...entry }))
    const max = maxOf('track.items')
    if (made.length <= max)
      return writes([write(track, { array, entries: made, person, dataPoints }, array)], losses)
    const chunks = Array.from({ length: Math.ceil(made.length / max) }, (_, index) =>
      made.slice(index * max, (index + 1) * max),
    )
    return writes(
      chunks.map((chunk, index) =>
        write(track, { array, entries: chunk, person, dataPoints: chunk.length }, `${array}:${index}`),
      ),
      losses,
    )
  }
  const attributes = (
    item: Pick<ProfileItem, 'who'>,
    made: Record<string, Value>,
    losses: Loss[],
  ): Mapped => {
    if (Object.keys(made).length === 0) return skipped('unchanged', undefined, losses)
    const identifier = identifierOf(item.who, aliasLabel)
    return isFault(identifier)
      ? dead(identifier, losses)
      : put(identifier, 'attributes', [made], billed(made), losses)
  }
  const event = (item: EventItem): Mapped => {
    const losses: Loss[] = []
    if (item.backfill && options.backfill === 'refuse')
      return skipped('disabled', 'backfill: back-dated events start Canvases')
    const identifier = identifierOf(item.who, aliasLabel)
    if (isFault(identifier)) return dead(identifier)
    if (item.event.event === 'Order Completed' && item.event.type === 'track' && !item.backfill) {
      const order = toBrazeOrder(item, options, losses)
      if (order.form === 'ecommerce') return put(identifier, 'events', [order.event], 0, losses)
      if (order.form === 'purchases')
        return put(identifier, 'purchases', order.purchases, order.purchases.length, losses)
    }
    const made = events.toBrazeEvent(item, client.transport.host.clock.now(), losses)
    return isFault(made) ? dead(made, losses) : put(identifier, 'events', [made], 1, losses)
  }
  const consent = (item: ConsentItem): Mapped => {
    const losses: Loss[] = []
    const made = toConsent(item, losses)
    return made
      ? attributes(item, made, losses)
      : skipped(
          'unsupported',
          `Braze has a global state for email and push; "${item.channel}" needs a topic: the id of its subscription group`,
        )
  }
  const link = (item: LinkItem): Mapped => {
    const known = item.known.userId
    const alias = item.other.anonymousId
    if (known === undefined || alias === undefined)
      return skipped('unsupported', 'Braze links an anonymousId to a userId, nothing else')
    return writes([
      write(
        identify,
        { external_id: known, user_alias: { alias_name: alias, alias_label: aliasLabel } },
        'identify',
      ),
    ])
  }
  return (item) => {
    switch (item.kind) {
      case 'event':
        return event(item)
      case 'profile': {
        const losses: Loss[] = []
        return attributes(item, profiles.toAttributes(item.set, item.before, losses), losses)
      }
      case 'membership':
        return item.segment.form === 'attribute'
          ? attributes(item, toMembership(item), [])
          : skipped('unsupported', `Braze writes segments as attributes, not as ${item.segment.form}`)
      case 'consent':
        return consent(item)
      case 'link':
        return link(item)
      case 'group':
        return groupOf(item, attributes)
    }
  }
}

function groupOf(
  item: GroupItem,
  attributes: (item: Pick<ProfileItem, 'who'>, made: Record<string, Value>, losses: Loss[]) => Mapped,
): Mapped {
  const source = `${docs}/objects_filters/user_attributes_object/`
  const losses: Loss[] = Object.keys(item.set).map((name) => ({
    path: `set.${name}`,
    kind: 'dropped',
    because: 'Braze has no groups, only their members',
    source,
  }))
  if (!item.member) return skipped('unsupported', 'Braze has no groups, only their members', losses)
  return attributes({ who: item.member }, { [`${item.groupType}_ids`]: { add: [item.groupId] } }, losses)
}

const billed = (made: Record<string, Value>): number => {
  let points = 0
  for (const [name, value] of Object.entries(made))
    if (!free.has(name))
      points +=
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Math.max(1, Object.keys(value).length)
          : 1
  return points
}

interface AliasLink {
  readonly external_id: string
  readonly user_alias: { readonly alias_name: string; readonly alias_label: string }
}
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
