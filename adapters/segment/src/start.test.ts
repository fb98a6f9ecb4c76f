import type { StartItem } from '@tripline/model'
import { startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  connect,
  createItems,
  profileOf,
  statuses,
  type Items,
  type Sandbox,
} from '../fixtures/open-sandbox.ts'
import { createSegment } from './index.ts'

let sandbox: Sandbox
let make: Items
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
  make = createItems(sandbox.clock)
})
afterEach(() => sandbox.close())

const start = (kind: StartItem['via']['kind'], id: string, data?: StartItem['data']): StartItem => ({
  key: make.key(),
  lane: 'u1',
  at: make.at(),
  who: { userId: 'u1' },
  via: { kind, id },
  ...(data && { data }),
})

test('by event: the vendor’s client builds it, our key and time are in it, and a repeat is no second start', async () => {
  const segment = connect(sandbox, {
    integrations: { All: false },
    eventNames: { 'Trial Ending': 'trial_ending' },
  })
  const item = start('event', 'Trial Ending', { days: 3 })
  const report = await segment.start([item])
  expect(report.results).toMatchObject([
    { outcome: { status: 'sent', proof: 'accepted' }, losses: [], done: ['event'] },
  ])
  expect(report.calls).toMatchObject([{ endpoint: 'POST /v1/batch', purpose: 'write', count: 1, retries: 0 }])
  await segment.start([item])
  const { messages, duplicates } = sandbox.inspect()
  expect([messages.length, duplicates.length]).toEqual([1, 1])
  expect(messages).toMatchObject([
    {
      type: 'track',
      event: 'trial_ending',
      properties: { days: 3 },
      timestamp: item.at,
      integrations: { All: false },
      context: { library: { name: '@segment/analytics-node' } },
    },
  ])
  const [delivered] = (await segment.deliver([{ ...make.event('u1', 'Trial Ending'), key: item.key }]))
    .results
  expect(delivered?.outcome.status).toBe('sent')
  expect(sandbox.inspect().duplicates).toHaveLength(2)
})

test('by segment: its trait; data has no place there', async () => {
  const segment = connect(sandbox)
  const report = await segment.start([start('segment', 'seg_vip', { coupon: 'X' })])
  expect(report.results).toMatchObject([
    { outcome: { status: 'sent' }, losses: [{ path: 'data.coupon', kind: 'dropped' }] },
  ])
  expect(profileOf(sandbox, 'u1')?.traits).toEqual({ seg_vip: true })
})

test('by anything else: skipped; what Segment would lose: dead', async () => {
  const segment = connect(sandbox)
  const report = await segment.start([
    start('canvas', 'c'),
    start('campaign', 'c'),
    start('message', 'm'),
    start('event', ''),
    { ...start('event', 'E'), who: { userId: 'anonymous' } },
    { ...start('event', 'E'), at: 'now' },
    start('event', 'E', { a: Number.NaN }),
  ])
  expect(statuses(report)).toEqual(['skipped', 'skipped', 'skipped', 'dead', 'dead', 'dead', 'dead'])
  expect(sandbox.requests()).toEqual([])
})

test('32 KB in bytes, also of what the vendor’s client adds; its own guard counts other things', async () => {
  const segment = connect(sandbox)
  const report = await segment.start([
    start('event', 'E', { text: 'ä'.repeat(16_000) }),
    start('event', 'E', { text: 'ä'.repeat(16_250) }),
    start('event', 'E', { text: 'x'.repeat(100_000) }),
  ])
  expect(statuses(report)).toEqual(['sent', 'dead', 'dead'])
  expect(report.results[1]?.outcome).toMatchObject({ fault: { code: 'too-large' } })
  expect(sandbox.inspect().messages).toHaveLength(1)
})

test('a lane keeps its order; many lanes leave side by side, and each has its own fate', async () => {
  const segment = connect(sandbox)
  const items = Array.from({ length: 40 }, (_, index) => ({
    ...start('event', `E${index}`),
    lane: `u${index % 4}`,
    who: { userId: `u${index % 4}` },
  }))
  expect(new Set(statuses(await segment.start(items)))).toEqual(new Set(['sent']))
  const names = sandbox
    .inspect()
    .messages.filter(({ userId }) => userId === 'u1')
    .map((one) => one.event)
  expect(names).toEqual(items.filter(({ lane }) => lane === 'u1').map(({ via }) => via.id))
})

test.each(['reset-after', 'hang-after', 'server-error', 'rate-limited'] as const)(
  '%s: started exactly once, at its time, and never in doubt',
  async (kind) => {
    const segment = connect(sandbox)
    sandbox.chaos({ script: [{ kind }] })
    const item = start('event', 'E')
    const report = await segment.start([item])
    expect(report.results[0]?.outcome).toEqual({ status: 'sent', proof: 'accepted' })
    // the client's `sentAt` is from before the wait; ours is from each try
    expect(sandbox.inspect().messages).toMatchObject([{ timestamp: item.at }])
    expect(report.calls).toMatchObject([{ count: 1, retries: 1 }])
  },
)

test('a refused key, a redirect and an aborted call keep the start for later', async () => {
  sandbox.configure({ unknownWriteKey: 'refused' })
  const refused = await connect(sandbox, { writeKey: 'wrong' }).start([start('event', 'E')])
  expect(refused).toMatchObject({ halt: { what: 'connector', fault: { code: 'auth' } } })
  sandbox.configure({ trackingRedirect: `${sandbox.url}/echo` })
  const redirected = await connect(sandbox).start([start('event', 'E')])
  const aborted = await connect(sandbox).start([start('event', 'E')], { signal: AbortSignal.abort() })
  expect([refused, redirected, aborted].flatMap(statuses)).toEqual(['retry', 'retry', 'retry'])
})

test('a dry run shows the request and makes none', async () => {
  const planned: string[] = []
  const segment = createSegment(
    { baseUrl: sandbox.url, writeKey: 'hidden-key' },
    { ...sandbox.host, onPlanned: ({ body }) => void planned.push(body ?? '') },
  )
  expect(statuses(await segment.start([start('event', 'E')], { dryRun: true }))).toEqual(['planned'])
  expect(planned[0]).toContain('"event":"E"')
  expect(planned[0]).not.toContain('hidden-key')
  expect(sandbox.requests()).toEqual([])
})
