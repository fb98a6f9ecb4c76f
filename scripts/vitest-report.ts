/** What we read of vitest's JSON report. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** A file that fails without a failed test of its own (it could not be loaded, or its set-up failed) counts as one. */
export function countReport(report: VitestReport): Counts {
  const statuses = report.testResults.flatMap((file) => file.assertionResults.map(({ status }) => status))
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const passed = statuses.filter((status) => status === 'passed').length
  const failed = statuses.filter((status) => status === 'failed').length
  return { passed, failed: failed + brokenFiles.length, skipped: statuses.length - passed - failed }
}

export function addCounts(counts: readonly Counts[]): Counts {
  const sum = (of: keyof Counts) => counts.reduce((total, each) => total + each[of], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/** The closing line that CI reads. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
