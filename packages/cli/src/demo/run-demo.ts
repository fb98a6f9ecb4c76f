import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Field, Instant } from '@tripline/model'
import { CliError } from '../cli-error.ts'
import type { Routes } from '../config/route-rule.ts'
import type { Vendor } from '../config/vendors.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { assign, type Assignment } from './assign.ts'
import { compareVendor } from './compare-vendor.ts'
import { readMessages } from './event-file.ts'
import { summarise, type DemoResult, type VendorResult } from './summary.ts'
import { takeIn, type Intake } from './take-in.ts'
import { createTraffic } from './traffic/traffic.ts'
import { findVips } from './vip.ts'
import { startWorld, type Place, type World } from './world.ts'
import { writeVendor, type Written } from './write-vendor.ts'

export interface DemoOptions {
  readonly vendors: readonly Vendor[]
  /** People of the made-up shop; not used with `events`. */
  readonly users: number
  /** NDJSON of Segment messages, perhaps gzipped, instead of the made-up shop. */
  readonly events: string | undefined
  /** Relative paths start here. */
  readonly folder: string
  readonly routes: Routes
  readonly fields: readonly Field[]
  readonly eventNames: (vendor: Vendor) => Readonly<Record<string, string>>
  readonly fieldNames: (vendor: Vendor) => Readonly<Record<string, string>>
  /** 5 % of the requests show a fault. */
  readonly chaos: boolean
  readonly signal: AbortSignal
  readonly terminal: Pick<Terminal, 'note' | 'progress'>
  /** Called while the simulators are still up; they go down when it has ended. */
  readonly beforeClose?: (result: DemoResult, world: World) => Promise<void>
}

/** The whole demo: simulators up, traffic in, delivered, read back, compared, simulators down. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const startedAt = performance.now()
  const intake = await takeIn(messagesOf(options))
  const { newestAt } = intake
  if (newestAt === undefined) throw new CliError('the input holds no message that can be delivered')
  const world = await startWorld({ ...options, startAt: hourAfter(newestAt) })
  try {
    options.terminal.note(`${intake.items.length} items of ${intake.messages.read} messages to deliver`)
    const assigned = assign(intake.items, options.routes, { vendors: options.vendors, newestAt })
    if (options.chaos) await everywhere(world, ({ sandbox }) => sandbox.chaos({ rate: 0.05, seed: 1 }))
    const written = await writeAll(world, assigned, intake, newestAt, options)
    await world.advance(longestLagMs(world))
    const results = await compareAll(world, assigned, written, options)
    const seconds = (performance.now() - startedAt) / 1_000
    const result: DemoResult = {
      messages: intake.messages,
      seconds,
      peakMemoryMb: peakMemoryMb(),
      vendors: results,
    }
    await options.beforeClose?.(result, world)
    return result
  } finally {
    await world.close()
  }
}

function messagesOf({ events, users, folder }: DemoOptions): Iterable<unknown> | AsyncIterable<unknown> {
  if (events === undefined) return createTraffic({ users })
  const path = resolve(folder, events)
  if (!existsSync(path)) throw new CliError(`no file at ${path}`)
  return readMessages(path)
}

const hourAfter = (at: Instant): Instant => new Date(Date.parse(at) + 3_600_000).toISOString()

async function everywhere<T>(
  world: World,
  work: (place: Place) => Promise<T>,
): Promise<ReadonlyMap<Vendor, T>> {
  const done = await Promise.all(
    world.places.map(async (place) => [place.vendor, await work(place)] as const),
  )
  return new Map(done)
}

async function writeAll(
  world: World,
  assigned: ReadonlyMap<Vendor, Assignment>,
  { items }: Intake,
  newestAt: Instant,
  { fields, signal, terminal }: DemoOptions,
): Promise<ReadonlyMap<Vendor, Written>> {
  const vips = findVips(items, newestAt)
  terminal.note(`segment VIP (${vips.rule}): ${vips.joined.length} join, ${vips.left.length} leave`)
  const total = [...assigned.values()].reduce((sum, assignment) => sum + assignment.items.length, 0)
  const progress = terminal.progress({ label: 'delivering', total })
  const settled = new Map<Vendor, number>()
  try {
    return await everywhere(world, (place) => {
      const assignment = assigned.get(place.vendor) ?? { items: [], notRouted: {} }
      const onProgress = (count: number): void => {
        settled.set(place.vendor, count)
        progress.update(
          [...settled.values()].reduce((sum, each) => sum + each, 0),
          describeProgress(settled),
        )
      }
      return writeVendor(place, { assignment, fields, vips, newestAt, signal, onProgress })
    })
  } finally {
    progress.end()
  }
}
const describeProgress = (settled: ReadonlyMap<Vendor, number>): string =>
  [...settled].map(([vendor, count]) => `${vendor} ${count}`).join('  ')

/** What was written last can be read back then. */
function longestLagMs({ places }: World): number {
  const lags = places.flatMap(({ connector }) =>
    Object.values(connector.capabilities).map(({ visibleAfterMs = 0 }) => visibleAfterMs),
  )
  return Math.max(0, ...lags) + 1_000
}

async function compareAll(
  world: World,
  assigned: ReadonlyMap<Vendor, Assignment>,
  written: ReadonlyMap<Vendor, Written>,
  options: DemoOptions,
): Promise<readonly VendorResult[]> {
  options.terminal.note('reading back and comparing')
  const compared = await everywhere(world, async (place) => {
    const { vendor, counter } = place
    const [assignment, done] = [assigned.get(vendor), written.get(vendor)]
    if (!assignment || !done) throw new Error(`${vendor} was not written`)
    const comparison = await compareVendor(place, {
      written: done,
      startAt: world.startAt,
      signal: options.signal,
    })
    const faultsShown = await place.sandbox.faultsShown()
    return summarise({
      vendor,
      limits: place.connector.limits,
      assignment,
      written: done,
      comparison,
      counter,
      faultsShown,
    })
  })
  return options.vendors.flatMap((vendor) => compared.get(vendor) ?? [])
}

/** Of this process; the simulators are not in it. */
const peakMemoryMb = (): number => Math.round(process.resourceUsage().maxRSS / 1_024)
