import type { Call, Clock, Connector, Item, Report } from '@tripline/model'
import { systemClock } from './host/clock.ts'
import { createUndelivered, type Undelivered } from './undelivered.ts'

export interface BufferOptions {
  /** Items that start a delivery, and at most in one. @default 500 */
  readonly maxItems?: number
  /** Items waiting or under way before `add` makes its caller wait. @default 10 × maxItems */
  readonly maxWaiting?: number
  /** Oldest age that starts a delivery, in ms. @default 5_000 */
  readonly maxAgeMs?: number
  /** Measures the age. @default systemClock */
  readonly clock?: Clock
  /** Called with every report, e.g. to log losses. What it throws comes out of the next `add` or `flush`. */
  readonly onReport?: (report: Report) => void
}
export interface Buffer {
  /**
   * Waits while the buffer is full, first come first served.
   * @throws the connector's error when a delivery was misuse: that delivery's items stay in the buffer, this item is not
   *   added. An `Error` after `close`
   */
  add(item: Item): Promise<void>
  /**
   * Delivers what is there and waits for all of it. Items that came back as `retry` are tried once more, before later
   * ones of their lanes.
   * @throws the connector's error when a delivery was misuse; the items stay, and the next `flush` delivers them again
   */
  flush(call?: Call): Promise<void>
  /** What came back `retry`, `unknown` or `dead`, oldest first; taking it empties the list and frees its lanes. */
  takeUndelivered(): readonly Undelivered[]
  /** Items that wait or are under way. */
  readonly waiting: number
  /** Flushes, stops the timer, and refuses further items. */
  close(call?: Call): Promise<void>
}

/**
 * For a connector that is used alone: collects items and delivers them in batches, one delivery at a time so that lanes
 * keep their order: after a `retry` the later items of the lane are put aside as `retry`, too, until `flush` or
 * `takeUndelivered`. Holds everything in memory; what is not flushed when the process ends is lost.
 * @example const buffer = createBuffer(braze); await buffer.add(item); await buffer.close()
 */
export function createBuffer(connector: Pick<Connector, 'deliver'>, options: BufferOptions = {}): Buffer {
  return new WaitingItems(connector, options)
}

class WaitingItems implements Buffer {
  readonly #connector: Pick<Connector, 'deliver'>
  readonly #options: BufferOptions
  readonly #maxItems: number
  readonly #maxWaiting: number
  readonly #undelivered = createUndelivered()
  readonly #adders: Adder[] = []
  #queue: Item[] = []
  #underWay = 0
  #timer: AbortController | undefined
  #running: Promise<void> = Promise.resolve()
  #planned = false
  #closed = false
  /** Flushes that wait for the delivery under way: it leaves what is left to them and their options. */
  #flushes = 0
  /** What a delivery threw that nobody waited for; the next `add` throws it, a flush tries again. */
  #unseen: Failure | undefined
  /** What `onReport` threw; the next `add` or flush throws it. */
  #reportFailure: Failure | undefined

  constructor(connector: Pick<Connector, 'deliver'>, options: BufferOptions) {
    this.#connector = connector
    this.#options = options
    this.#maxItems = options.maxItems ?? 500
    this.#maxWaiting = Math.max(1, options.maxWaiting ?? 10 * this.#maxItems)
  }

  async add(item: Item): Promise<void> {
    if (this.#closed) throw new Error('the buffer is closed')
    const failure = this.#unseen ?? this.#reportFailure
    if (failure) {
      this.#unseen = undefined
      this.#reportFailure = undefined
      throw failure.error
    }
    if (!this.#isFull() && this.#adders.length === 0) return this.#admit(item)
    await new Promise<void>((resolve, reject) => {
      this.#adders.push({ item, resolve, reject })
      this.#plan()
    })
  }
  flush(call?: Call): Promise<void> {
    this.#flushes++
    const turn = this.#running.then(async () => {
      this.#flushes--
      this.#unseen = undefined
      this.#queue = [...this.#undelivered.takeRetries(), ...this.#queue]
      await this.#deliverWhile(() => this.#queue.length > 0, call)
      const failure = this.#reportFailure
      this.#reportFailure = undefined
      if (failure) throw failure.error
    })
    this.#running = turn.catch(() => undefined)
    return turn
  }
  takeUndelivered(): readonly Undelivered[] {
    return this.#undelivered.takeAll()
  }
  get waiting(): number {
    return this.#queue.length + this.#underWay
  }
  close(call?: Call): Promise<void> {
    this.#closed = true
    return this.flush(call)
  }

  #isFull(): boolean {
    return this.waiting >= this.#maxWaiting
  }
  #admit(item: Item): void {
    this.#queue.push(item)
    if (this.#queue.length >= this.#maxItems) this.#plan()
    else this.#startTimer()
  }
  #startTimer(): void {
    if (this.#timer) return
    this.#timer = new AbortController()
    const { clock = systemClock, maxAgeMs = 5_000 } = this.#options
    clock.sleep(maxAgeMs, this.#timer.signal).then(
      () => this.#plan(),
      () => undefined,
    )
  }
  /** A delivery after the one under way, however often it is asked for. */
  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    const turn = this.#running.then(() => {
      this.#planned = false
      let isFirst = true
      return this.#deliverWhile(() => {
        const isDue = isFirst || this.#queue.length >= this.#maxItems || this.#adders.length > 0
        isFirst = false
        return isDue && this.#queue.length > 0 && this.#flushes === 0
      }, undefined)
    })
    this.#running = turn.catch((error: unknown) => {
      this.#unseen = { error }
    })
  }
  async #deliverWhile(isDue: () => boolean, call: Call | undefined): Promise<void> {
    this.#timer?.abort()
    this.#timer = undefined
    while (isDue()) {
      const items = this.#takeBatch()
      this.#underWay = items.length
      const report = items.length > 0 ? await this.#deliverBatch(items, call) : undefined
      this.#underWay = 0
      if (report) this.#undelivered.keep(items, report)
      this.#letIn()
      if (report) this.#tell(report)
    }
    if (this.#queue.length > 0) this.#startTimer()
  }
  #tell(report: Report): void {
    try {
      this.#options.onReport?.(report)
    } catch (error) {
      this.#reportFailure ??= { error }
    }
  }
  async #deliverBatch(items: readonly Item[], call: Call | undefined): Promise<Report> {
    try {
      return await this.#connector.deliver(items, call)
    } catch (error) {
      this.#queue = [...items, ...this.#queue]
      this.#underWay = 0
      for (const { reject } of this.#adders.splice(0)) reject(error)
      throw error
    }
  }
  #takeBatch(): readonly Item[] {
    const items: Item[] = []
    let taken = 0
    for (; taken < this.#queue.length && items.length < this.#maxItems; taken++) {
      const item = this.#queue[taken]
      if (item && !this.#undelivered.holdBack(item)) items.push(item)
    }
    this.#queue = this.#queue.slice(taken)
    return items
  }
  #letIn(): void {
    while (!this.#isFull()) {
      const adder = this.#adders.shift()
      if (!adder) return
      this.#queue.push(adder.item)
      adder.resolve()
    }
  }
}
interface Failure {
  readonly error: unknown
}
interface Adder {
  readonly item: Item
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}
