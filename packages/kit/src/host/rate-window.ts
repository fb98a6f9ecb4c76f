import type { RateLimit } from '@tripline/model'

/** How far one rate limit is used up. A rolling window is kept in slots, so its size does not grow with `max`. */
export interface RateWindow {
  /**
   * Takes `weight` and answers 0, or takes nothing and answers how many ms to wait before asking again. More than `max`
   * at once is taken at the start of an empty window, because it would never fit.
   */
  take(weight: number, nowMs: number): number
  /** The vendor's own count, which may include other programs on the same account. */
  observe(left: number, resetAtMs: number, nowMs: number): void
}
/** Each slot is given back when the whole of it is out of the window: at most 1/64 of the rate is lost to that. */
const slotsPerWindow = 64

interface Told {
  left: number
  resetAtMs: number
}

/** Windows of `fixed` limits begin at multiples of `perMs` since 1970, as far as no header tells otherwise. */
export function createRateWindow(limit: RateLimit): RateWindow {
  const slotMs = limit.window === 'fixed' ? limit.perMs : limit.perMs / slotsPerWindow
  const kept = limit.window === 'fixed' ? 1 : slotsPerWindow + 1
  const slots: { readonly index: number; used: number }[] = []
  let used = 0
  let told: Told | undefined

  function drop(current: number): void {
    while (slots[0] && slots[0].index <= current - kept) used -= slots.shift()?.used ?? 0
  }
  function waitFor(weight: number, nowMs: number): number {
    if (told && nowMs < told.resetAtMs && weight > told.left) return told.resetAtMs - nowMs
    if (used === 0 || used + weight <= limit.max) return 0
    let free = limit.max - used
    let until = 0
    for (const slot of slots) {
      free += slot.used
      until = (slot.index + kept) * slotMs
      if (free >= weight) break
    }
    return Math.max(1, until - nowMs)
  }
  return {
    take(weight, nowMs) {
      const last = slots.at(-1)
      const current = Math.max(Math.floor(nowMs / slotMs), last?.index ?? -Infinity) // a clock may be set back
      drop(current)
      const waitMs = waitFor(weight, nowMs)
      if (waitMs > 0) return waitMs
      if (last?.index === current) last.used += weight
      else slots.push({ index: current, used: weight })
      used += weight
      if (told) told.left -= weight
      return 0
    },
    observe(left, resetAtMs, nowMs) {
      if (Number.isNaN(left) || !(resetAtMs > nowMs)) return
      if (!told || told.resetAtMs <= nowMs) {
        told = { left, resetAtMs }
        return
      }
      // Answers overtake each other, and a reset counted from now wanders by some ms. Within a window only the
      // stricter word counts: ours knows of requests that the vendor had not seen when it answered.
      const later = resetAtMs - told.resetAtMs
      if (later >= limit.perMs / 2) told = { left, resetAtMs }
      else if (later > -limit.perMs / 2) told.left = Math.min(told.left, left)
    },
  }
}
