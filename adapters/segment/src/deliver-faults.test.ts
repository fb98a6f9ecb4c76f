import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect, createItems, statuses, type Items, type Sandbox } from '../fixtures/open-sandbox.ts'
import { createSegment } from './index.ts'

let sandbox: Sandbox
let make: Items
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
  make = createItems(sandbox.clock)
})
afterEach(() => sandbox.close())
const event: Items['event'] = (...given) => make.event(...given)

describe('when things go wrong', () => {
  test('an unknown key that Segment refuses keeps every item for later', async () => {
    const asked: boolean[] = []
    const segment = connect(sandbox, { writeKey: (expired) => (asked.push(expired), 'wrong') })
    sandbox.configure({ unknownWriteKey: 'refused' })
    const report = await segment.deliver([event('u1', 'A'), event('u2', 'B')])
    expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'auth', status: 401 } })
    expect(statuses(report)).toEqual(['retry', 'retry'])
    expect(asked).toEqual([false, true])
  })

  test('an expired key is asked for once more', async () => {
    const segment = connect(sandbox, { writeKey: (expired) => (expired ? segmentDefaults.writeKey : 'old') })
    sandbox.configure({ unknownWriteKey: 'refused' })
    expect(statuses(await segment.deliver([event('u1', 'A')]))).toEqual(['sent'])
  })

  test('no key at all halts with the name of the variable', async () => {
    sandbox = await startSegmentSandbox()
    const segment = createSegment({ baseUrl: sandbox.url, writeKey: () => '' }, sandbox.host)
    const report = await segment.deliver([event('u1', 'A')])
    expect(report.halt?.fault.message).toContain('SEGMENT_WRITE_KEY')
    expect(sandbox.requests()).toEqual([])
  })

  test('the other region’s endpoint halts and names the option', async () => {
    const segment = connect(sandbox)
    sandbox.configure({ region: 'wrong-refused' })
    const items = Array.from({ length: 50 }, (_, index) => event(`u${index}`, 'E'))
    const report = await segment.deliver(items)
    expect(report.halt).toMatchObject({
      what: 'connector',
      fault: { message: expect.stringContaining('option region') as string },
    })
    expect(new Set(statuses(report))).toEqual(new Set(['retry']))
    expect(sandbox.requests()).toHaveLength(1)
  })

  test('a redirect is not followed: a followed one would lose the events and answer 200', async () => {
    const segment = connect(sandbox)
    sandbox.configure({ trackingRedirect: `${sandbox.url}/echo` })
    const report = await segment.deliver([event('u1', 'A'), event('u2', 'B')])
    expect(statuses(report)).toEqual(['retry', 'retry'])
    expect(report.halt).toMatchObject({ what: 'connector', fault: { status: 302 } })
    expect(sandbox.requests()).toHaveLength(1)
  })

  test('an address that is not the Tracking API halts instead of killing every item', async () => {
    const segment = connect(sandbox, { hosts: { tracking: 'http://127.0.0.1:9/x' }, maxAttempts: 2 })
    const elsewhere = createSegment({ baseUrl: `${sandbox.url}/v1/proxy/`, writeKey: 'k' }, sandbox.host)
    const items = [event('u1', 'A'), event('u2', 'B')]
    expect(statuses(await elsewhere.deliver(items))).toEqual(['retry', 'retry'])
    expect(sandbox.requests()).toMatchObject([{ path: '/v1/proxy/v1/batch', status: 404 }])
    expect(statuses(await segment.deliver(items))).toEqual(['retry', 'retry'])
  })

  test.each([
    'reset-before',
    'reset-after',
    'hang-before',
    'hang-after',
    'server-error',
    'server-error-after',
    'rate-limited',
  ] as const)('%s: exactly once, never in doubt, with a fresh sentAt', async (kind) => {
    const segment = connect(sandbox)
    sandbox.chaos({ script: [{ kind }] })
    const items = Array.from({ length: 75 }, (_, index) => event(`u${index}`, 'E'))
    const report = await segment.deliver(items)
    expect(report.results.every(({ outcome }) => outcome.status === 'sent' && !outcome.maybeTwice)).toBe(true)
    const { messages } = sandbox.inspect()
    expect(messages).toHaveLength(75)
    // a stale sentAt would shift the time of the event by the time of the wait
    expect(messages.map(({ timestamp }) => timestamp)).toEqual(items.map((item) => item.at))
    expect(report.calls).toMatchObject([{ count: 1, retries: 1 }])
  })

  test('abort before and in flight, and a deadline: what is not known to be done comes back as retry', async () => {
    const segment = connect(sandbox)
    const before = await segment.deliver([event('u1', 'A')], { signal: AbortSignal.abort() })
    expect(statuses(before)).toEqual(['retry'])
    expect(sandbox.requests()).toEqual([])
    sandbox.chaos({ script: [{ kind: 'hang-after' }] })
    const deadline = new Date(sandbox.clock.now() + 5_000).toISOString()
    const item = event('u1', 'A')
    const late = await segment.deliver([item, event('u1', 'B')], { deadline })
    expect(statuses(late)).toEqual(['retry', 'retry'])
    const again = await segment.deliver([item])
    expect(statuses(again)).toEqual(['sent'])
    expect(sandbox.inspect().messages).toHaveLength(2)
  })

  test('a dry run makes no request, and shows the very one without its key', async () => {
    const planned: { url: string; headers: object; body?: string }[] = []
    const segment = createSegment(
      { baseUrl: sandbox.url, writeKey: 'secret' },
      { ...sandbox.host, onPlanned: (request) => void planned.push(request) },
    )
    const report = await segment.deliver([event('u1', 'A', { colour: 'red' })], { dryRun: true })
    expect(report.results[0]).toMatchObject({ outcome: { status: 'planned' }, done: [] })
    expect(planned).toHaveLength(1)
    expect(planned[0]?.url).toBe(`${sandbox.url}/v1/batch`)
    expect(planned[0]?.body).toContain('"properties":{"colour":"red"}')
    expect(JSON.stringify(planned)).not.toContain('secret')
    expect(sandbox.requests()).toEqual([])
  })
})
