import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { publishedPackages, repositoryFiles } from '../../scripts/workspace.ts'
import {
  importLaws,
  reachIn,
  sdks,
  testPackages,
  testTools,
  withoutTestPackages,
  type ImportLaw,
} from './import-laws.ts'
import { importsOf, packageOf, readImports, type Import } from './read-imports.ts'

/** Fixtures serve tests only. */
const isTest = (file: string) => /\.test(?:-d)?\.ts$|\/fixtures\//.test(file)
const packages = publishedPackages()
const sources = repositoryFiles().filter((file) => file.endsWith('.ts'))
const imports = sources.flatMap(readImports)
const below = (folder: string) => imports.filter(({ file }) => file.startsWith(`${folder}/`))
const show = ({ file, specifier, how }: Import) => `${file} → ${specifier} (${how})`

test('the reader of imports sees every form, and no comment', () => {
  const text = [
    "import a from 'a'",
    "import 'b/side-effect'",
    "import type { C } from 'c'",
    'import {',
    '  type D,',
    "} from 'd'",
    "export * from 'e'",
    "export type { F } from 'f'",
    "const g = await import('g')",
    "// import h from 'h'",
    '/**',
    "import i from 'i'",
    ' */',
    "const notAnImport = '/* no comment'",
    'export interface J {',
    "  readonly from: 'j'",
    '}',
    "export { k } from 'k'",
  ].join('\n')
  expect(importsOf('x.ts', text).map(({ specifier, how }) => `${specifier} ${how}`)).toEqual([
    'a static',
    'c types',
    'd static',
    'e static',
    'f types',
    'k static',
    'b/side-effect static',
    'g lazy',
  ])
})

test('every published package has its line in the table, and no line is left over', () => {
  expect(importLaws.map(({ folder }) => folder).toSorted()).toEqual(
    packages.map(({ folder }) => folder).toSorted(),
  )
})

describe.each(importLaws)('$folder', (law) => {
  test('its source imports only what it may', () => {
    const broken = below(law.folder).filter((each) => !isTest(each.file) && !mayImport(law, each))
    expect(broken.map(show)).toEqual([])
  })

  test('its tests import only that, the test tools, and what the tests may', () => {
    const tools = withoutTestPackages.includes(law.folder) ? testTools : [...testTools, ...testPackages]
    const foreign = law.folder === 'packages/sandbox' ? [...tools, ...sdks] : tools
    const broken = below(law.folder).filter(
      (each) => isTest(each.file) && !mayImport({ ...law, foreign: [...law.foreign, ...foreign] }, each),
    )
    expect(broken.map(show)).toEqual([])
  })

  test('its manifest depends on nothing else', () => {
    const manifest = packages.find(({ folder }) => folder === law.folder)?.manifest
    const declared = Object.keys({ ...manifest?.dependencies, ...manifest?.peerDependencies })
    const allowed = new Set([...law.ours, ...(law.lazily ?? []), ...law.foreign])
    expect(declared.filter((name) => !allowed.has(name))).toEqual([])
  })

  test('it declares what it imports', () => {
    const manifest = packages.find(({ folder }) => folder === law.folder)?.manifest
    const declared = { ...manifest?.dependencies, ...manifest?.peerDependencies }
    const missing = below(law.folder).filter(
      ({ file, specifier }) =>
        !isTest(file) && isForeign(specifier) && !(packageOf(specifier) ?? '' in declared),
    )
    expect(missing.map(show)).toEqual([])
  })
})

test('packages are entered by their public entry points only', () => {
  const entries = new Map(packages.map(({ manifest }) => [manifest.name, Object.keys(manifest.exports)]))
  const broken = imports.filter(({ specifier }) => {
    const exported = entries.get(packageOf(specifier) ?? '')
    return exported && !exported.includes(`.${specifier.slice((packageOf(specifier) ?? '').length)}`)
  })
  expect(broken.map(show)).toEqual([])
})

test('a relative import stays in its package, and from outside nothing reaches into a source folder', () => {
  const reachable = ['test', 'examples', 'scripts', 'bench']
  const broken = imports.filter(({ file, specifier }) => {
    if (!specifier.startsWith('.') || file in reachIn) return false
    const target = posix.join(posix.dirname(file), specifier)
    const home = homeOf(file)
    if (target.startsWith(`${home}/`) || home === '') return false
    return !(
      reachable.includes(home.split('/')[0] ?? '') &&
      (homeOf(target) === '' || !target.includes('/src/'))
    )
  })
  expect(broken.map(show)).toEqual([])
})

test('no import cycles at run time', () => {
  const known = new Set(sources)
  const graph = new Map<string, string[]>(sources.map((file) => [file, []]))
  for (const { file, specifier, how } of imports) {
    const target = posix.join(posix.dirname(file), specifier)
    if (how === 'static' && specifier.startsWith('.') && known.has(target)) graph.get(file)?.push(target)
  }
  expect(findCycle(graph)?.join(' → ') ?? 'none').toBe('none')
})

function mayImport(law: ImportLaw, { specifier, how }: Import): boolean {
  const name = packageOf(specifier)
  if (name === undefined || specifier.startsWith('node:')) return true
  if (law.lazily?.includes(name) && how !== 'static') return true
  return law.ours.includes(name) || law.foreign.includes(name)
}

function isForeign(specifier: string): boolean {
  return packageOf(specifier) !== undefined && !specifier.startsWith('node:')
}

/** `packages/kit`, `adapters/braze`, `test`, …; empty for a file at the root. */
function homeOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  if (!file.includes('/')) return ''
  return first === 'packages' || first === 'adapters' ? `${first}/${second}` : first
}

/** The files of one cycle, the first one repeated at the end; undefined if there is none. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const finished = new Set<string>()
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (finished.has(file)) return undefined
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file])
      if (cycle) return cycle
    }
    finished.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const cycle = visit(file, [])
    if (cycle) return cycle
  }
  return undefined
}
