import type { Call, Connector, Item, ItemResult, Report } from '@tripline/model'

export interface BufferOptions {
  /** Items that start a delivery. @default 500 */
  readonly maxItems?: number
  /** Items waiting or under way before `add` makes its caller wait. @default 10 × maxItems */
  readonly maxWaiting?: number
  /** Oldest age that starts a delivery, in ms of real time. @default 5_000 */
  readonly maxAgeMs?: number
  /** Called with every report, e.g. to log losses. */
  readonly onReport?: (report: Report) => void
}
/** An item that did not arrive, with what became of it. */
export interface Undelivered {
  readonly item: Item
  readonly result: ItemResult
}
export interface Buffer {
  /** Waits while the buffer is full. @throws the connector's error when a delivery was misuse */
  add(item: Item): Promise<void>
  /** Delivers what is there and waits for all of it. Items that came back as `retry` are tried once more. */
  flush(call?: Call): Promise<void>
  /** What came back `retry`, `unknown` or `dead`, oldest first; taking it empties the list. */
  takeUndelivered(): readonly Undelivered[]
  readonly waiting: number
  /** Flushes and stops the timer. */
  close(call?: Call): Promise<void>
}

/**
 * For a connector that is used alone: collects items and delivers them in batches, one delivery at a time so that lanes
 * keep their order. Holds everything in memory; what is not flushed when the process ends is lost.
 * @example const buffer = createBuffer(braze); await buffer.add(item); await buffer.close()
 */
export function createBuffer(connector: Pick<Connector, 'deliver'>, options: BufferOptions = {}): Buffer {
  const maxItems = options.maxItems ?? 500
  const maxWaiting = options.maxWaiting ?? 10 * maxItems
  let queue: Item[] = []
  let underWay = 0
  let undelivered: Undelivered[] = []
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const deliverAll = async (call: Call | undefined): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    while (queue.length > 0) {
      const items = queue.slice(0, maxItems)
      queue = queue.slice(maxItems)
      underWay = items.length
      try {
        const report = await connector.deliver(items, call)
        options.onReport?.(report)
        for (const [index, result] of report.results.entries()) {
          const item = items[index]
          const { status } = result.outcome
          if (item && (status === 'retry' || status === 'unknown' || status === 'dead'))
            undelivered.push({ item: { ...item, done: result.done }, result })
        }
      } finally {
        underWay = 0
      }
    }
  }
  const start = (call?: Call): Promise<void> => {
    const turn = running.then(() => deliverAll(call))
    running = turn.catch(() => undefined)
    return turn
  }
  const flush = async (call?: Call): Promise<void> => {
    const again = undelivered.filter(({ result }) => result.outcome.status === 'retry')
    undelivered = undelivered.filter(({ result }) => result.outcome.status !== 'retry')
    queue = [...again.map(({ item }) => item), ...queue]
    await start(call)
  }
  return {
    async add(item) {
      while (queue.length + underWay >= maxWaiting) await start()
      queue.push(item)
      if (queue.length >= maxItems) void start().catch(() => undefined)
      else timer ??= setTimeout(() => void start().catch(() => undefined), options.maxAgeMs ?? 5_000)
    },
    flush,
    takeUndelivered() {
      const taken = undelivered
      undelivered = []
      return taken
    },
    get waiting() {
      return queue.length + underWay
    },
    async close(call) {
      await flush(call)
      clearTimeout(timer)
    },
  }
}
