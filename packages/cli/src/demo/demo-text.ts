import { styleText } from 'node:util'
import Table from 'cli-table3'
import { sum, type Reasons } from './count-outcomes.ts'
import type { Difference } from './difference.ts'
import type { DemoResult, VendorResult } from './summary.ts'

type Column = readonly [title: string, value: (row: VendorResult) => number | string]
const items = [
  ['given', ({ given }) => given],
  ['not routed', ({ notRouted }) => sum(notRouted)],
  ['stored', ({ stored }) => stored],
  ['unchanged', ({ unchanged }) => unchanged],
  ['lost', ({ lost }) => sum(lost)],
  ['perhaps twice', ({ maybeTwice }) => maybeTwice],
  ['unknown', ({ unknown }) => unknown],
  ['dead', ({ dead }) => sum(dead)],
  ['undelivered', ({ undelivered }) => sum(undelivered)],
] as const satisfies readonly Column[]
const calls = [
  ['writing', ({ calls }) => calls.write],
  ['least', ({ calls }) => calls.least],
  ['looking up', ({ calls }) => calls.lookup],
  ['schema', ({ calls }) => calls.schema],
  ['retries', ({ calls }) => calls.retries],
  ['reading back', ({ calls }) => calls.read],
  ['seconds', ({ seconds }) => seconds.toFixed(1)],
] as const satisfies readonly Column[]
const comparison = [
  ['events due', ({ compared }) => compared.eventsExpected],
  ['in doubt', ({ compared }) => compared.eventsInDoubt],
  ['events there', ({ compared }) => compared.eventsFound],
  ['facts', ({ compared }) => compared.facts],
  ['profiles read', ({ compared }) => compared.profiles],
  ['members read', ({ compared }) => compared.members],
  ['differences', ({ differenceCount }) => differenceCount],
] as const satisfies readonly Column[]

/** The tables, the reasons behind their numbers, and the verdict in the last line. */
export function demoText({ messages, seconds, peakMemoryMb, vendors }: DemoResult): string {
  const { read, malformed, repeated } = messages
  return [
    `${read} messages: ${malformed} malformed, ${repeated} repeated`,
    titled('Items', items, vendors),
    titled('Calls', calls, vendors),
    titled('Compared', comparison, vendors),
    ...vendors.flatMap(reasonLines),
    `${seconds.toFixed(1)} s, peak memory ${peakMemoryMb} MB`,
    verdict(vendors),
  ].join('\n')
}

/** True when nothing is left unexplained. */
export const isEqual = ({ vendors }: Pick<DemoResult, 'vendors'>): boolean =>
  vendors.every(({ equal }) => equal)

function titled(title: string, columns: readonly Column[], vendors: readonly VendorResult[]): string {
  const table = new Table({
    head: [title, ...columns.map(([name]) => name)],
    colAligns: ['left', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  })
  for (const row of vendors) table.push([row.vendor, ...columns.map(([, value]) => value(row))])
  return table.toString()
}

const mostReasons = 12
function reasonLines(row: VendorResult): readonly string[] {
  const groups: readonly (readonly [string, Reasons])[] = [
    ['not routed', row.notRouted],
    ['lost', row.lost],
    ['dead', row.dead],
    ['undelivered', row.undelivered],
    ['values', row.values],
    ['faults shown', row.faults],
  ]
  const lines = groups.flatMap(([name, reasons]) => reasonsOf(name, reasons))
  const manual = row.segment.manual.map((text) => `  by hand: ${text}`)
  return lines.length + manual.length === 0 ? [] : [`${row.vendor}:`, ...lines, ...manual]
}

function reasonsOf(name: string, reasons: Reasons): readonly string[] {
  const sorted = Object.entries(reasons).toSorted(([, a], [, b]) => b - a)
  const lines = sorted.slice(0, mostReasons).map(([reason, count]) => `  ${name}: ${count} × ${reason}`)
  const rest = sorted.slice(mostReasons).reduce((all, [, count]) => all + count, 0)
  return rest === 0 ? lines : [...lines, `  ${name}: ${rest} × other reasons (--json lists them)`]
}

const numbers = ['no', 'the one', 'both', 'all three', 'all four', 'all five'] as const
function verdict(vendors: readonly VendorResult[]): string {
  const different = vendors.filter(({ equal }) => !equal)
  if (different.length === 0) {
    const word = vendors.length === 1 ? 'vendor' : 'vendors'
    return styleText('green', `equal at ${numbers[vendors.length] ?? vendors.length} ${word}`)
  }
  const lines = different.flatMap(({ vendor, differences, differenceCount }) => [
    `${vendor}: ${differenceCount} differences that nothing explains`,
    ...differences.slice(0, 20).map((difference) => `  ${describe(difference)}`),
  ])
  return [...lines, styleText('red', `not equal: ${different.map(({ vendor }) => vendor).join(', ')}`)].join(
    '\n',
  )
}

const describe = ({ seenBy, person, what, expected, found }: Difference): string =>
  `(${seenBy}) ${person} ${what}: expected ${textOf(expected)}, found ${textOf(found)}`

const textOf = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200)
