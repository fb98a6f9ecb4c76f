import type { Clock } from '@tripline/model'
import { createCourier, type CourierOptions } from './courier.ts'
import type { Entry } from './held.ts'

export interface DeliveryOptions extends CourierOptions {
  /** Items of one `deliver` call. */
  readonly batchItems: number
  readonly clock: Clock
  /** A batch is done; the place to save where we are. */
  readonly onBatch: () => Promise<void> | void
}
/** The way of all items to one vendor: batch after batch, so that order in lanes holds over batches too. */
export interface VendorDelivery {
  /** Takes a message's items; resolves when there is room for more (at most one batch flies and one is gathered). */
  add(entries: readonly Entry[]): Promise<void>
  /** Sends the rest, then tries what came back as `retry` again, until nothing changes. */
  finish(): Promise<void>
}

const maxRounds = 5

export function createVendorDelivery(options: DeliveryOptions): VendorDelivery {
  const { batchItems, signal, clock, onBatch } = options
  const courier = createCourier(options)
  let pending: Entry[] = []
  let running: Promise<void> = Promise.resolve()
  let failure: { readonly error: unknown } | undefined

  async function deliver(entries: readonly Entry[]): Promise<void> {
    await courier.deliver(entries)
    await onBatch()
  }
  function start(): void {
    const entries = pending
    pending = []
    running = deliver(entries).catch((error: unknown) => {
      failure ??= { error }
    })
  }
  async function landed(): Promise<void> {
    await running
    if (failure) throw failure.error
  }
  async function retryHeld(): Promise<void> {
    const { held } = courier
    for (let round = 0; round < maxRounds && held.size > 0; round++) {
      if (signal.aborted || courier.isClosed) break
      await clock.sleep(Math.max(0, held.notBeforeMs - clock.now()), signal).catch(() => undefined)
      const entries = held.takeAll().map(({ entry }) => entry)
      for (let from = 0; from < entries.length; from += batchItems)
        await deliver(entries.slice(from, from + batchItems))
      if (held.size === entries.length) break
    }
    await courier.giveUp()
  }
  return {
    async add(entries) {
      for (const entry of entries) pending.push(entry)
      if (pending.length < batchItems) return
      await landed()
      start()
    },
    async finish() {
      await landed()
      start()
      await landed()
      await retryHeld()
      await onBatch()
    },
  }
}
