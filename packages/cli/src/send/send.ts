import type { Clock, Connector, Note, ParseOptions } from '@tripline/model'
import type { Route } from '../config/route.ts'
import type { Vendor } from '../config/vendors.ts'
import type { Checkpoint } from './checkpoint.ts'
import { createOpenLines, type OpenLines } from './open-lines.ts'
import type { RawLine } from './read-lines.ts'
import { readMessage, type Message } from './read-message.ts'
import { originalOf, type Rejects } from './rejects.ts'
import type { Source } from './source.ts'
import { createTally, type Tally, type VendorSummary } from './tally.ts'
import type { Entry } from './held.ts'
import { createVendorDelivery, type VendorDelivery } from './vendor-delivery.ts'

export interface SendOptions {
  readonly sources: readonly Source[]
  readonly connectors: ReadonlyMap<Vendor, Connector>
  readonly route: Route
  readonly parse: ParseOptions
  readonly checkpoint: Checkpoint
  readonly rejects: Rejects
  /** Items of one call to a vendor. */
  readonly batchItems: number
  /** Messages to read, all sources together. @default all */
  readonly limit?: number
  readonly backfill: boolean
  readonly dryRun: boolean
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly onProgress: (state: SendProgress) => void
}
export interface SendProgress {
  readonly readBytes: number
  readonly lines: number
  readonly done: ReadonlyMap<Vendor, number>
}
export interface SendSummary {
  /** Lines read, without blank ones and without those settled in an earlier run. */
  readonly lines: number
  /** Lines that are no messages. */
  readonly malformed: number
  /** Lines that an earlier run has settled. */
  readonly settledEarlier: number
  /** What the messages carried that has no place in the canonical model, by reason. */
  readonly notes: Readonly<Record<string, number>>
  readonly interrupted: boolean
  readonly vendors: Readonly<Partial<Record<Vendor, VendorSummary>>>
}

/** Streams messages from the sources to the vendors, all vendors side by side, each at its own pace up to one batch. */
export async function sendMessages(given: SendOptions): Promise<SendSummary> {
  const stop = new AbortController()
  const options = { ...given, signal: AbortSignal.any([given.signal, stop.signal]) }
  const run = createRun(options)
  const finishAll = () => [...run.deliveries.values()].map((delivery) => delivery.finish())
  try {
    await readAll(options, run)
    await Promise.all(finishAll())
  } catch (error) {
    stop.abort()
    await Promise.allSettled(finishAll())
    throw error
  } finally {
    await Promise.all([options.checkpoint.save(), options.rejects.close()])
  }
  const summaries = [...run.tallies].map(([vendor, tally]) => [vendor, tally.summary()] as const)
  return { ...run.counts, interrupted: given.signal.aborted, vendors: Object.fromEntries(summaries) }
}

interface Run {
  readonly counts: { lines: number; malformed: number; settledEarlier: number; notes: Record<string, number> }
  readonly tallies: ReadonlyMap<Vendor, Tally>
  readonly deliveries: ReadonlyMap<Vendor, VendorDelivery>
  readonly open: OpenLines
  readonly read: { bytes: number }
  report(): void
}

function createRun(options: SendOptions): Run {
  const tallies = new Map([...options.connectors.keys()].map((vendor) => [vendor, createTally()]))
  const deliveries = new Map<Vendor, VendorDelivery>()
  const run: Run = {
    counts: { lines: 0, malformed: 0, settledEarlier: 0, notes: {} },
    tallies,
    deliveries,
    open: createOpenLines(options.checkpoint),
    read: { bytes: 0 },
    report() {
      const done = new Map([...tallies].map(([vendor, tally]) => [vendor, tally.done]))
      options.onProgress({ readBytes: run.read.bytes, lines: run.counts.lines, done })
    },
  }
  for (const vendor of options.connectors.keys()) deliveries.set(vendor, createDelivery(options, run, vendor))
  return run
}

function createDelivery(options: SendOptions, run: Run, vendor: Vendor): VendorDelivery {
  const { checkpoint, rejects, sources, signal } = options
  return createVendorDelivery({
    ...options,
    connector: options.connectors.get(vendor) as Connector,
    tally: run.tallies.get(vendor) as Tally,
    onBatch() {
      run.report()
      return checkpoint.save()
    },
    async onSettled({ message, item }, { outcome }, status) {
      if (status !== 'undelivered') run.open.close(message, vendor)
      // An interrupted run is gone on with, so what it did not get to send is no reject.
      if (!('fault' in outcome) || (status === 'undelivered' && signal.aborted)) return
      if (status !== 'dead' && status !== 'unknown' && status !== 'undelivered') return
      await rejects.write({
        reason: status,
        vendor,
        file: sources[message.source]?.name ?? '',
        line: message.line,
        key: item.key,
        kind: item.kind,
        fault: outcome.fault,
        message: JSON.parse(message.text) as unknown,
      })
    },
  })
}

async function readAll(options: SendOptions, run: Run): Promise<void> {
  const { sources, signal, limit = Infinity } = options
  for (const [index, source] of sources.entries()) {
    let first = true
    for await (const lines of source.open((bytes) => (run.read.bytes += bytes))) {
      for (const line of lines) {
        if (first) options.checkpoint.checkSource(source, line.text)
        first = false
        if (signal.aborted || run.counts.lines + run.counts.settledEarlier >= limit) return
        await takeLine(options, run, index, line)
      }
      run.report()
    }
  }
}

async function takeLine(options: SendOptions, run: Run, source: number, line: RawLine): Promise<void> {
  const { checkpoint, rejects, sources } = options
  const waiting = [...run.deliveries.keys()].filter(
    (vendor) => !checkpoint.isSettled(source, line.line, vendor),
  )
  if (waiting.length === 0) return void run.counts.settledEarlier++
  run.counts.lines++
  const message = readMessage(source, line, { ...options.parse, backfill: options.backfill })
  if ('items' in message) return takeMessage(options, run, message, waiting)
  run.counts.malformed++
  for (const vendor of waiting) run.open.open(message, vendor, 0)
  const file = sources[source]?.name ?? ''
  const { mistakes, text } = message
  await rejects.write({ reason: 'malformed', file, line: line.line, mistakes, ...originalOf(text) })
}

/** The items of a message, each to the vendors that its route names. */
async function takeMessage(
  { route }: SendOptions,
  run: Run,
  message: Message,
  waiting: readonly Vendor[],
): Promise<void> {
  countNotes(run.counts.notes, message.notes)
  const decisions = message.items.flatMap(route)
  for (const vendor of waiting) {
    const tally = run.tallies.get(vendor)
    const entries: Entry[] = []
    for (const decision of decisions) {
      if (decision.vendor !== vendor) continue
      tally?.given()
      if ('item' in decision) entries.push({ message, item: decision.item })
      else tally?.notRouted(decision.because)
    }
    run.open.open(message, vendor, entries.length)
    if (entries.length > 0) await run.deliveries.get(vendor)?.add(entries)
  }
}

function countNotes(counts: Record<string, number>, notes: readonly Note[]): void {
  for (const { path, kind, because } of notes) {
    const reason = `${kind} ${path.replaceAll(/\[\d+\]/g, '[]')}: ${because}`
    if (reason in counts || Object.keys(counts).length < 100) counts[reason] = (counts[reason] ?? 0) + 1
  }
}
