import type { Call, Fault, Loss, Report } from '@tripline/model'
import { createFakeClock } from '@tripline/testkit'
import { fc, test as fcTest } from '@fast-check/vitest'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  createPostOperation,
  deliverThings,
  mapThings,
  sentIds,
  statusesOf,
  thing,
  type Thing,
  type Written,
} from '../../fixtures/deliveries.ts'
import { createFakeVendor, ok, postRequest, status } from '../../fixtures/fake-vendor.ts'
import { groupBy } from '../../fixtures/group-by.ts'
import { nextOf } from '../../fixtures/next-of.ts'
import { deliverItems } from './deliver.ts'
import { dead, skipped, writes, type Operation } from './operation.ts'

let clock = createFakeClock()
beforeEach(() => {
  clock = createFakeClock()
})
const fault: Fault = { code: 'unavailable', message: 'not now' }
const loss: Loss = { path: 'set.x', kind: 'dropped', because: 'made up', source: 'this test' }
const deliver = (
  things: readonly Thing[],
  operations: Readonly<Record<string, Operation<Written>>>,
  vendor = createFakeVendor(clock),
  call: Call = {},
): Promise<Report> => clock.run(deliverThings(things, operations, vendor, call))

test('answers with one result per item, in the order of the items', async () => {
  const vendor = createFakeVendor(clock)
  const things = ['1', '2', '3', '4', '5'].map((key) =>
    thing(key, `lane ${Number(key) % 2}`, Number(key) % 3 ? 'a' : 'b'),
  )
  const report = await deliver(things, { a: createPostOperation('a'), b: createPostOperation('b') }, vendor)
  expect(report.results.map(({ key }) => key)).toEqual(['1', '2', '3', '4', '5'])
  expect(report.results[0]).toEqual({
    key: '1',
    outcome: { status: 'sent', proof: 'stored' },
    losses: [],
    done: ['0'],
  })
  expect(report.calls.map(({ endpoint, count }) => `${endpoint} ${count}`).toSorted()).toEqual([
    'POST /a 2',
    'POST /b 1',
  ])
  expect('halt' in report).toBe(false)
})

test('nothing to deliver is an empty report', async () => {
  expect(await deliver([], {})).toEqual({ results: [], calls: [] })
})

