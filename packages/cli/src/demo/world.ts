import type { Connector, Field, Instant } from '@tripline/model'
import {
  createSharedClock,
  startSandboxProcess,
  type SandboxProcess,
  type SharedClock,
} from '@tripline/sandbox'
import type { ExpectedAccount } from '@tripline/testkit/expectations'
import { createConnector } from '../config/connectors.ts'
import type { Vendor } from '../config/vendors.ts'
import { sandboxEnvironment, type SandboxEnvironment } from '../sandbox/accounts.ts'
import { demoAccounts } from './accounts.ts'
import type { ReadMode } from './read-back.ts'
import { createCallCounter, type CallCounter } from './count-calls.ts'

/** A simulator in its own process and the connector that talks to it, both on the world's clock. */
export interface Place {
  readonly vendor: Vendor
  readonly sandbox: SandboxProcess
  /** With which other programs reach the simulator. */
  readonly environment: SandboxEnvironment
  readonly connector: Connector
  /** The connector's options that decide what must be stored. */
  readonly settings: ExpectedAccount & { readonly fields: readonly Field[] }
  readonly counter: CallCounter
  /** Whether the vendor lists all members of the segment form we write, or tells only of given people. */
  readonly membersBy: 'all' | 'ids'
  /** How the vendor lets profiles be read. */
  readonly readModes: readonly ReadMode[]
}
export interface World {
  readonly places: readonly Place[]
  readonly clock: SharedClock['clock']
  readonly startAt: Instant
  /** Moves everybody's time on. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}
export interface WorldOptions {
  readonly vendors: readonly Vendor[]
  readonly fields: readonly Field[]
  /** Whether requests are going to fail. */
  readonly chaos: boolean
  /** The world's time at its start. */
  readonly startAt: Instant
  readonly eventNames: (vendor: Vendor) => Readonly<Record<string, string>>
  readonly fieldNames: (vendor: Vendor) => Readonly<Record<string, string>>
}
/**
 * Seconds of the world's time in a real second. High enough that rate limits and lags of seconds cost nearly nothing.
 */
const rate = 60
/**
 * Longest wait for an answer, in the world's time: 10 real seconds, far above what an answer over loopback takes even on a
 * busy machine. Where answers are made to fail it is waited out hundreds of times, so it is shorter there.
 */
const timeoutMs = { calm: 600_000, chaos: 45_000 } as const

export async function startWorld(options: WorldOptions): Promise<World> {
  const shared = createSharedClock({ rate, startAtMs: Date.parse(options.startAt) })
  const started = await Promise.allSettled(
    options.vendors.map((vendor) => startSandboxProcess(vendor, { clock: shared.settings })),
  )
  const sandboxes = started.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  const close = async (): Promise<void> => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()))
  }
  try {
    for (const each of started) if (each.status === 'rejected') throw each.reason
    const places = await Promise.all(sandboxes.map((sandbox) => openPlace(sandbox, shared, options)))
    return {
      places,
      clock: shared.clock,
      startAt: options.startAt,
      close,
      advance: (ms) => shared.advance(ms, sandboxes),
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openPlace(
  sandbox: SandboxProcess,
  shared: SharedClock,
  options: WorldOptions,
): Promise<Place> {
  const { vendor, url } = sandbox
  const { seed, options: access, membersBy, readModes, forms = {} } = demoAccounts[vendor]
  const counter = createCallCounter()
  const environment = await sandboxEnvironment(vendor, url)
  if (seed !== undefined) await sandbox.seed(seed)
  const settings = {
    ...forms,
    fields: options.fields,
    eventNames: options.eventNames(vendor),
    fieldNames: options.fieldNames(vendor),
  }
  const connector = await createConnector(
    vendor,
    { ...access(environment), ...settings, timeoutMs: timeoutMs[options.chaos ? 'chaos' : 'calm'] },
    { clock: shared.clock, fetch: globalThis.fetch, onCall: counter.onCall },
  )
  return { vendor, sandbox, environment, connector, counter, membersBy, readModes, settings }
}
