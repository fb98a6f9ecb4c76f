import type { Call, Report } from '@tripline/model'
import { createFakeClock } from '@tripline/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  createPostOperation,
  deliverThings,
  thing,
  verdictsBy,
  type Thing,
  type Written,
} from '../../fixtures/deliveries.ts'
import { createFakeVendor } from '../../fixtures/fake-vendor.ts'
import type { Operation } from './operation.ts'

let clock = createFakeClock()
beforeEach(() => {
  clock = createFakeClock()
})
const deliver = (
  things: readonly Thing[],
  operations: Readonly<Record<string, Operation<Written>>>,
  vendor = createFakeVendor(clock),
  call: Call = {},
): Promise<Report> => clock.run(deliverThings(things, operations, vendor, call))

describe('a defect of the adapter', () => {
  test('comes out when everything under way has settled, and nothing more is sent', async () => {
    let settled = 0
    let sends = 0
    const operation = createPostOperation('a', {
      maxItems: 1,
      parallel: 4,
      async send({ values }, session) {
        sends++
        await session.clock.sleep(10 * sends)
        if (values[0]?.id === '1') throw new TypeError('a defect')
        settled++
        return { kind: 'verdicts', verdicts: verdictsBy(values, {}) }
      },
    })
    const things = Array.from({ length: 20 }, (_, id) => thing(String(id), String(id)))
    await expect(deliver(things, { a: operation })).rejects.toThrow('a defect')
    // The first was back before the defect, so one more had left in its place.
    expect([sends, settled]).toEqual([5, 4])
    expect(clock.sleeping).toBe(0)
  })

  test.each([
    [
      'encode',
      {
        encode: () => {
          throw new TypeError('a defect')
        },
      },
    ],
    ['a value without JSON', { encode: () => JSON.stringify(undefined) }],
    [
      'weigh',
      {
        weigh: () => {
          throw new TypeError('a defect')
        },
      },
    ],
    [
      'foldOf',
      {
        foldOf: () => {
          throw new TypeError('a defect')
        },
        fold: (value: Written) => value,
      },
    ],
    [
      'groupOf',
      {
        groupOf: () => {
          throw new TypeError('a defect')
        },
      },
    ],
    [
      'send',
      {
        send: () => {
          throw new TypeError('a defect')
        },
      },
    ],
  ] as const)('in %s leaves nothing dangling', async (_, more) => {
    const slow = createPostOperation('b', {
      async send({ values }, session) {
        await session.clock.sleep(1_000)
        return { kind: 'verdicts', verdicts: verdictsBy(values, {}) }
      },
    })
    await expect(
      deliver([thing('1', 'x', 'b'), thing('2', 'y')], { a: createPostOperation('a', more), b: slow }),
    ).rejects.toThrow(TypeError)
    expect(clock.sleeping).toBe(0)
  })
})

test.each([0, 1, 3])('parallel: %i never has more under way, and sends all', async (parallel) => {
  let inside = 0
  let most = 0
  const operation = createPostOperation('a', {
    maxItems: 1,
    parallel,
    async send({ values }, session) {
      most = Math.max(most, ++inside)
      await session.clock.sleep(10)
      inside--
      return { kind: 'verdicts', verdicts: verdictsBy(values, {}) }
    },
  })
  const report = await deliver(
    Array.from({ length: 9 }, (_, id) => thing(String(id), String(id))),
    { a: operation },
  )
  expect(report.results.every(({ outcome }) => outcome.status === 'sent')).toBe(true)
  expect(most).toBe(Math.max(1, parallel))
})

test('a hundred thousand items in one call keep only the requests under way as JSON', async () => {
  let alive = 0
  let most = 0
  const operation = createPostOperation('a', {
    maxItems: 100,
    parallel: 4,
    encode: (value) => {
      most = Math.max(most, ++alive)
      return JSON.stringify(value)
    },
    async send({ values }) {
      await Promise.resolve()
      alive -= values.length
      return { kind: 'verdicts', verdicts: verdictsBy(values, {}) }
    },
  })
  const things = Array.from({ length: 100_000 }, (_, id) => thing(String(id), String(id % 5_000)))
  const report = await deliver(things, { a: operation })
  expect(report.results.every(({ outcome }) => outcome.status === 'sent')).toBe(true)
  expect(most).toBeLessThanOrEqual(5_000 + 4 * 100)
})
