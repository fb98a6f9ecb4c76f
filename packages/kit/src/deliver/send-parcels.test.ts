import type { Call, Fault, Report } from '@tripline/model'
import { createFakeClock } from '@tripline/testkit'
import { fc, test as fcTest } from '@fast-check/vitest'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  createPostOperation,
  deliverThings,
  statusesOf,
  thing,
  verdictsBy,
  type Thing,
  type Written,
} from '../../fixtures/deliveries.ts'
import { createFakeVendor, ok, status } from '../../fixtures/fake-vendor.ts'
import type { Operation } from './operation.ts'

let clock = createFakeClock()
beforeEach(() => {
  clock = createFakeClock()
})
const fault: Fault = { code: 'unavailable', message: 'not now' }
const deliver = (
  things: readonly Thing[],
  operations: Readonly<Record<string, Operation<Written>>>,
  vendor = createFakeVendor(clock),
  call: Call = {},
): Promise<Report> => clock.run(deliverThings(things, operations, vendor, call))

/** An operation whose verdicts are given; counts how often each id was sent. */
function judging(
  outcomes: (id: string, times: number) => 'sent' | 'retry' | 'dead' | 'unknown',
  more: Partial<Operation<Written>> = {},
) {
  const sent: string[] = []
  const operation = createPostOperation('a', {
    async send({ values }) {
      sent.push(...values.map(({ id }) => id))
      return {
        kind: 'verdicts',
        verdicts: values.map(({ id }) => {
          const status = outcomes(id, sent.filter((each) => each === id).length)
          return { outcome: status === 'sent' ? { status, proof: 'stored' } : { status, fault } }
        }),
      }
    },
    ...more,
  })
  return { operation, sent }
}

describe('a request that is refused as a whole', () => {
  fcTest.prop([
    fc
      .integer({ min: 1, max: 16 })
      .chain((count) =>
        fc.tuple(fc.constant(count), fc.subarray(Array.from({ length: count }, (_, id) => id))),
      ),
  ])('is halved until the bad items are alone, and the rest arrives', async ([count, bad]) => {
    clock = createFakeClock()
    const stored: string[] = []
    const vendor = createFakeVendor(clock, ({ body }) => {
      const ids = (JSON.parse(body) as readonly Written[]).map(({ id }) => id)
      if (ids.some((id) => bad.includes(Number(id)))) return status(400)
      stored.push(...ids)
      return ok()
    })
    const things = Array.from({ length: count }, (_, id) => thing(String(id), `lane ${id % 3}`))
    const report = await deliver(things, { a: createPostOperation('a', { maxItems: 16 }) }, vendor)
    expect(statusesOf(report)).toEqual(things.map(({ key }) => (bad.includes(Number(key)) ? 'dead' : 'sent')))
    const good = things.map(({ key }) => key).filter((key) => !bad.includes(Number(key)))
    expect(stored.toSorted()).toEqual(good.toSorted())
    const dearest = 1 + 2 * bad.length * Math.ceil(Math.log2(Math.max(2, count)))
    expect(vendor.seen.length).toBeLessThanOrEqual(dearest)
  })

  test('leaves the lanes of a half that came back for later out of the other half', async () => {
    let calls = 0
    const sent: (readonly string[])[] = []
    const operation = createPostOperation('a', {
      maxItems: 4,
      async send({ values }) {
        calls++
        sent.push(values.map(({ id }) => id))
        if (values.length === 4) return { kind: 'refused', fault }
        if (calls === 2) return { kind: 'ended', outcome: { status: 'retry', fault } }
        return { kind: 'verdicts', verdicts: verdictsBy(values, {}) }
      },
    })
    const things = [thing('1', 'y'), thing('2', 'x'), thing('3', 'x'), thing('4', 'z')]
    expect(statusesOf(await deliver(things, { a: operation }))).toEqual(['retry', 'retry', 'retry', 'sent'])
    expect(sent).toEqual([['1', '2', '3', '4'], ['1', '2'], ['4']])
  })
})

