import type { FaultKind } from './simulator.ts'

export interface JournalEntry {
  readonly at: number
  readonly method: string
  readonly path: string
  /** The pattern of the route that took it; `unknown` when there is none. */
  readonly route: string
  /** 0 when the connection was cut. */
  readonly status: number
  readonly bytes: number
  readonly fault: FaultKind | undefined
}
export interface Journal {
  add(entry: JournalEntry): void
  /** The newest 10,000 requests, oldest first. */
  entries(): readonly JournalEntry[]
  /** All requests so far by "METHOD /route status". */
  counts(): Readonly<Record<string, number>>
  clear(): void
}
const maxEntries = 10_000

export function createJournal(): Journal {
  let entries: JournalEntry[] = []
  let counts: Record<string, number> = {}
  return {
    add(entry) {
      entries.push(entry)
      if (entries.length > 2 * maxEntries) entries = entries.slice(-maxEntries)
      const key = `${entry.method} ${entry.route} ${entry.status}`
      counts[key] = (counts[key] ?? 0) + 1
    },
    entries: () => entries.slice(-maxEntries),
    counts: () => ({ ...counts }),
    clear() {
      entries = []
      counts = {}
    },
  }
}