const scenario = fc.array(
  fc.record({
    lane: fc.constantFrom('x', 'y', 'z'),
    operations: fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 30 },
)
fcTest.prop([
  scenario,
  fc.infiniteStream(fc.record({ code: fc.constantFrom(200, 200, 429, 500), ms: fc.nat({ max: 50 }) })),
])(
  'whatever the vendor answers and how slowly, lanes stay in order and nothing arrives twice',
  async (given, answers) => {
    clock = createFakeClock()
    const arrived: string[] = []
    const vendor = createFakeVendor(clock, async ({ body }) => {
      const { code, ms } = nextOf(answers)
      await clock.sleep(ms)
      if (code === 200)
        arrived.push(...(JSON.parse(body) as readonly Written[]).map(({ id, step }) => `${id}/${step}`))
      return code === 200 ? ok() : status(code)
    })
    const things = given.map(({ lane, operations }, index) => thing(String(index), lane, ...operations))
    const report = await deliver(
      things,
      { a: createPostOperation('a', { parallel: 3 }), b: createPostOperation('b') },
      vendor,
    )
    const wanted = things.flatMap(({ key, lane, steps }) =>
      steps.map((_, step) => ({ lane, name: `${key}/${step}` })),
    )
    const stuck = new Set(
      report.results.flatMap(({ outcome }, index) =>
        outcome.status === 'sent' ? [] : [things[index]?.lane],
      ),
    )
    for (const [lane, list] of groupBy(wanted, (each) => each.lane)) {
      const names = list.map(({ name }) => name)
      const ofLane = arrived.filter((name) => names.includes(name))
      expect(ofLane).toEqual(stuck.has(lane) ? names.slice(0, ofLane.length) : names)
    }
  },
)

describe('items of several writes', () => {
  const operations = () => ({ a: createPostOperation('a'), b: createPostOperation('b') })

  test('say which writes were acknowledged, and are only as sure as the least sure', async () => {
    const accepted = createPostOperation('b', {
      send: async ({ values }) => ({
        kind: 'verdicts',
        verdicts: values.map(() => ({
          outcome: { status: 'sent', proof: 'accepted', vendorId: 'v' },
          losses: [loss],
        })),
      }),
    })
    const report = await deliver([thing('1', 'x', 'a', 'b', 'a')], { ...operations(), b: accepted })
    expect(report.results).toEqual([
      {
        key: '1',
        outcome: { status: 'sent', proof: 'accepted', vendorId: 'v' },
        losses: [loss],
        done: ['0', '1', '2'],
      },
    ])
  })

  test('what is done is not written again', async () => {
    const vendor = createFakeVendor(clock)
    const first = await deliver(
      [thing('1', 'x', 'a', 'b')],
      operations(),
      createFakeVendor(clock, ({ url }) => (url.endsWith('b') ? status(420) : ok())),
    )
    expect(first.results[0]).toMatchObject({ outcome: { status: 'retry' }, done: ['0'] })
    const again = { ...thing('1', 'x', 'a', 'b'), done: first.results[0]?.done ?? [] }
    const all = { ...thing('2', 'y', 'a'), done: ['0'] }
    const second = await deliver([again, all], operations(), vendor)
    expect(vendor.seen.map(({ url }) => url)).toEqual(['https://api.example.com/b'])
    expect(second.results.map(({ outcome, done }) => [outcome.status, done])).toEqual([
      ['sent', ['0', '1']],
      ['sent', ['0']],
    ])
  })

  test('after a write that is dead, the rest of the item is not sent', async () => {
    const vendor = createFakeVendor(clock, ({ url }) => (url.endsWith('b') ? status(400) : ok()))
    const report = await deliver([thing('1', 'x', 'a', 'b', 'a'), thing('2', 'x')], operations(), vendor)
    expect(report.results.map(({ outcome, done }) => [outcome.status, done])).toEqual([
      ['dead', ['0']],
      ['sent', ['0']],
    ])
    expect(vendor.seen).toHaveLength(3)
  })
})

describe('what needs no request', () => {
  test('is settled by the mapping, with its losses, and holds nobody up', async () => {
    const vendor = createFakeVendor(clock)
    const operation = createPostOperation('a')
    const map = ({ key, lane, steps }: Thing) => {
      if (key === 'dead') return dead(fault, [loss])
      if (key === 'skip') return skipped('unsupported', 'not here')
      if (key === 'empty') return writes([])
      return mapThings({ a: operation })({ ...thing(key, lane), steps })
    }
    const things = ['dead', 'skip', 'empty', 'real'].map((key) => thing(key, 'x'))
    const report = await clock.run(deliverItems(things, map, vendor.session()))
    expect(report.results.map(({ outcome }) => outcome)).toEqual([
      { status: 'dead', fault },
      { status: 'skipped', because: 'unsupported', detail: 'not here' },
      { status: 'skipped', because: 'unchanged', detail: 'nothing to write' },
      { status: 'sent', proof: 'stored' },
    ])
    expect(report.results[0]?.losses).toEqual([loss])
  })

  test('losses that the vendor reports do not leak into another item', async () => {
    const shared: readonly Loss[] = Object.freeze([])
    const operation = createPostOperation('a', {
      send: async ({ values }) => ({
        kind: 'verdicts',
        verdicts: values.map(({ id }) => ({
          outcome: { status: 'sent', proof: 'stored' },
          ...(id === '1' && { losses: [loss] }),
        })),
      }),
    })
    const map = (item: Thing) => ({ ...mapThings({ a: operation })(item), losses: shared })
    const report = await clock.run(
      deliverItems([thing('1', 'x'), thing('2', 'y')], map, createFakeVendor(clock).session()),
    )
    expect(report.results.map(({ losses }) => losses)).toEqual([[loss], []])
  })

  test('a value that no request can hold is dead, and says how large it may be', async () => {
    const report = await deliver([thing('1', 'x'), thing('long'.repeat(50), 'x')], {
      a: createPostOperation('a', { maxBytes: 100 }),
    })
    expect(statusesOf(report)).toEqual(['sent', 'dead'])
    expect(report.results[1]?.outcome).toMatchObject({ fault: { code: 'too-large' } })
    expect(JSON.stringify(report.results[1]?.outcome)).toContain('POST /a takes 98')
  })
})

test('folded items share one value and one verdict', async () => {
  const vendor = createFakeVendor(clock)
  const operation = createPostOperation('a', { foldOf: ({ lane }) => lane, fold: (_, later) => later })
  const report = await deliver([thing('1', 'x'), thing('2', 'y'), thing('3', 'x')], { a: operation }, vendor)
  expect(sentIds(vendor.seen)).toEqual([['3', '2']])
  expect(statusesOf(report)).toEqual(['sent', 'sent', 'sent'])
})

test('a dry run plans everything and sends nothing', async () => {
  const vendor = createFakeVendor(clock)
  const things = [thing('1', 'x', 'a', 'b'), { ...thing('2', 'x', 'a', 'b'), done: ['0'] }]
  const report = await deliver(things, { a: createPostOperation('a'), b: createPostOperation('b') }, vendor, {
    dryRun: true,
  })
  expect(report.results.map(({ outcome, done }) => [outcome, done])).toEqual([
    [{ status: 'planned' }, []],
    [{ status: 'planned' }, ['0']],
  ])
  expect(vendor.seen).toEqual([])
  expect(vendor.planned.map(({ endpoint }) => endpoint)).toEqual(['POST /a', 'POST /b'])
})

describe('the end of the call', () => {
  test('what is unsent is retry, without being encoded; what is in flight is retry or unknown', async () => {
    const stop = new AbortController()
    let encoded = 0
    const vendor = createFakeVendor(clock, (_, signal) => {
      stop.abort()
      return Promise.reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
    })
    const operation = createPostOperation('a', {
      repeat: 'doubles',
      maxItems: 2,
      parallel: 1,
      encode: (value) => {
        encoded++
        return JSON.stringify(value)
      },
    })
    const things = Array.from({ length: 50 }, (_, id) => thing(String(id), String(id)))
    const report = await deliver(things, { a: operation }, vendor, { signal: stop.signal })
    expect(statusesOf(report)).toEqual(things.map((_, id) => (id < 2 ? 'unknown' : 'retry')))
    expect(encoded).toBeLessThanOrEqual(3)
  })

  test('a halt of one ability lets the others go on', async () => {
    const vendor = createFakeVendor(clock, ({ url }) => (url.endsWith('a') ? status(403) : ok()))
    const a = createPostOperation('a', { maxItems: 1, parallel: 1 })
    const b = createPostOperation('b', { ability: 'profile', maxItems: 1 })
    const report = await deliver([thing('1', 'x'), thing('2', 'y'), thing('3', 'z', 'b')], { a, b }, vendor)
    expect(statusesOf(report)).toEqual(['retry', 'retry', 'sent'])
    expect(report.halt).toMatchObject({ what: 'event', fault: { code: 'forbidden' } })
    expect(vendor.seen.filter(({ url }) => url.endsWith('a'))).toHaveLength(1)
  })
})

test('closing the session while requests run settles them', async () => {
  const vendor = createFakeVendor(
    clock,
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')))
      }),
  )
  const session = vendor.session()
  const delivering = deliverItems(
    [thing('1', 'x'), thing('2', 'y')],
    mapThings({ a: createPostOperation('a') }),
    session,
  )
  const request = session.request(postRequest('doubles'))
  await clock.settle()
  session.close()
  expect((await delivering).results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry'])
  expect((await request).kind).toBe('unknown')
  expect(clock.sleeping).toBe(0)
})
