import type { FaultKind } from './simulator.ts'

export interface JournalEntry {
  /** When it was answered, cut or left hanging; ms since 1970 in sandbox time. */
  readonly at: number
  readonly method: string
  readonly path: string
  /** The pattern of the route that took it; `unknown` when there is none. */
  readonly route: string
  /** 0 when there was no answer, 599 when the sandbox itself has a defect. */
  readonly status: number
  /** Of the body, after gzip was undone. */
  readonly bytes: number
  /** The fault that was shown. */
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
