import { styleText } from 'node:util'

/** A table for people. Loaded when one is printed. */
export async function renderTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const table = new Table({
    head: head.map((name) => styleText('bold', name)),
    chars: plain,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: head.map((_, column) => (rows.every((row) => isNumber(row[column])) ? 'right' : 'left')),
  })
  for (const row of rows) table.push(row.map((cell) => (isNumber(cell) ? formatted(cell) : (cell ?? ''))))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

const isNumber = (cell: string | number | undefined): cell is number => typeof cell === 'number'
const formatted = (value: number): string => value.toLocaleString('en-US')

/** No lines: what is printed can be cut and searched. */
const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const
