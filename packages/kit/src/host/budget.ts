import type { Budget, Clock, Limit } from '@tripline/model'
import { createRateWindow, type RateWindow } from './rate-window.ts'

/** Rate budgets in memory, from the effective limits; corrected by what the vendor's headers say. Unknown ids are free. */
export function createMemoryBudget(limits: readonly Limit[], clock: Clock): Budget {
  const windows = new Map<string, RateWindow>()
  for (const limit of limits) if (limit.kind === 'rate') windows.set(limit.id, createRateWindow(limit))
  const queues = new Map<string, Promise<void>>()

  async function wait(window: RateWindow, weight: number, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted()
      const waitMs = window.take(weight, clock.now())
      if (waitMs === 0) return
      await clock.sleep(waitMs, signal)
    }
  }
  return {
    async take(limitId, weight, signal) {
      const window = windows.get(limitId)
      if (!window) return
      const before = queues.get(limitId)
      if (!before && window.take(weight, clock.now()) === 0) return
      // First come, first served: the next in line asks only when the one before has its share or gave up.
      const turn = (before ?? Promise.resolve()).then(() => wait(window, weight, signal))
      const settled = turn.catch(() => undefined)
      queues.set(limitId, settled)
      void settled.then(() => {
        if (queues.get(limitId) === settled) queues.delete(limitId)
      })
      await turn
    },
    observe: (limitId, left, resetAtMs) => windows.get(limitId)?.observe(left, resetAtMs),
  }
}
