import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectedReadme, readmePath } from '../../scripts/readme-tables.ts'
import { readText, repositoryFiles, root, vendors, type Vendor } from '../../scripts/workspace.ts'
import {
  extraExports,
  extraFiles,
  identifiers,
  readmeHeadings,
  siblingExports,
  siblingFiles,
} from './sibling-files.ts'

describe.each(vendors.map((vendor) => ({ vendor })))('adapters/$vendor', ({ vendor }) => {
  const folder = `adapters/${vendor}`
  const files = repositoryFiles(folder).map((file) => file.slice(folder.length + 1))

  test('has every file that its siblings have', () => {
    expect(siblingFiles.filter((file) => !files.includes(file))).toEqual([])
    expect(files.some((file) => file.startsWith('fixtures/'))).toBe(true)
  })

  test('has other source files only where the list gives a reason', () => {
    const known = new Set<string>([...siblingFiles, ...Object.keys(extraFiles[vendor] ?? {})])
    const sources = files.filter((file) => file.startsWith('src/') && !file.endsWith('.test.ts'))
    expect(sources.filter((file) => !known.has(file))).toEqual([])
    expect(Object.keys(extraFiles[vendor] ?? {}).filter((file) => !files.includes(file))).toEqual([])
  })

  test('exports the same names up to the vendor’s own', () => {
    const extra = Object.keys(extraExports[vendor] ?? {})
    expect(exportedNames(vendor).toSorted()).toEqual([...siblingExports, ...extra].toSorted())
  })

  test('only exports in its entry point, and only wires in its connector', () => {
    const entry = readText(`${folder}/src/index.ts`)
    expect(entry.replaceAll(/^export (?:type )?\{[^}]*\} from '[^']+'$/gm, '').trim()).toBe('')
    expect(readText(`${folder}/src/connector.ts`).trimEnd().split('\n').length).toBeLessThanOrEqual(100)
  })

  test('README has the same headings in the same order, under one sentence', () => {
    const readme = withoutCode(readText(readmePath(vendor)))
    const headings = readme.split('\n').filter((line) => /^##? /.test(line))
    expect(headings).toEqual([`# @tripline/${vendor}`, ...readmeHeadings])
    const [, opening = ''] = /^# .*\n+([\s\S]*?)\n+## Install/.exec(readme) ?? []
    expect(opening.trim()).toMatch(/^[A-Z].*[.]$/s)
    expect(opening.trim().split(/\n\s*\n/)).toHaveLength(1)
  })

  test('README shows the abilities and limits that the code has', async () => {
    expect(readText(readmePath(vendor)), 'node -C development scripts/readme-tables.ts writes it').toBe(
      await expectedReadme(vendor),
    )
  })

  test('README’s example is at most fifteen lines', () => {
    const [, use = ''] = /^## Use\n([\s\S]*?)^## /m.exec(readText(readmePath(vendor))) ?? []
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(use) ?? []
    const lines = program.split('\n').filter((line) => line.trim() !== '')
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThanOrEqual(15)
  })

  test('its changelog names the version of its manifest', () => {
    const { version } = JSON.parse(readText(`${folder}/package.json`)) as { version: string }
    expect(readText(`${folder}/CHANGELOG.md`)).toContain(`## ${version}`)
  })
})

test('every fixture names its source and its date', () => {
  const fixtures = vendors
    .filter((vendor) => existsSync(join(root, `adapters/${vendor}/fixtures`)))
    .flatMap((vendor) => repositoryFiles(`adapters/${vendor}/fixtures`))
  const silent = fixtures.filter(
    (file) => !/\b20\d\d-\d\d-\d\d\b/.test(readText(file)) || !/source/i.test(readText(file)),
  )
  expect(silent).toEqual([])
})

/** The names an entry point exports, the vendor's own name replaced. A wrong spelling stays and is seen. */
function exportedNames(vendor: Vendor): readonly string[] {
  const lists = readText(`adapters/${vendor}/src/index.ts`).matchAll(/^export (?:type )?\{([^}]*)\}/gm)
  return [...lists]
    .flatMap(([, list = '']) => list.split(','))
    .map((name) =>
      name
        .trim()
        .replace(/^type /, '')
        .replace(/^.* as /, ''),
    )
    .filter((name) => name !== '')
    .map((name) => name.replace(identifiers[vendor], '<Vendor>').replace(vendor, '<vendor>'))
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '')
}
