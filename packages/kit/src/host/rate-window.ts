import type { RateLimit } from '@tripline/model'

/** How far one rate limit is used up. A rolling window is kept in slots, so its size does not grow with `max`. */
export interface RateWindow {
  /** Takes `weight` and answers 0, or answers how many ms to wait and takes nothing. */
  take(weight: number, nowMs: number): number
  /** The vendor's own count, which may include other programs on the same account. */
  observe(left: number, resetAtMs: number): void
}
const slotsPerWindow = 64

export function createRateWindow(limit: RateLimit): RateWindow {
  const slotMs = limit.window === 'fixed' ? limit.perMs : limit.perMs / slotsPerWindow
  const kept = limit.window === 'fixed' ? 1 : slotsPerWindow + 1
  const slots: { index: number; used: number }[] = []
  let used = 0
  let told: { readonly left: number; readonly resetAtMs: number; taken: number } | undefined

  function drop(current: number): void {
    while (slots[0] && slots[0].index <= current - kept) used -= slots.shift()?.used ?? 0
  }
  function waitFor(weight: number, nowMs: number, current: number): number {
    if (told && nowMs < told.resetAtMs && told.taken + weight > told.left) return told.resetAtMs - nowMs
    if (used === 0 || used + weight <= limit.max) return 0
    let free = limit.max - used
    for (const slot of slots) {
      free += slot.used
      if (free >= weight) return Math.max(1, (slot.index + kept) * slotMs - nowMs)
    }
    return Math.max(1, (current + kept) * slotMs - nowMs)
  }
  return {
    take(weight, nowMs) {
      const current = Math.floor(nowMs / slotMs)
      drop(current)
      const waitMs = waitFor(weight, nowMs, current)
      if (waitMs > 0) return waitMs
      const last = slots.at(-1)
      if (last?.index === current) last.used += weight
      else slots.push({ index: current, used: weight })
      used += weight
      if (told) told.taken += weight
      return 0
    },
    observe(left, resetAtMs) {
      // Answers overtake each other: only a stricter word, or one about a later window, replaces the last one.
      const free = told ? told.left - told.taken : Infinity
      if (!told || resetAtMs > told.resetAtMs || left < free) told = { left, resetAtMs, taken: 0 }
    },
  }
}
