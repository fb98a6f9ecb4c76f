import type { Ability, Connector, EventItem, Fault, Item, ItemResult, Outcome, Report } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { joinLanes } from './lanes.ts'
import { createTally } from './tally.ts'
import { createVendorDelivery } from './vendor-delivery.ts'

const fault: Fault = { code: 'unavailable', message: 'down' }
const sent: Outcome = { status: 'sent', proof: 'stored' }
const retry: Outcome = { status: 'retry', fault }
const at = '2026-11-01T10:00:00.000Z'
const event = (key: string, lane: string): EventItem => ({
  kind: 'event',
  key,
  lane,
  at,
  who: { userId: lane },
  event: { type: 'track', event: key, properties: {} },
})
const profile = (key: string, lane: string): Item => ({
  kind: 'profile',
  key,
  lane,
  at,
  who: { userId: lane },
  set: {},
})
const message = { source: 0, line: 1, text: '{}', items: [], notes: [] }

/** A connector that answers each item as it is told, and keeps what it was given. */
function fakeConnector(
  answer: (item: Item, call: number) => Outcome,
  halt?: { readonly what: 'connector' | Ability },
) {
  const calls: (readonly Item[])[] = []
  const deliver = async (items: readonly Item[]): Promise<Report> => {
    const call = calls.push(items)
    const results = items.map((item): ItemResult => {
      const outcome = answer(item, call)
      return { key: item.key, outcome, losses: [], done: outcome.status === 'retry' ? ['first'] : [] }
    })
    return { results, calls: [], ...(halt && { halt: { ...halt, fault } }) }
  }
  return { calls, connector: { deliver } as unknown as Connector }
}

async function deliverAll(fake: ReturnType<typeof fakeConnector>, items: readonly Item[], batchItems = 2) {
  const settled: string[] = []
  const tally = createTally()
  const waits: number[] = []
  const delivery = createVendorDelivery({
    connector: fake.connector,
    tally,
    batchItems,
    dryRun: false,
    signal: new AbortController().signal,
    clock: { now: () => Date.parse(at), sleep: async (ms) => void waits.push(ms) },
    onBatch: () => undefined,
    onSettled: (entry, _result, status) => void settled.push(`${entry.item.key} ${status}`),
  })
  for (const item of items) await delivery.add([{ message, item }])
  await delivery.finish()
  return {
    settled,
    tally: tally.summary(),
    waits,
    keys: fake.calls.map((call) => call.map(({ key }) => key)),
  }
}

describe('retry', () => {
  test('holds the later items of its lane over batches, and other lanes go on', async () => {
    const fake = fakeConnector((item, call) => (item.key === 'a1' && call === 1 ? retry : sent))
    const items = [event('a1', 'a'), event('b1', 'b'), event('a2', 'a'), event('b2', 'b'), event('a3', 'a')]
    const { keys, settled, tally } = await deliverAll(fake, items)
    expect(keys).toEqual([['a1', 'b1'], ['b2'], ['a1', 'a2'], ['a3']])
    expect(settled).toEqual(['b1 sent', 'b2 sent', 'a1 sent', 'a2 sent', 'a3 sent'])
    expect(tally.sent).toBe(5)
  })

  test('gives back what was done already', async () => {
    const fake = fakeConnector((_item, call) => (call === 1 ? retry : sent))
    await deliverAll(fake, [event('a1', 'a')])
    expect(fake.calls[1]?.[0]?.done).toEqual(['first'])
  })

  test('waits as long as the vendor asks', async () => {
    const notBefore = new Date(Date.parse(at) + 5_000).toISOString()
    const fake = fakeConnector((_item, call) => (call === 1 ? { ...retry, notBefore } : sent))
    expect((await deliverAll(fake, [event('a1', 'a')])).waits).toEqual([5_000])
  })

  test('ends when nothing changes; what waited behind is undelivered too', async () => {
    const fake = fakeConnector(() => retry)
    const { settled, tally } = await deliverAll(fake, [event('a1', 'a'), event('a2', 'a')], 1)
    expect(settled).toEqual(['a1 undelivered', 'a2 undelivered'])
    expect(tally).toMatchObject({ undelivered: 2, sent: 0 })
    expect(fake.calls.length).toBeLessThan(5)
  })
})

describe('halt', () => {
  test('of the connector: nothing more is sent', async () => {
    const fake = fakeConnector(() => retry, { what: 'connector' })
    const { keys, tally } = await deliverAll(fake, [event('a1', 'a'), event('b1', 'b'), event('c1', 'c')], 1)
    expect(keys).toEqual([['a1']])
    expect(tally).toMatchObject({ undelivered: 3, halt: { what: 'connector' } })
  })

  test('of one ability: items of other kinds go on, also of the same person', async () => {
    const fake = fakeConnector((item) => (item.kind === 'event' ? retry : sent), { what: 'event' })
    const items = [event('a1', 'a'), event('a2', 'a'), profile('a3', 'a'), event('a4', 'a')]
    const { settled } = await deliverAll(fake, items)
    expect(settled).toEqual(['a1 undelivered', 'a2 undelivered', 'a4 undelivered', 'a3 sent'])
  })
})

describe('lanes', () => {
  const link = (lane: string, anonymousId: string): Item => ({
    kind: 'link',
    key: `${anonymousId} is ${lane}`,
    lane,
    at,
    known: { userId: lane },
    other: { anonymousId },
  })
  const lanes = (items: readonly Item[]) => joinLanes(items).map(({ lane }) => lane)

  test('of an anonymous and the known person become one, before the link too', () => {
    expect(
      lanes([event('1', 'anon'), link('user', 'anon'), event('2', 'anon'), event('3', 'other')]),
    ).toEqual(['user', 'user', 'user', 'other'])
  })

  test('follow links of links, and a circle ends', () => {
    expect(lanes([link('b', 'a'), link('c', 'b'), event('1', 'a')])).toEqual(['c', 'c', 'c'])
    expect(lanes([link('b', 'a'), link('a', 'b')])).toHaveLength(2)
  })
})
