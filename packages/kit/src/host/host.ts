import type { Host, Limit } from '@tripline/model'
import { createMemoryBudget } from './budget.ts'
import { systemClock } from './clock.ts'
import { createMemoryCache } from './memory-cache.ts'

/**
 * Fills the parts that the surroundings do not lend: the machine's clock and fetch, budget and cache in memory.
 * @param limits for the budget
 * @example const host = createHost({ clock: sandbox.clock }, limits)
 */
export function createHost(given: Partial<Host> | undefined, limits: readonly Limit[]): Host {
  const clock = given?.clock ?? systemClock
  return {
    fetch: given?.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    clock,
    budget: given?.budget ?? createMemoryBudget(limits, clock),
    cache: given?.cache ?? createMemoryCache(clock),
    ...(given?.onCall && { onCall: given.onCall }),
    ...(given?.onPlanned && { onPlanned: given.onPlanned }),
  }
}
