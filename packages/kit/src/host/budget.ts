import type { Budget, Clock, Limit } from '@tripline/model'
import { createRateWindow, type RateWindow } from './rate-window.ts'

/**
 * Rate budgets in memory, from the effective limits; corrected by what the vendor's headers say. First come, first
 * served: nobody overtakes one who waits for more units. Ids without a rate limit are free.
 * @throws `take` rejects with the signal's reason when aborted, at once and without holding up those behind it
 * @example const budget = createMemoryBudget(limits, systemClock); await budget.take('track', 1, signal)
 */
export function createMemoryBudget(limits: readonly Limit[], clock: Clock): Budget {
  const queues = new Map<string, BudgetQueue>()
  for (const limit of limits)
    if (limit.kind === 'rate') queues.set(limit.id, createQueue(createRateWindow(limit), clock))
  return {
    async take(limitId, weight, signal) {
      signal?.throwIfAborted()
      await queues.get(limitId)?.take(weight, signal)
    },
    observe: (limitId, left, resetAtMs) => queues.get(limitId)?.observe(left, resetAtMs),
  }
}

interface BudgetQueue {
  take(weight: number, signal: AbortSignal | undefined): Promise<void> | undefined
  observe(left: number, resetAtMs: number): void
}
interface Waiter {
  readonly weight: number
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

function createQueue(window: RateWindow, clock: Clock): BudgetQueue {
  const waiting = new Set<Waiter>()
  let nap: AbortController | undefined

  /** Serves the head of the queue, and sleeps while it must wait. Ends with the queue, so that no timer is left. */
  async function serve(): Promise<void> {
    for (let head = first(waiting); head; head = first(waiting)) {
      const waitMs = window.take(head.weight, clock.now())
      if (waitMs === 0) {
        waiting.delete(head)
        head.resolve()
        continue
      }
      nap = new AbortController()
      try {
        await clock.sleep(waitMs, nap.signal)
      } catch (error) {
        if (nap.signal.aborted) continue
        waiting.delete(head)
        head.reject(error)
      }
    }
    nap = undefined
  }
  return {
    take(weight, signal) {
      if (waiting.size === 0 && window.take(weight, clock.now()) === 0) return undefined
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          const isHead = first(waiting) === waiter
          waiting.delete(waiter)
          reject(signal?.reason)
          if (isHead) nap?.abort(left)
        }
        const settled = (settle: (reason: unknown) => void) => (reason?: unknown) => {
          signal?.removeEventListener('abort', leave)
          settle(reason)
        }
        const waiter: Waiter = { weight, resolve: settled(() => resolve()), reject: settled(reject) }
        signal?.addEventListener('abort', leave, { once: true })
        waiting.add(waiter)
        if (waiting.size === 1 && !nap) void serve()
      })
    },
    observe: (leftUnits, resetAtMs) => window.observe(leftUnits, resetAtMs, clock.now()),
  }
}
const left = Symbol('the head of the queue left')

function first(waiting: ReadonlySet<Waiter>): Waiter | undefined {
  for (const waiter of waiting) return waiter
  return undefined
}
