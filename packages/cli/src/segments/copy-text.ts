import type { EnsuredSegment } from '@tripline/model'
import type { CopyResult } from './copy-segment.ts'
import type { SegmentDiff } from './diff-segments.ts'
import { remarks } from './diff-text.ts'

const maxShown = 20

export interface Copied {
  readonly from: string
  readonly to: string
  readonly ensured: EnsuredSegment
  readonly diff: SegmentDiff
  readonly result: CopyResult
}

export function copyText({ from, to, ensured, diff, result }: Copied): string {
  const { segment, created, manual } = ensured
  const failed = result.failed
    .slice(0, maxShown)
    .map(
      ({ userId, member, status, message }) => `  ${userId} ${member ? 'in' : 'out'} ${status}: ${message}`,
    )
  return [
    `${to}: ${segment.form} ${segment.id}${created ? ' (new)' : ''}`,
    `${diff.entering.length} enter, ${diff.leaving.length} leave, ${diff.both} stay`,
    `${result.sent} written, ${result.planned} planned, ${result.skipped} skipped, ${result.failed.length} not written`,
    ...failed,
    ...remarks(from, diff.source),
    ...remarks(to, diff.target),
    ...manual.map((line) => `by hand: ${line}`),
  ].join('\n')
}
