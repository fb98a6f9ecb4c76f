import type { ChangeCounts, LedgerComparison, TriggerComparison } from '@tripline/triggers'
import { renderTable } from '../table/table.ts'
import { counted, indented, section } from './words.ts'

/** What two definitions change, as people read it. */
export async function comparisonText(comparison: LedgerComparison): Promise<string> {
  const { users, triggers, segments } = comparison
  const heading = `${counted(users.compared, 'user')} compared, ${users.affected.toLocaleString('en-US')} affected`
  if (users.affected === 0) return `${heading}: both definitions decide the same`
  const rest = users.affected - users.first.length
  const named = [
    ...users.first,
    ...(rest > 0 ? [`and ${counted(rest, 'more user')} (--out FILE lists every difference)`] : []),
  ]
  const rows = triggers.flatMap(rowsOf)
  const table =
    rows.length === 0
      ? ''
      : await renderTable(
          ['trigger', 'what', 'before', 'after', 'added', 'removed', 'moved', 'other reason', 'of users'],
          rows,
        )
  const changed = segments.filter((each) => each.users > 0)
  const changes =
    changed.length === 0
      ? ''
      : await renderTable(
          ['segment', 'changes before', 'after', 'users'],
          changed.map(({ segment, before, after, users: count }) => [segment, before, after, count]),
        )
  return [
    heading,
    ...section('Entries and steps', table),
    ...section('Segments', changes),
    ...section('Users', indented(named)),
  ].join('\n')
}

function rowsOf({
  trigger,
  users,
  entries,
  sends,
  acts,
}: TriggerComparison): readonly (readonly (string | number)[])[] {
  const parts: readonly (readonly [string, ChangeCounts])[] = [
    ['entries', entries],
    ...sends.map((each) => [`${each.channel} sends`, each] as const),
    ['other steps', acts],
  ]
  return parts
    .filter(([what, { before, after, reason }]) => what === 'entries' || before + after + reason > 0)
    .map(([what, { before, after, added, removed, moved, reason }]) => [
      trigger,
      what,
      before,
      after,
      added,
      removed,
      moved,
      reason,
      users,
    ])
}
