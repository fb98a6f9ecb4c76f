import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace, type CallResult } from '../../fixtures/command-line.ts'
import { vendors } from '../config/vendors.ts'
import { sum } from './count-outcomes.ts'
import type { DemoResult, VendorResult } from './summary.ts'

const workspace = createWorkspace()
afterAll(() => workspace.remove())
const demo = (...argv: readonly string[]): Promise<CallResult> => callCli(workspace.folder, ['demo', ...argv])

/** Every item of a vendor is in exactly one of these. */
const accounted = (row: VendorResult): number =>
  sum(row.notRouted) +
  row.stored +
  row.unchanged +
  sum(row.lost) +
  row.unknown +
  sum(row.dead) +
  sum(row.undelivered)

function resultOf(call: CallResult): DemoResult {
  expect(call.stderr).not.toContain('Error')
  return JSON.parse(call.stdout) as DemoResult
}
const rowOf = ({ vendors }: DemoResult, vendor: string): VendorResult => {
  const row = vendors.find((each) => each.vendor === vendor)
  if (!row) throw new Error(`no row for ${vendor}`)
  return row
}

describe('a small shop at all five vendors', () => {
  let call: CallResult
  let result: DemoResult
  beforeAll(async () => {
    call = await demo('--users', '60', '--json')
    result = resultOf(call)
  })

  test('is equal everywhere', () => {
    expect(result.vendors.map(({ vendor }) => vendor)).toEqual(vendors)
    expect(result.vendors.flatMap(({ differences }) => differences)).toEqual([])
    expect(call.code).toBe(0)
  })

  test('was really compared', () => {
    for (const { compared } of result.vendors) {
      expect(compared.eventsFound).toBe(compared.eventsExpected)
      expect(compared.eventsFound).toBeGreaterThan(100)
      expect(compared.facts).toBeGreaterThan(500)
      expect(compared.profiles).toBeGreaterThanOrEqual(60)
      expect(compared.members).toBeGreaterThan(0)
    }
  })

  test('accounts for every item', () => {
    const givens = new Set(result.vendors.map(({ given }) => given))
    expect(givens.size).toBe(1)
    for (const row of result.vendors)
      expect(`${row.vendor} ${accounted(row)}`).toBe(`${row.vendor} ${row.given}`)
  })

  test('routes Intercom and HubSpot only what they are for', () => {
    expect(rowOf(result, 'intercom').notRouted['events']).toBeGreaterThan(100)
    expect(rowOf(result, 'hubspot').notRouted['events']).toBeGreaterThan(100)
    expect(rowOf(result, 'braze').notRouted).toEqual({})
    expect(call.stderr).toContain('intercom gets everything; of events only Signed Up')
  })

  test('needs no more calls than batches of these sizes can, but where one person is one call', () => {
    for (const { vendor, calls } of result.vendors) {
      expect(calls.least).toBeGreaterThan(0)
      expect(calls.write).toBeGreaterThanOrEqual(calls.least)
      const most = vendor === 'intercom' ? calls.least * 1.2 : calls.least + 6
      expect(calls.write, vendor).toBeLessThanOrEqual(most)
    }
  })

  test('counts what is malformed and repeated', () => {
    expect(result.messages).toMatchObject({ malformed: 8 })
    expect(result.seconds).toBeGreaterThan(0)
    expect(result.peakMemoryMb).toBeGreaterThan(0)
  })
})

test('under faults all are equal, and doubles are within what is perhaps there twice', async () => {
  const call = await demo('--users', '40', '--chaos', '--json')
  const { vendors } = resultOf(call)
  expect(vendors.flatMap(({ differences }) => differences)).toEqual([])
  expect(call.code).toBe(0)
  expect(vendors.reduce((all, { faults }) => all + sum(faults), 0)).toBeGreaterThan(5)
  for (const row of vendors) {
    const { eventsExpected, eventsFound, eventsInDoubt } = row.compared
    expect(accounted(row)).toBe(row.given)
    expect(eventsFound).toBeGreaterThanOrEqual(eventsExpected)
    expect(eventsFound - eventsExpected, row.vendor).toBeLessThanOrEqual(eventsInDoubt)
    // An order may be several purchases, so there are more events in doubt than items.
    expect(eventsInDoubt > 0, row.vendor).toBe(row.maybeTwice + row.unknown > 0)
  }
})

