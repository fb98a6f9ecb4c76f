import type { Ability, Connector, Fault, Item, ItemResult } from '@tripline/model'
import { createHeld, type Entry, type Held } from './held.ts'
import { joinLanes } from './lanes.ts'
import type { FinalStatus, Tally } from './tally.ts'

export interface CourierOptions {
  readonly connector: Connector
  readonly tally: Tally
  readonly dryRun: boolean
  readonly signal: AbortSignal
  /** The item has its last state of this run. */
  readonly onSettled: (entry: Entry, result: ItemResult, status: FinalStatus) => Promise<void> | void
}
/** Takes one batch to the connector and sorts what comes back: settled, or held for another try. */
export interface Courier {
  readonly held: Held
  /** The vendor refused us as a whole: nothing more is sent. */
  readonly isClosed: boolean
  deliver(entries: readonly Entry[]): Promise<void>
  /** Gives up what is held; the last state of each is what it came back with. */
  giveUp(): Promise<void>
}

/** Items kept for another try; beyond it they are undelivered at once, so that an outage cannot fill the memory. */
const maxHeld = 10_000
const interrupted: Fault = { code: 'unavailable', message: 'interrupted before it was sent' }
const behind: Fault = { code: 'unavailable', message: 'an earlier item of this person was not delivered' }

export function createCourier({ connector, tally, signal, dryRun, onSettled }: CourierOptions): Courier {
  const held = createHeld()
  const closed = new Map<'connector' | Ability, Fault>()
  const closedBy = ({ kind }: Item): Fault | undefined => closed.get('connector') ?? closed.get(kind)

  async function settle(entry: Entry, result: ItemResult): Promise<void> {
    const status = result.outcome.status === 'retry' ? 'undelivered' : result.outcome.status
    tally.settled(result, status)
    await onSettled(entry, result, status)
  }
  async function hold(entry: Entry, result: ItemResult | undefined): Promise<void> {
    if (held.size < maxHeld) return held.add(entry, result)
    held.block(entry.item)
    await settle(entry, result ?? unsent(entry, behind))
  }
  return {
    held,
    get isClosed() {
      return closed.has('connector')
    },
    async deliver(entries) {
      const open: Entry[] = []
      for (const entry of entries) {
        const fault = closedBy(entry.item) ?? (signal.aborted ? interrupted : undefined)
        if (fault) await settle(entry, unsent(entry, fault))
        else if (held.holds(entry.item)) await hold(entry, undefined)
        else open.push(entry)
      }
      if (open.length === 0) return
      const report = await connector.deliver(joinLanes(open.map(({ item }) => item)), { signal, dryRun })
      tally.report(report)
      if (report.halt) closed.set(report.halt.what, report.halt.fault)
      for (const [index, result] of report.results.entries()) {
        const entry = open[index] as Entry
        const over = signal.aborted || closedBy(entry.item) !== undefined
        if (result.outcome.status !== 'retry' || over) await settle(entry, result)
        else await hold({ ...entry, item: { ...entry.item, done: result.done } }, result)
      }
    },
    async giveUp() {
      for (const { entry, result } of held.takeAll()) await settle(entry, result ?? unsent(entry, behind))
    },
  }
}

const unsent = ({ item }: Entry, fault: Fault): ItemResult => ({
  key: item.key,
  outcome: { status: 'retry', fault },
  losses: [],
  done: item.done ?? [],
})
