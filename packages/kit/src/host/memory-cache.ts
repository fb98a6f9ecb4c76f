import type { Clock, IdCache } from '@tripline/model'

interface Entry {
  readonly value: string
  readonly until: number
}

/**
 * Record ids in memory, each until its `ttlMs` is over. When half of `maxEntries` was set anew, what was set before
 * those is dropped: constant time per entry, and never more than `maxEntries` of them.
 * @param maxEntries default 200,000
 * @example const cache = createMemoryCache(systemClock); await cache.set(new Map([['user-1', '8471']]), 60_000)
 */
export function createMemoryCache(clock: Clock, maxEntries = 200_000): IdCache {
  const perGeneration = Math.max(1, Math.floor(maxEntries / 2))
  let recent = new Map<string, Entry>()
  let earlier = new Map<string, Entry>()
  return {
    async get(keys) {
      const now = clock.now()
      const found = new Map<string, string>()
      for (const key of keys) {
        const entry = recent.get(key) ?? earlier.get(key)
        if (entry && entry.until > now) found.set(key, entry.value)
      }
      return found
    },
    async set(given, ttlMs) {
      const until = clock.now() + ttlMs
      for (const [key, value] of given) {
        earlier.delete(key)
        if (value === '') recent.delete(key)
        else recent.set(key, { value, until })
        if (recent.size < perGeneration) continue
        earlier = recent
        recent = new Map()
      }
    },
  }
}
