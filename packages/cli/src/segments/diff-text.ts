import type { Identity } from '@tripline/model'
import { idOf } from './read-members.ts'
import type { Counted, SegmentDiff } from './diff-segments.ts'

const maxShown = 20

export function diffText(from: string, to: string, diff: SegmentDiff): string {
  return [
    `${diff.both} in both`,
    ...listed('only in', from, diff.entering),
    ...listed('only in', to, diff.leaving),
    ...remarks(from, diff.source),
    ...remarks(to, diff.target),
  ].join('\n')
}

function listed(what: string, vendor: string, people: readonly Identity[]): readonly string[] {
  const shown = people.slice(0, maxShown).map((who) => `  ${idOf(who) ?? ''}`)
  const rest = people.length - shown.length
  return [
    `${people.length} ${what} ${vendor}`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more (--json has all)`] : []),
  ]
}

/** What a comparison by our own ids, or without a full list, cannot see. */
export function remarks(vendor: string, { withoutId, complete }: Counted): readonly string[] {
  return [
    ...(withoutId > 0 ? [`${withoutId} members at ${vendor} have no id of yours and are left out`] : []),
    ...(complete
      ? []
      : [`${vendor} lists no members: only the people asked about are compared (--among names more)`]),
  ]
}
