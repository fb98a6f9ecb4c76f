import { describe, expect, test } from 'vitest'
import { countByEngine, countingEngine } from '../../fixtures/engine/count.ts'
import { countFires, countMembers, usersOf } from '../../fixtures/reference/count.ts'
import { hasStream, readStream } from '../../fixtures/reference/read-events.ts'
import type { Condition, OccasionInput } from '../index.ts'

const track = (name: string) => ({ type: 'track', name }) as const
const viewed = track('Product Viewed')
const added = track('Product Added')
const ordered = track('Order Completed')
const onAdded = { kind: 'on', event: added } as const

describe.skipIf(!hasStream('taobao-a'))('taobao-a (skipped: data not present)', () => {
  const users = hasStream('taobao-a') ? usersOf(readStream('taobao-a')) : []

  test('has 54,371 events of 499 users', () => {
    expect(users.length).toBe(499)
    expect(users.reduce((count, { events }) => count + events.length, 0)).toBe(54_371)
  })

  const sameProduct = { kind: 'property', property: 'product_id', op: 'eq', anchor: 'product_id' } as const
  const occasions: readonly (readonly [string, number, OccasionInput])[] = [
    [
      'an add with neither order nor another add in 1 h',
      1579,
      { kind: 'without', base: onAdded, event: ordered, for: '1h' },
    ],
    [
      'the same, every add with its own timer',
      2636,
      { kind: 'without', base: onAdded, event: ordered, for: '1h', anchor: 'every' },
    ],
    [
      'the third view of a product in 24 h with no add of it in those 24 h',
      1267,
      {
        kind: 'given',
        base: { kind: 'times', event: viewed, count: 3, within: '24h', by: 'product_id' },
        condition: {
          kind: 'not',
          condition: { kind: 'did', event: { ...added, where: sameProduct }, within: '24h' },
        },
      },
    ],
    [
      'no event for 48 h after at least two events',
      227,
      {
        kind: 'given',
        base: { kind: 'inactive', for: '48h' },
        condition: { kind: 'did', event: { type: 'any' }, count: { op: 'gte', value: 2 } },
      },
    ],
    [
      'the fifth event in 10 minutes',
      4567,
      { kind: 'times', event: { type: 'any' }, count: 5, within: '10m' },
    ],
    [
      'an add within 30 minutes of a view of the product, then no order in 24 h, every add with its own timer',
      141,
      {
        kind: 'without',
        base: {
          kind: 'sequence',
          steps: [{ event: viewed }, { event: added }],
          within: '30m',
          // A view may lead to several adds, and each of them counts.
          reuse: true,
          by: 'product_id',
        },
        event: ordered,
        for: '24h',
        anchor: 'every',
      },
    ],
  ]
  const views = { kind: 'did', event: viewed, count: { op: 'gte', value: 3 }, within: '7d' } as const
  const orders = { kind: 'did', event: ordered, count: { op: 'gte', value: 1 } } as const
  const browsing: Condition = { kind: 'and', conditions: [views, { kind: 'not', condition: orders }] }

  test.each(occasions)('%s: %i', (_, count, when) => {
    expect(countFires(when, users)).toBe(count)
  })

  test('members at the end with at least 3 views in 7 days and never an order: 160', () => {
    expect(countMembers(browsing, users)).toBe(160)
  })

  test('the engine writes as many lines `fire`, with all of them in one', () => {
    const all = Object.fromEntries(occasions.map(([, count, when]) => [`t${count}`, when]))
    const engine = countingEngine(all, { browsing })
    const counts = Object.fromEntries(occasions.map(([, count]) => [`t${count}`, count]))
    expect(countByEngine(engine, users, ['browsing'])).toEqual({ ...counts, browsing: 160 })
  })
})

describe.skipIf(!hasStream('cdnow'))('cdnow (skipped: data not present)', () => {
  const users = hasStream('cdnow') ? usersOf(readStream('cdnow')) : []
  const when: OccasionInput = {
    kind: 'given',
    base: { kind: 'inactive', for: '7d' },
    condition: { kind: 'did', event: ordered, count: { op: 'gte', value: 2 } },
  }
  const revenue = { kind: 'total', event: ordered, property: 'revenue', aggregate: 'sum' } as const
  const spending: Condition = { ...revenue, op: 'gte', value: 100, within: '180d' }

  test('no event for 7 d after at least two orders: 37,770', () => {
    expect(countFires(when, users)).toBe(37_770)
  })
  test('revenue of at least 100 in the last 180 days, at the end: 1,299', () => {
    expect(countMembers(spending, users)).toBe(1299)
  })
  test('the engine writes as many lines `fire`', () => {
    const engine = countingEngine({ idle: when }, { spending })
    expect(countByEngine(engine, users, ['spending'])).toEqual({ idle: 37_770, spending: 1299 })
  })
})
