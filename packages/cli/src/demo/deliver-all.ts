import type { CallCount, Connector, Item, ItemResult, Report } from '@tripline/model'

/** An item and what became of it. */
export interface Delivered {
  readonly item: Item
  readonly result: ItemResult
}
export interface Delivery {
  /** One per item, in the order of the items. */
  readonly delivered: readonly Delivered[]
  readonly calls: readonly CallCount[]
  /** The connector said: do not call again before someone acts. */
  readonly halt: Report['halt']
}
export interface DeliverOptions {
  /** Items of one call of the connector. */
  readonly batchItems: number
  readonly signal: AbortSignal
  readonly onProgress: (settled: number) => void
}

/**
 * Delivers items in batches, one after the other. What comes back as `retry` is given again until a whole round settles
 * nothing more; meanwhile the later items of its lane wait.
 */
export async function deliverAll(
  connector: Connector,
  items: readonly Item[],
  options: DeliverOptions,
): Promise<Delivery> {
  const results = new Map<string, ItemResult>()
  const calls: CallCount[] = []
  let halt: Report['halt']
  let queue = items
  while (queue.length > 0 && halt === undefined) {
    const round = createRound()
    for (let from = 0; from < queue.length && halt === undefined; from += options.batchItems) {
      options.signal.throwIfAborted()
      const batch = round.admit(queue.slice(from, from + options.batchItems))
      const report = await connector.deliver(batch, { signal: options.signal })
      round.read(batch, report, results)
      calls.push(...report.calls)
      ;({ halt } = report)
      options.onProgress(results.size)
    }
    if (round.left.length >= queue.length) break
    queue = round.left
  }
  const delivered = items.map((item) => ({ item, result: results.get(item.key) ?? untried(item) }))
  return { delivered, calls: addUp(calls), halt }
}

interface Round {
  /** What is to be given again, in its order. */
  readonly left: Item[]
  /** The items whose lane is not held. */
  admit(items: readonly Item[]): readonly Item[]
  read(batch: readonly Item[], report: Report, results: Map<string, ItemResult>): void
}
function createRound(): Round {
  const held = new Set<string>()
  const left: Item[] = []
  return {
    left,
    admit: (items) =>
      items.filter((item) => {
        if (held.has(item.lane)) left.push(item)
        return !held.has(item.lane)
      }),
    read(batch, report, results) {
      for (const [index, result] of report.results.entries()) {
        const item = batch[index]
        if (item === undefined) continue
        results.set(item.key, withEarlierLosses(result, results.get(item.key)))
        if (result.outcome.status !== 'retry') continue
        held.add(item.lane)
        left.push({ ...item, done: result.done })
      }
    },
  }
}

/** A write that was done in an earlier try may have had losses that the last one knows nothing of. */
function withEarlierLosses(result: ItemResult, earlier: ItemResult | undefined): ItemResult {
  const known = new Set(result.losses.map(({ path, kind }) => `${kind} ${path}`))
  const more = earlier?.losses.filter(({ path, kind }) => !known.has(`${kind} ${path}`)) ?? []
  return more.length === 0 ? result : { ...result, losses: [...more, ...result.losses] }
}

const untried = ({ key, done = [] }: Item): ItemResult => ({
  key,
  outcome: { status: 'retry', fault: { code: 'unavailable', message: 'the connector was halted before' } },
  losses: [],
  done,
})

function addUp(calls: readonly CallCount[]): readonly CallCount[] {
  const sums = new Map<string, CallCount>()
  for (const call of calls) {
    const key = `${call.purpose} ${call.endpoint}`
    const sum = sums.get(key)
    sums.set(key, {
      ...call,
      count: call.count + (sum?.count ?? 0),
      retries: call.retries + (sum?.retries ?? 0),
      bytes: call.bytes + (sum?.bytes ?? 0),
    })
  }
  return [...sums.values()]
}
