import type { CallCount, Fault, ItemResult, Loss, Outcome, Report } from '@tripline/model'
import type { NotRouted } from '../config/route.ts'

export interface CountedLoss extends Omit<Loss, 'path'> {
  readonly count: number
  /** One place of many. */
  readonly path: string
}
export interface CountedFault extends Pick<Fault, 'code' | 'message'> {
  readonly status: 'dead' | 'unknown' | 'undelivered'
  readonly count: number
}
/** What became of the items for one vendor: `given` is the sum of the counts up to `undelivered`. */
export interface VendorSummary {
  readonly given: number
  readonly notRouted: Readonly<Partial<Record<NotRouted, number>>>
  /** `accepted` of them are only queued at the vendor, `maybeTwice` may have been counted twice. */
  readonly sent: number
  readonly skipped: Readonly<Partial<Record<'unchanged' | 'unsupported' | 'disabled', number>>>
  /** Dry run. */
  readonly planned: number
  /** May have happened; the vendor cannot be asked. */
  readonly unknown: number
  readonly dead: number
  /** Not sent, and could be sent again. */
  readonly undelivered: number
  readonly accepted: number
  readonly maybeTwice: number
  readonly losses: readonly CountedLoss[]
  readonly faults: readonly CountedFault[]
  readonly calls: Readonly<Record<CallCount['purpose'], number>>
  readonly retries: number
  readonly bytes: number
  /** What the vendor bills, where it counts. */
  readonly cost?: Report['cost']
  readonly halt?: Report['halt']
}
export type FinalStatus = Exclude<Outcome['status'], 'retry'> | 'undelivered'

/** Counts one vendor's items. Memory is bounded by the number of different reasons, not of items. */
export interface Tally {
  notRouted(because: NotRouted): void
  given(): void
  settled(result: ItemResult, status: FinalStatus): void
  report(report: Report): void
  readonly done: number
  summary(): VendorSummary
}

export function createTally(): Tally {
  const numbers: Record<keyof typeof noNumbers, number> = { ...noNumbers }
  const notRouted: Partial<Record<NotRouted, number>> = {}
  const skipped: Partial<Record<'unchanged' | 'unsupported' | 'disabled', number>> = {}
  const losses = createReasons<CountedLoss>(otherLoss)
  const faults = createReasons<CountedFault>(otherFault)
  const traffic = createTraffic()
  let done = 0
  return {
    get done() {
      return done
    },
    given: () => void numbers.given++,
    notRouted: (because) => void (notRouted[because] = (notRouted[because] ?? 0) + 1),
    settled({ outcome, losses: lost }, status) {
      done++
      if (outcome.status === 'skipped') skipped[outcome.because] = (skipped[outcome.because] ?? 0) + 1
      else if (status !== 'skipped') numbers[status]++
      if (outcome.status === 'sent' && outcome.proof === 'accepted') numbers.accepted++
      if (outcome.status === 'sent' && outcome.maybeTwice) numbers.maybeTwice++
      for (const { kind, because, source, path } of lost)
        losses.add(`${kind} ${because}`, { kind, because, source, path, count: 0 })
      if ('fault' in outcome && (status === 'dead' || status === 'unknown' || status === 'undelivered')) {
        const { code, message } = outcome.fault
        faults.add(`${status} ${code} ${message}`, { status, code, message, count: 0 })
      }
    },
    report: traffic.add,
    summary: () => ({
      ...numbers,
      notRouted,
      skipped,
      losses: losses.all(),
      faults: faults.all(),
      ...traffic.summary(),
    }),
  }
}

const noNumbers = {
  given: 0,
  sent: 0,
  planned: 0,
  unknown: 0,
  dead: 0,
  undelivered: 0,
  accepted: 0,
  maybeTwice: 0,
} as const satisfies Partial<Record<keyof VendorSummary, number>>
const others = 'further reasons, not told apart'
const otherLoss: CountedLoss = { kind: 'dropped', because: others, source: '', path: '', count: 0 }
const otherFault: CountedFault = { status: 'dead', code: 'invalid', message: others, count: 0 }

/** The calls of all batches together, what they cost, and the last refusal. */
function createTraffic(): {
  add(report: Report): void
  summary(): Pick<VendorSummary, 'calls' | 'retries' | 'bytes' | 'cost' | 'halt'>
} {
  const calls = { write: 0, lookup: 0, schema: 0 }
  let retries = 0
  let bytes = 0
  let cost: Report['cost']
  let halt: Report['halt']
  return {
    add(report) {
      for (const call of report.calls) {
        calls[call.purpose] += call.count
        retries += call.retries
        bytes += call.bytes
      }
      if (report.cost) cost = { ...report.cost, amount: (cost?.amount ?? 0) + report.cost.amount }
      halt = report.halt ?? halt
    },
    summary: () => ({ calls, retries, bytes, ...(cost && { cost }), ...(halt && { halt }) }),
  }
}

/** More different reasons than this are counted as one. */
const maxReasons = 200

/** Counts by reason, the most frequent first; reasons beyond `maxReasons` join the row `other`. */
function createReasons<Row extends { readonly count: number }>(
  other: Row,
): {
  add(key: string, row: Row): void
  all(): readonly Row[]
} {
  const rows = new Map<string, { readonly row: Row; count: number }>()
  const count = (key: string, row: Row): void => {
    const known = rows.get(key)
    if (known) known.count++
    else rows.set(key, { row, count: 1 })
  }
  return {
    add: (key, row) => (rows.has(key) || rows.size < maxReasons ? count(key, row) : count(others, other)),
    all: () =>
      [...rows.values()]
        .map((each) => ({ ...each.row, count: each.count }))
        .sort((a, b) => b.count - a.count),
  }
}
