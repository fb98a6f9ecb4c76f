import type { ExitCode } from '../define-command.ts'
import type { SendSummary } from './send.ts'

export const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

/** 1: a vendor refused us as a whole, or the run was interrupted; 2: something did not arrive; else 0. */
export function exitCodeOf({ vendors, malformed, interrupted }: SendSummary): ExitCode {
  const all = Object.values(vendors)
  if (interrupted || all.some(({ halt }) => halt?.what === 'connector')) return 1
  const lost = all.some(({ dead, unknown, undelivered }) => dead + unknown + undelivered > 0)
  return lost || malformed > 0 ? 2 : 0
}
