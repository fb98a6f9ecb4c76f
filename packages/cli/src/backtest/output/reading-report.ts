import { counted } from '../../report/words.ts'
import { findingLines, type ValueFindings } from './value-findings.ts'
import { problemText, type Problem, type ProblemReason } from '../input/problems.ts'

/** What the reading of the input came to, beside what the ledger says. */
export interface ReadingReport {
  readonly events: number
  readonly duplicates: number
  /** At or after `--to`. */
  readonly notRead: number
  /** Lines that are wrong, by reason. */
  readonly problems: { readonly [reason in ProblemReason]?: number }
  readonly firstProblems: readonly Problem[]
  readonly findings: ValueFindings
  /** Options that had nothing, or not all, to work on. */
  readonly remarks: readonly string[]
  /** Why the input had to be sorted by user first; absent: it was read once as it came. */
  readonly sortedBecause?: string
}

/** A few lines for people; the first problems each on a line of its own. */
export function readingText(report: ReadingReport): string {
  const { events, duplicates, notRead, problems, firstProblems, findings, remarks } = report
  const count = (value: number, what: string) =>
    value === 0 ? [] : [`${value.toLocaleString('en-US')} ${what}`]
  const counts = [
    `${counted(events, 'event')} read`,
    ...count(duplicates, 'repeated and dropped'),
    ...count(notRead, 'at or after --to'),
  ].join(', ')
  const wrong = Object.entries(problems)
  const total = wrong.reduce((sum, [, value]) => sum + value, 0)
  const sorted = report.sortedBecause === undefined ? [] : [`sorted by user first: ${report.sortedBecause}`]
  const found = [...sorted, ...remarks, ...findingLines(findings)]
  if (total === 0) return [counts, ...found].join('\n')
  const more =
    total > firstProblems.length
      ? [`and ${total - firstProblems.length} more (--rejects FILE lists all)`]
      : []
  return [
    counts,
    ...found,
    `${counted(total, 'line')} ${total === 1 ? 'is' : 'are'} wrong: ${wrong.map(([reason, value]) => `${value} ${reason}`).join(', ')}`,
    ...[...firstProblems.map(problemText), ...more].map((line) => `  ${line}`),
  ].join('\n')
}
