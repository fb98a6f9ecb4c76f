import type { LedgerLine } from '@tripline/triggers'
import { bytesKey, timeKey } from '../sort/keys.ts'
import { createSorter, type SorterOptions, type TemporaryFolder } from '../sort/sorter.ts'
import { isoText } from './iso-text.ts'

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

/** Fields that come first, or in another form. */
const ownFields: ReadonlySet<string> = new Set([
  'userId',
  'atMs',
  'segment',
  'trigger',
  'kind',
  'reason',
  'id',
  'untilMs',
])

/** A line as it is listed: who, when, what first, times as ISO 8601 text. */
function listed(line: LedgerLine): { readonly [name: string]: unknown } {
  const text = headOf(line)
  const fields: object = line
  // Copying a rest of fields takes five times as long.
  for (const name in fields) if (!ownFields.has(name)) text[name] = (fields as Fields)[name]
  if (line.kind === 'refusal' && line.untilMs !== undefined) text['until'] = isoText(line.untilMs)
  return text
}
type Fields = { readonly [name: string]: unknown }

function headOf(line: LedgerLine): Record<string, unknown> {
  const { userId, kind } = line
  const at = isoText(line.atMs)
  if ('segment' in line) return { userId, at, segment: line.segment, kind }
  const { trigger, id } = line
  return kind === 'refusal'
    ? { userId, at, trigger, kind, reason: line.reason, id }
    : { userId, at, trigger, kind, id }
}
