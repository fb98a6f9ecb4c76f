import { describe, expect, test } from 'vitest'
import { run } from '../../fixtures/matcher/run.ts'
import { hasStream, readStream } from '../../fixtures/reference/read-events.ts'
import { normaliseDefinitions, type ConditionInput, type OccasionInput } from '../index.ts'
import { compile } from './program.ts'

const track = (name: string) => ({ type: 'track', name }) as const
const [viewed, added, ordered] = [track('Product Viewed'), track('Product Added'), track('Order Completed')]
const sameProduct = { kind: 'property', property: 'product_id', op: 'eq', anchor: 'product_id' } as const
const noOrder: OccasionInput = {
  kind: 'without',
  base: { kind: 'on', event: added },
  event: ordered,
  for: '1h',
}
const idle = (length: string): OccasionInput => ({
  kind: 'given',
  base: { kind: 'inactive', for: length },
  condition: { kind: 'did', event: { type: 'any' }, count: { op: 'gte', value: 2 } },
})

/** All together in one program; counts of fires by trigger and of members at the last event, by segment. */
function count(
  stream: string,
  occasions: { readonly [id: string]: OccasionInput },
  segments: { readonly [id: string]: ConditionInput },
): Record<string, number> {
  const program = compile(
    normaliseDefinitions({
      specVersion: 1,
      triggers: Object.entries(occasions).map(([id, when]) => ({ specVersion: 1, id, when })),
      segments: Object.entries(segments).map(([id, condition]) => ({
        specVersion: 1,
        kind: 'dynamic',
        id,
        condition,
      })),
    }),
  )
  const users = readStream(stream)
  const endMs = Math.max(...[...users.values()].map((events) => events.at(-1)?.at ?? 0))
  const counts: Record<string, number> = {}
  const add = (name: string) => (counts[name] = (counts[name] ?? 0) + 1)
  for (const [id, events] of users) {
    const { user, fires } = run(program, id, events, endMs, new Set([events.length >> 1]))
    for (const { trigger } of fires) add(trigger)
    for (const segment of Object.keys(segments)) if (program.isMember(user, segment, endMs)) add(segment)
  }
  return counts
}

describe('counts known from the real streams', () => {
  test.skipIf(!hasStream('taobao-a'))('taobao-a (skipped: data not present)', () => {
    const occasions: { readonly [id: string]: OccasionInput } = {
      'no-order': noOrder,
      'no-order-every': { ...noOrder, anchor: 'every' },
      'third-view': {
        kind: 'given',
        base: { kind: 'times', event: viewed, count: 3, within: '24h', by: 'product_id' },
        condition: {
          kind: 'not',
          condition: { kind: 'did', event: { ...added, where: sameProduct }, within: '24h' },
        },
      },
      idle: idle('48h'),
      busy: { kind: 'times', event: { type: 'any' }, count: 5, within: '10m' },
      'viewed-and-added': {
        kind: 'without',
        base: {
          kind: 'sequence',
          steps: [{ event: viewed }, { event: added }],
          within: '30m',
          reuse: true,
          by: 'product_id',
        },
        event: ordered,
        for: '24h',
        anchor: 'every',
      },
    }
    const views = { kind: 'did', event: viewed, count: { op: 'gte', value: 3 }, within: '7d' } as const
    const orders = { kind: 'not', condition: { kind: 'did', event: ordered } } as const
    const segments: { readonly [id: string]: ConditionInput } = {
      browsers: { kind: 'and', conditions: [views, orders] },
    }
    expect(count('taobao-a', occasions, segments)).toEqual({
      'no-order': 1579,
      'no-order-every': 2636,
      'third-view': 1267,
      idle: 227,
      busy: 4567,
      'viewed-and-added': 141,
      browsers: 160,
    })
  })

  test.skipIf(!hasStream('cdnow'))('cdnow (skipped: data not present)', () => {
    const revenue = { kind: 'total', event: ordered, property: 'revenue', aggregate: 'sum' } as const
    const segments: { readonly [id: string]: ConditionInput } = {
      spenders: { ...revenue, op: 'gte', value: 100, within: '180d' },
    }
    expect(count('cdnow', { idle: idle('7d') }, segments)).toEqual({ idle: 37_770, spenders: 1299 })
  })
})