describe('an item that the vendor puts off', () => {
  test('is sent again within the call, alone', async () => {
    const { operation, sent } = judging((id, times) => (id === '2' && times < 3 ? 'retry' : 'sent'))
    const report = await deliver([thing('1', 'x'), thing('2', 'y'), thing('3', 'z')], { a: operation })
    expect(statusesOf(report)).toEqual(['sent', 'sent', 'sent'])
    expect(sent).toEqual(['1', '2', '3', '2', '2'])
  })

  test('comes back as retry in the end, and holds the later items of its lane', async () => {
    const { operation, sent } = judging((id) => (id === '1' ? 'retry' : 'sent'), { maxItems: 1 })
    const things = [thing('1', 'x'), thing('2', 'y'), thing('3', 'x'), thing('4', 'x', 'b'), thing('5', 'y')]
    const report = await deliver(things, { a: operation, b: createPostOperation('b') })
    expect(statusesOf(report)).toEqual(['retry', 'sent', 'retry', 'retry', 'sent'])
    expect(report.results[0]?.outcome).toMatchObject({ fault })
    expect(report.results[2]?.outcome).toMatchObject({
      fault: { message: 'an earlier item of its lane must go first' },
    })
    expect(sent.filter((id) => id === '1')).toHaveLength(6)
    expect(sent).not.toContain('3')
  })

  test('until a moment is not waited for', async () => {
    const notBefore = '2026-01-02T00:00:00.000Z'
    const operation = createPostOperation('a', {
      send: async () => ({
        kind: 'verdicts',
        verdicts: [{ outcome: { status: 'retry', fault, notBefore } }],
      }),
    })
    const report = await deliver([thing('1', 'x')], { a: operation })
    expect(report.results[0]?.outcome).toEqual({ status: 'retry', fault, notBefore })
    expect(clock.now()).toBe(createFakeClock().now())
  })

  test.each(['dead', 'unknown'] as const)('for good (%s) does not hold its lane', async (status) => {
    const { operation } = judging((id) => (id === '1' ? status : 'sent'), { maxItems: 1 })
    expect(statusesOf(await deliver([thing('1', 'x'), thing('2', 'x')], { a: operation }))).toEqual([
      status,
      'sent',
    ])
  })
})

describe('an answer with too few verdicts', () => {
  test.each([
    ['natural', 'sent'],
    ['doubles', 'unknown'],
  ] as const)('%s: the others end as %s, and no verdict slips to another item', async (repeat, rest) => {
    const operation = createPostOperation('a', {
      repeat,
      maxItems: 4,
      async send({ values }) {
        if (values.length === 4) return { kind: 'refused', fault }
        return {
          kind: 'verdicts',
          verdicts: verdictsBy(values, { 3: { status: 'dead', fault } }).slice(0, 1),
        }
      },
    })
    const things = ['1', '2', '3', '4'].map((key) => thing(key, key))
    expect(statusesOf(await deliver(things, { a: operation }))).toEqual(['sent', rest, 'dead', rest])
  })
})

test('folded items that are refused together are sent apart, in order: the bad one takes no other along', async () => {
  const sent: string[][] = []
  const operation = createPostOperation('a', {
    foldOf: ({ lane }) => lane,
    fold: (earlier, later) => ({ ...later, id: `${earlier.id}+${later.id}` }),
    async send({ values }) {
      sent.push(values.map(({ id }) => id))
      const isBad = (id: string): boolean => id.split('+').includes('bad')
      return {
        kind: 'verdicts',
        verdicts: values.map(({ id }) => ({
          outcome: isBad(id) ? { status: 'dead', fault } : { status: 'sent', proof: 'stored' },
        })),
      }
    },
  })
  const things = [thing('one', 'u'), thing('bad', 'u'), thing('two', 'u'), thing('other', 'v')]
  const report = await deliver(things, { a: operation })
  expect(statusesOf(report)).toEqual(['sent', 'dead', 'sent', 'sent'])
  expect(sent).toEqual([['one+bad+two', 'other'], ['one'], ['bad'], ['two']])
})
