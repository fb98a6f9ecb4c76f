import type { CallCount } from '@tripline/model'

type Counted = { -readonly [K in keyof CallCount]: CallCount[K] }
/** Counts the requests of one call of the connector, by endpoint and purpose. */
export interface CallLog {
  add(
    endpoint: string,
    purpose: CallCount['purpose'],
    change: { count?: number; retries?: number; bytes?: number },
  ): void
  all(): readonly CallCount[]
}

export function createCallLog(): CallLog {
  const counted = new Map<string, Counted>()
  return {
    add(endpoint, purpose, { count = 0, retries = 0, bytes = 0 }) {
      const key = `${purpose} ${endpoint}`
      const entry = counted.get(key) ?? { endpoint, purpose, count: 0, retries: 0, bytes: 0 }
      counted.set(key, entry)
      entry.count += count
      entry.retries += retries
      entry.bytes += bytes
    },
    all: () => [...counted.values()],
  }
}
