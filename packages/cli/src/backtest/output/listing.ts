import type { LedgerLine } from '@tripline/triggers'
import { bytesKey, timeKey } from '../sort/keys.ts'
import { createSorter, type SorterOptions, type TemporaryFolder } from '../sort/sorter.ts'

/** All lines of a ledger, ordered by (instant, user id, place). */
export interface Listing {
  add(line: LedgerLine): void
  /** The lines as JSON, once. */
  lines(): Iterable<string>
}

/** Lines of one person come in their order; people may be mixed. Sorted on disk when there are many. */
export function createListing(folder: TemporaryFolder, options: SorterOptions = {}): Listing {
  const sorter = createSorter(folder, options)
  return {
    add: (line) => sorter.add(timeKey(line.atMs) + bytesKey(line.userId), JSON.stringify(listed(line))),
    *lines() {
      for (const { text } of sorter.sorted()) yield text
    },
  }
}

/** A line as it is listed: who, when, what first, times as ISO 8601 text. */
export function listed(line: LedgerLine): { readonly [name: string]: unknown } {
  const at = new Date(line.atMs).toISOString()
  if ('segment' in line) {
    const { atMs: _, userId, segment, kind, ...more } = line
    return { userId, at, segment, kind, ...more }
  }
  if (line.kind !== 'refusal') {
    const { atMs: _, userId, trigger, kind, id, ...more } = line
    return { userId, at, trigger, kind, id, ...more }
  }
  const { atMs: _, userId, trigger, kind, reason, id, untilMs, ...more } = line
  const until = untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }
  return { userId, at, trigger, kind, reason, id, ...more, ...until }
}
