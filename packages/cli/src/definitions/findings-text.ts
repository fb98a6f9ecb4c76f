import type { Finding } from '@tripline/triggers'

/** The findings as lines: severity, place, what to do. */
export function findingsText(path: string, findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']) =>
    findings.filter((each) => each.severity === severity).length
  const [errors, warnings] = [count('error'), count('warning')]
  if (errors + warnings === 0) return `${path}: nothing found`
  const lines = findings.map((finding) => {
    const place = finding.path === '' ? 'it' : finding.path
    return `${finding.severity.padEnd(7)} ${place}: ${finding.message}`
  })
  return [...lines, `${path}: ${several(errors, 'error')}, ${several(warnings, 'warning')}`].join('\n')
}

function several(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
