import { counted } from '../report/words.ts'
import { renderTable } from '../table/table.ts'
import { sumOf } from './exit-code.ts'
import type { SendSummary } from './send.ts'
import type { VendorSummary } from './tally.ts'

const maxReasonsShown = 10

/** The summary as people read it: a table of the vendors, then the reasons. */
export async function summaryText(summary: SendSummary): Promise<string> {
  const vendors = Object.entries(summary.vendors)
  const columns: readonly (readonly [string, (of: VendorSummary) => number])[] = [
    ['given', ({ given }) => given],
    ['not routed', ({ notRouted }) => sumOf(notRouted)],
    ['sent', ({ sent }) => sent],
    ['planned', ({ planned }) => planned],
    ['skipped', ({ skipped }) => sumOf(skipped)],
    ['unknown', ({ unknown }) => unknown],
    ['dead', ({ dead }) => dead],
    ['undelivered', ({ undelivered }) => undelivered],
    ['perhaps twice', ({ maybeTwice }) => maybeTwice],
    ['losses', ({ losses }) => losses.reduce((sum, { count }) => sum + count, 0)],
    ['calls', ({ calls }) => sumOf(calls)],
    ['retries', ({ retries }) => retries],
  ]
  const shown = columns.filter(
    ([name, value]) => name !== 'planned' || vendors.some(([, of]) => value(of) > 0),
  )
  const table = await renderTable(
    ['vendor', ...shown.map(([name]) => name)],
    vendors.map(([vendor, of]) => [vendor, ...shown.map(([, value]) => value(of))]),
  )
  const lines = [`${counted(summary.lines, 'line')} read`]
  if (summary.malformed > 0) lines.push(`${counted(summary.malformed, 'line')} malformed`)
  if (summary.settledEarlier > 0)
    lines.push(`${counted(summary.settledEarlier, 'line')} settled by an earlier run`)
  return [lines.join(', '), '', table, ...vendors.flatMap(reasonsOf), ...notesOf(summary)].join('\n')
}

function reasonsOf([vendor, summary]: readonly [string, VendorSummary]): readonly string[] {
  const parts = [
    ...Object.entries(summary.notRouted).map(([part, count]) => `${count} not routed: ${part}`),
    ...Object.entries(summary.skipped).map(([because, count]) => `${count} skipped: ${because}`),
    ...summary.losses.map(({ count, kind, because, path }) => `${count} ${kind}: ${because} (as ${path})`),
    ...summary.faults.map(({ count, status, code, message }) => `${count} ${status}: ${message} [${code}]`),
    ...(summary.cost ? [`${summary.cost.amount} data points billed`] : []),
    ...(summary.halt ? [`stopped (${summary.halt.what}): ${summary.halt.fault.message}`] : []),
  ]
  return parts.length === 0 ? [] : ['', vendor, ...shortened(parts)]
}

function notesOf({ notes }: SendSummary): readonly string[] {
  const parts = Object.entries(notes).map(([reason, count]) => `${count} ${reason}`)
  return parts.length === 0 ? [] : ['', 'in the input', ...shortened(parts)]
}

function shortened(parts: readonly string[]): readonly string[] {
  const rest = parts.length - maxReasonsShown
  const more = rest > 0 ? [`  and ${counted(rest, 'more reason')} (--json has all)`] : []
  return [...parts.slice(0, maxReasonsShown).map((part) => `  ${part}`), ...more]
}
