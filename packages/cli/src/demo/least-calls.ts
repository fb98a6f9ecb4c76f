import type { CallCount, Item, Limit } from '@tripline/model'
import type { Vendor } from '../config/vendors.ts'
import type { Delivered } from './deliver-all.ts'

/** A write that an item needs, and what makes two of them in one request one value. */
interface Target {
  /** As in the connector's limits, which say how many values a request takes; not there: one. */
  readonly endpoint: string
  readonly by: 'item' | 'person' | 'group'
}
type Targets = Readonly<Record<Item['kind'] | 'leaving', readonly Target[]>>

const batch: readonly Target[] = [{ endpoint: 'POST /v1/batch', by: 'item' }]
const engage: Target = { endpoint: 'POST /engage', by: 'person' }
const imported: readonly Target[] = [{ endpoint: 'POST /import', by: 'item' }]
const track: readonly Target[] = [{ endpoint: 'POST /users/track', by: 'person' }]
const memberships: readonly Target[] = [
  { endpoint: 'PUT /crm/lists/{listId}/memberships/add-and-remove', by: 'person' },
]
const contact: readonly Target[] = [{ endpoint: 'POST or PUT a contact', by: 'person' }]

/** The fewest writes of each kind of item, by the vendors' documentation. */
const targets = {
  segment: {
    event: batch,
    profile: batch,
    link: batch,
    group: batch,
    membership: batch,
    leaving: batch,
    consent: [],
  },
  mixpanel: {
    event: imported,
    profile: [engage],
    link: imported,
    group: [{ endpoint: 'POST /groups', by: 'group' }],
    membership: [engage],
    leaving: [engage],
    consent: [engage],
  },
  hubspot: {
    event: [{ endpoint: 'POST /events/send/batch', by: 'item' }],
    profile: [{ endpoint: 'POST /crm/objects/contacts/batch/upsert', by: 'person' }],
    link: [],
    group: [
      { endpoint: 'POST /crm/objects/companies/batch/upsert', by: 'group' },
      { endpoint: 'POST /crm/associations/contacts/companies/batch/create', by: 'item' },
    ],
    membership: memberships,
    leaving: memberships,
    consent: [{ endpoint: 'POST a consent', by: 'person' }],
  },
  braze: {
    event: [{ endpoint: 'POST /users/track', by: 'item' }],
    profile: track,
    link: [{ endpoint: 'POST /users/identify', by: 'person' }],
    group: track,
    membership: track,
    leaving: track,
    consent: track,
  },
  intercom: {
    event: [{ endpoint: 'POST /events', by: 'item' }],
    profile: contact,
    link: [],
    group: [
      { endpoint: 'POST /companies', by: 'group' },
      { endpoint: 'POST /contacts/{contact_id}/companies', by: 'item' },
    ],
    membership: [{ endpoint: 'POST /tags', by: 'person' }],
    leaving: [{ endpoint: 'DELETE a tag of a contact', by: 'person' }],
    consent: contact,
  },
} as const satisfies Readonly<Record<Vendor, Targets>>

/** What one item cannot share a request with is in another wave: a lane goes from endpoint to endpoint in its order. */
interface Wave {
  readonly endpoint: string
  readonly values: Set<string>
}
/** Where a lane stands: how many times it changed the endpoint, and the last one. */
interface Place {
  wave: number
  endpoint: string
}

/**
 * The fewest requests that the items could be written with: each lane in its order, everything that may share a request
 * does, requests filled to the limits of items, and by endpoint no fewer than the bytes need. Knows the vendors' limits, but nothing of
 * how the connectors pack.
 * People that a vendor wants to know before it takes an event of theirs are not in it.
 * @param batches the items as they were given to the connector, one list per call of it
 */
export function leastCalls(
  vendor: Vendor,
  batches: Iterable<readonly Delivered[]>,
  limits: readonly Limit[],
  calls: readonly CallCount[],
): number {
  const perEndpoint = new Map<string, number>()
  for (const delivered of batches)
    for (const { endpoint, values } of wavesOf(vendor, delivered)) {
      const requests = Math.ceil(values.size / maxOf(limits, endpoint, 'items', 1))
      perEndpoint.set(endpoint, (perEndpoint.get(endpoint) ?? 0) + requests)
    }
  let least = 0
  for (const [endpoint, count] of perEndpoint) {
    const sent = calls.find((call) => call.endpoint === endpoint && call.purpose === 'write')
    const once = sent ? (sent.bytes * sent.count) / (sent.count + sent.retries) : 0
    least += Math.max(count, Math.ceil(once / maxOf(limits, endpoint, 'bytes', Number.POSITIVE_INFINITY)))
  }
  return least
}

function wavesOf(vendor: Vendor, delivered: readonly Delivered[]): Iterable<Wave> {
  const waves = new Map<string, Wave>()
  const lanes = new Map<string, Place>()
  for (const { item, result } of delivered) {
    if (result.outcome.status !== 'sent') continue
    const kind = item.kind === 'membership' && !item.member ? 'leaving' : item.kind
    for (const { endpoint, by } of targets[vendor][kind]) {
      const place = lanes.get(item.lane) ?? { wave: 0, endpoint }
      lanes.set(item.lane, place)
      if (place.endpoint !== endpoint) {
        place.wave++
        place.endpoint = endpoint
      }
      const key = `${place.wave} ${endpoint}`
      const wave = waves.get(key) ?? { endpoint, values: new Set<string>() }
      waves.set(key, wave)
      wave.values.add(
        by === 'item' ? item.key : by === 'group' && item.kind === 'group' ? item.groupId : item.lane,
      )
    }
  }
  return waves.values()
}

function maxOf(limits: readonly Limit[], endpoint: string, of: 'items' | 'bytes', otherwise: number): number {
  const maxima = limits.flatMap((limit) =>
    limit.kind === 'size' &&
    limit.of === of &&
    (limit.endpoints.includes(endpoint) || limit.endpoints.includes('*'))
      ? limit.max
      : [],
  )
  return maxima.length === 0 ? otherwise : Math.min(...maxima)
}
