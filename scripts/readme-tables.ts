/**
 * Writes the parts of each adapter's README that come from its exported tables.
 *
 * `node -C development scripts/readme-tables.ts [--check] [vendor …]`; with `--check` it changes nothing, prints
 * which README is out of date and ends with 1.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Capabilities, Limit } from '@tripline/model'
import { capabilityTable, limitTable } from './table-markdown.ts'
import { readText, root, vendors, type Vendor } from './workspace.ts'

/** What an adapter exports that its README shows. */
interface AdapterTables {
  readonly capabilities: Capabilities
  readonly limits: readonly Limit[]
}

/** The README of `vendor` as it should be, formatted. @throws when a marker or an exported table is missing */
export async function expectedReadme(vendor: Vendor): Promise<string> {
  const { capabilities, limits } = await readTables(vendor)
  const written = replacePart(readText(readmePath(vendor)), 'capabilities', capabilityTable(capabilities))
  return formatMarkdown(replacePart(written, 'limits', limitTable(limits)))
}

export function readmePath(vendor: Vendor): string {
  return `adapters/${vendor}/README.md`
}

async function readTables(vendor: Vendor): Promise<AdapterTables> {
  const entry = join(root, `adapters/${vendor}/src/index.ts`)
  const exported = (await import(entry)) as Readonly<Record<string, unknown>>
  const capabilities = exported[`${vendor}Capabilities`]
  const limits = exported[`${vendor}Limits`]
  if (capabilities === undefined || !Array.isArray(limits))
    throw new Error(`adapters/${vendor} does not export ${vendor}Capabilities and ${vendor}Limits`)
  return { capabilities: capabilities as Capabilities, limits: limits as readonly Limit[] }
}

function replacePart(readme: string, name: string, table: string): string {
  const start = `<!-- generated:${name} -->`
  const end = '<!-- /generated -->'
  const from = readme.indexOf(start)
  const to = readme.indexOf(end, from)
  if (from === -1 || to === -1) throw new Error(`a README misses its markers ${start} … ${end}`)
  return `${readme.slice(0, from + start.length)}\n\n${table}\n\n${readme.slice(to)}`
}

/** The formatter pads table columns, so the comparison has to be with its output. */
function formatMarkdown(text: string): string {
  const formatted = spawnSync(join(root, 'node_modules/.bin/oxfmt'), ['--stdin-filepath=README.md'], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  })
  if (formatted.status !== 0) throw new Error(`oxfmt refused a README: ${formatted.stderr}`)
  return formatted.stdout
}

async function main(args: readonly string[]): Promise<void> {
  const check = args.includes('--check')
  const named = vendors.filter((vendor) => args.includes(vendor))
  for (const vendor of named.length > 0 ? named : vendors) {
    const path = readmePath(vendor)
    if (!existsSync(join(root, path))) throw new Error(`${path} does not exist yet`)
    const expected = await expectedReadme(vendor)
    if (expected === readText(path)) continue
    if (!check) writeFileSync(join(root, path), expected)
    console.log(`${path} ${check ? 'is out of date' : 'written'}`)
    if (check) process.exitCode = 1
  }
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2))
