import type { Clock, IdCache } from '@tripline/model'

interface Entry {
  readonly value: string
  readonly until: number
}

/**
 * Record ids in memory, least recently set first out.
 * @param maxEntries default 200,000, about 30 MB
 */
export function createMemoryCache(clock: Clock, maxEntries = 200_000): IdCache {
  const entries = new Map<string, Entry>()
  return {
    async get(keys) {
      const now = clock.now()
      const found = new Map<string, string>()
      for (const key of keys) {
        const entry = entries.get(key)
        if (entry && entry.until > now) found.set(key, entry.value)
      }
      return found
    },
    async set(given, ttlMs) {
      const until = clock.now() + ttlMs
      for (const [key, value] of given) {
        entries.delete(key)
        if (value !== '') entries.set(key, { value, until })
      }
      for (const key of entries.keys()) {
        if (entries.size <= maxEntries) break
        entries.delete(key)
      }
    },
  }
}
