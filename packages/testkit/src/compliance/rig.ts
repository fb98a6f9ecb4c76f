import { gunzipSync } from 'node:zlib'
import type { Call, Connector, Host, Item, ItemResult, PlannedRequest, Report } from '@tripline/model'
import { expect } from 'vitest'
import { comparePictures, type Delivered, type Difference } from '../expectations/index.ts'
import { complianceFields } from './fields.ts'
import { createItems, type ItemMaker } from './items.ts'
import type { ComplianceOverrides, ComplianceSandbox, ComplianceSubject } from './subject.ts'

/** A request that left the connector. */
export interface SentRequest {
  readonly method: string
  readonly path: string
  /** Of the body before compression. */
  readonly bytes: number
  readonly atMs: number
}
/** A connector over a fresh simulator, and what a test asks of both. */
export interface Rig {
  readonly sandbox: ComplianceSandbox
  readonly connector: Connector
  readonly make: ItemMaker
  /** Requests since the rig stands. */
  readonly requests: readonly SentRequest[]
  readonly planned: PlannedRequest[]
  /** Checks that there is one result per item, in order. */
  deliver(items: readonly Item[], call?: Call): Promise<Report>
  /** Delivers, and again what came back as `retry`, until nothing does; what became of each item in the end. */
  settleAll(items: readonly Item[], call?: Call): Promise<readonly Delivered[]>
  /** People whom the vendor knows. */
  arrive(...userIds: readonly string[]): Promise<readonly Delivered[]>
  /** What must be stored and is not, or is and must not be; waits for the vendor's lags first. */
  differences(delivered: readonly Delivered[]): readonly Difference[]
  /** Lets every lag of the vendor pass. */
  wait(): void
}
export type RigOptions = Omit<ComplianceOverrides, 'fields'> & {
  readonly fields?: ComplianceOverrides['fields']
  /** Parts of the host that replace the simulator's. */
  readonly host?: Partial<Host>
  /** Whether `schema.ensure` is called first. @default true */
  readonly ensures?: boolean
}
const maxRounds = 40

export async function withRig(
  subject: ComplianceSubject,
  options: RigOptions,
  run: (rig: Rig) => Promise<void>,
): Promise<void> {
  const sandbox = await subject.start()
  try {
    await run(await openRig(subject, sandbox, options))
  } finally {
    await sandbox.close()
  }
}

async function openRig(
  subject: ComplianceSubject,
  sandbox: ComplianceSandbox,
  options: RigOptions,
): Promise<Rig> {
  const { fields = complianceFields, host, ensures = true, ...overrides } = options
  const requests: SentRequest[] = []
  const planned: PlannedRequest[] = []
  const fetch: typeof globalThis.fetch = (input, init) => {
    requests.push(describeRequest(input, init, sandbox.clock.now()))
    return sandbox.host.fetch(input, init)
  }
  const lent: Partial<Host> = {
    ...sandbox.host,
    fetch,
    onPlanned: (request) => planned.push(request),
    ...host,
  }
  const connector = subject.create(sandbox, { ...overrides, fields }, lent)
  const make = createItems(sandbox.clock.now())
  const wait = (): void => sandbox.clock.advance(subject.samples.settleMs ?? 600_000)
  if (ensures && connector.capabilities.schema.support !== 'unsupported') {
    // With a connector of its own: what the test gives may have a bad credential.
    await subject.create(sandbox, { fields }, sandbox.host).schema.ensure(fields)
    wait()
  }
  const deliver: Rig['deliver'] = async (items, call) => {
    const report = await connector.deliver(items, call)
    expect(report.results.map(({ key }) => key)).toEqual(items.map(({ key }) => key))
    return report
  }
  const settleAll: Rig['settleAll'] = (items, call) => settleItems(items, (open) => deliver(open, call))
  return {
    sandbox,
    connector,
    make,
    requests,
    planned,
    deliver,
    settleAll,
    wait,
    arrive: (...userIds) => settleAll(userIds.map((userId) => make.profile(userId, { plan: 'basic' }))),
    differences(delivered) {
      wait()
      return comparePictures(subject.expect(delivered), subject.observe(sandbox.inspect())).differences
    },
  }
}

async function settleItems(
  items: readonly Item[],
  deliver: (items: readonly Item[]) => Promise<Report>,
): Promise<readonly Delivered[]> {
  const results = new Map<string, ItemResult>()
  let open = items
  for (let round = 0; open.length > 0 && round < maxRounds; round++) {
    const report = await deliver(open)
    for (const result of report.results) results.set(result.key, result)
    expect(report.halt).toBeUndefined()
    open = open.flatMap((item) => {
      const result = results.get(item.key)
      return result?.outcome.status === 'retry' ? [{ ...item, done: result.done }] : []
    })
  }
  return items.map((item) => ({ item, result: results.get(item.key) as ItemResult }))
}

function describeRequest(
  input: string | URL | Request,
  init: RequestInit | undefined,
  atMs: number,
): SentRequest {
  const url = new URL(input instanceof Request ? input.url : input)
  const body = init?.body
  const raw =
    typeof body === 'string'
      ? Buffer.from(body)
      : body instanceof Uint8Array
        ? Buffer.from(body)
        : Buffer.alloc(0)
  const isGzip = raw[0] === 0x1f && raw[1] === 0x8b
  return {
    method: init?.method ?? (input instanceof Request ? input.method : 'GET'),
    path: url.pathname,
    bytes: isGzip ? gunzipSync(raw).length : raw.length,
    atMs,
  }
}

/** The statuses of a report, for short assertions. */
export const statusesOf = (report: Report): readonly string[] =>
  report.results.map(({ outcome }) => outcome.status)
export const resultStatuses = (delivered: readonly Delivered[]): readonly string[] =>
  delivered.map(({ result }) => result.outcome.status)