test('off a terminal it prints tables, reasons and the verdict as its last line', async () => {
  const { code, stdout, stderr } = await demo('--users', '20', '--only', 'braze', '--only', 'segment')
  expect(code).toBe(0)
  expect(stdout).toMatch(/given.*not routed.*stored.*perhaps twice.*unknown.*dead/)
  expect(stdout).toMatch(/writing.*least.*looking up.*schema.*retries/)
  expect(stdout).toMatch(/by hand: In Braze/)
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/equal at both vendors/)
  expect(stderr).toMatch(/delivering 100 %/)
})

describe('--events', () => {
  const order = (index: number, day: number) =>
    JSON.stringify({
      type: 'track',
      messageId: `order-${index}`,
      userId: `u${index % 3}`,
      event: 'Order Completed',
      properties: { revenue: 100, currency: 'EUR' },
      timestamp: `2017-10-${String(day).padStart(2, '0')}T10:00:00.000Z`,
    })
  const lines = Array.from({ length: 20 }, (_, index) => order(index, index + 1))

  test('takes a file, and a route by days counts back from its newest event', async () => {
    workspace.write('orders.ndjson.gz', gzipSync([...lines, 'no json'].join('\n')))
    const argv = ['--events', 'orders.ndjson.gz', '--route', 'intercom:lastDays=5', '--json'] as const
    const call = await demo(...argv)
    const result = resultOf(call)
    expect(call.code).toBe(0)
    expect(result.messages).toEqual({ read: 21, malformed: 1, repeated: 0 })
    expect(rowOf(result, 'intercom')).toMatchObject({ notRouted: { lastDays: 14 } })
    expect(rowOf(result, 'intercom').compared.eventsFound).toBe(6)
    expect(rowOf(result, 'mixpanel').compared.eventsFound).toBe(20)
    for (const row of result.vendors) expect(accounted(row)).toBe(row.given)
  })

  test.each([
    [['--events', 'absent.ndjson'], 'no file at'],
    [['--events', 'empty.ndjson'], 'holds no message'],
    [['--route', 'intercom:lastDays=soon'], 'lastDays'],
    [['--only', 'marketo'], 'allowed: segment'],
  ])('%j is an error in plain words', async (argv, message) => {
    workspace.write('empty.ndjson', '')
    const { code, stderr } = await demo(...argv)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })
})

test('--keep leaves the simulators up, prints how to reach them, and ends with the signal', async () => {
  const stop = new AbortController()
  const events: number[] = []
  const look = async (url: string): Promise<void> => {
    const response = await fetch(`${url}/__sandbox/state`)
    events.push(((await response.json()) as { readonly events: readonly unknown[] }).events.length)
    stop.abort()
  }
  const argv = ['demo', '--users', '5', '--only', 'braze', '--keep', '--json']
  const { code, stdout, stderr } = await callCli(workspace.folder, argv, {
    signal: stop.signal,
    onOutput(printed) {
      const { kept } = JSON.parse(printed) as DemoResult
      void look(kept?.braze ?? '')
    },
  })
  expect(code).toBe(0)
  expect(events).toEqual([(JSON.parse(stdout) as DemoResult).vendors[0]?.compared.eventsFound])
  expect(stderr).toMatch(/BRAZE_URL=http:\/\/127\.0\.0\.1:\d+\nBRAZE_API_KEY=/)
})

test('takes fields, routes and renames from a config', async () => {
  workspace.write(
    'tripline.config.ts',
    `export default {
      connectors: { braze: { baseUrl: 'https://rest.iad-01.braze.com' } },
      fields: [{ of: 'user', name: 'plan', type: 'string', names: { braze: 'tier' } }],
      routes: { braze: { events: { only: ['Signed Up'] } } },
      events: { 'Signed Up': 'Joined' },
    }`,
  )
  const call = await demo('--users', '10', '--only', 'braze', '--use-config', '--json')
  const row = rowOf(resultOf(call), 'braze')
  expect(row.differences).toEqual([])
  expect(row.compared.eventsFound).toBe(10)
  expect(call.code).toBe(0)
})
