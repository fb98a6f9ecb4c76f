import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packPackages, type Tarballs } from '../../scripts/pack-packages.ts'
import { runCommand } from '../../scripts/run-command.ts'
import { publishedPackages, readText, root, vendors, type Manifest } from '../../scripts/workspace.ts'
import { importLaws } from './import-laws.ts'
import { identifiers } from './sibling-files.ts'
import { useExample } from './code-blocks.ts'

const minutesMs = 60_000
const folder = mkdtempSync(join(tmpdir(), 'tripline-packaging-'))
let tarballs: Tarballs = new Map()

beforeAll(async () => {
  const destination = join(folder, 'tarballs')
  mkdirSync(destination)
  tarballs = await packPackages(destination)
}, 5 * minutesMs)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(publishedPackages())('the tarball of $manifest.name', ({ manifest }) => {
  test('holds the built code, its types, a README and the licence, and nothing else', async () => {
    const listed = await runCommand('tar', ['-tzf', tarballOf(manifest.name)])
    const files = listed.stdout.trimEnd().split('\n')
    const wanted = ['package/package.json', 'package/README.md', 'package/LICENSE', 'package/dist/index.js']
    expect(wanted.filter((file) => !files.includes(file))).toEqual([])
    const known =
      /^package\/(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|definitions\.schema\.json|dist\/.+\.(?:js|js\.map|d\.ts))$/
    expect(files.filter((file) => !known.test(file) || /\.test(?:-d)?\./.test(file))).toEqual([])
  })

  test('has a manifest that works outside the workspace', async () => {
    const text = (await runCommand('tar', ['-xzOf', tarballOf(manifest.name), 'package/package.json'])).stdout
    const packed = JSON.parse(text) as Manifest
    expect(text).not.toMatch(/"(?:workspace|catalog|link|file):/)
    expect(Object.values(packed.exports).flatMap(Object.keys)).not.toContain('development')
    expect(Object.keys(packed.exports)).toEqual(Object.keys(manifest.exports))
  })
})

describe.each(vendors.map((vendor) => ({ vendor })))('@tripline/$vendor installed alone', ({ vendor }) => {
  const name = `@tripline/${vendor}`
  const consumer = join(folder, vendor)
  const sdk = importLaws.find((law) => law.folder === `adapters/${vendor}`)?.foreign[0] ?? ''

  beforeAll(() => installTarballs(consumer, ['@tripline/model', '@tripline/kit', name]), 5 * minutesMs)

  test('brings two packages of ours beside itself, and the tree of its own SDK', () => {
    const installed = readLock(consumer)
    const names = [...installed.keys()]
    expect(names.filter((each) => each.startsWith('@tripline/')).toSorted()).toEqual(
      ['@tripline/kit', '@tripline/model', name].toSorted(),
    )
    const ours = new Set(names.filter((each) => each.startsWith('@tripline/')))
    const ofSdk = reachable(installed, sdk)
    expect(names.filter((each) => !ours.has(each) && !ofSdk.has(each))).toEqual([])
  })

  test('is imported by plain Node', async () => {
    const program = `console.log(Object.keys(await import('${name}')).join())`
    const result = await runCommand('node', ['--input-type=module', '--eval', program], { cwd: consumer })
    expect(result.output.trim().split(',')).toContain(`create${identifiers[vendor]}`)
    expect(result.code).toBe(0)
  })

  test('has types with which the README’s example compiles', async () => {
    writeFileSync(join(consumer, 'example.ts'), useExample(readText(`adapters/${vendor}/README.md`)))
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(consumerConfig))
    expect((await runCommand('tsc', ['--noEmit', '--pretty', 'false'], { cwd: consumer })).output).toBe('')
  })
})

test(
  'the command line installs with everything it composes, and starts on plain Node',
  async () => {
    const consumer = join(folder, 'command-line')
    await installTarballs(consumer, [...tarballs.keys()])
    const started = await runCommand('node', ['node_modules/tripline/dist/main.js', '--help'], {
      cwd: consumer,
    })
    expect(started.output).toContain('tripline')
    expect(started.code).toBe(0)
  },
  5 * minutesMs,
)

/** What a careful user has; Node's types are the only thing lent by the workspace. */
const consumerConfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    typeRoots: [join(root, 'node_modules/@types')],
    types: ['node'],
  },
  files: ['example.ts'],
}

function tarballOf(name: string): string {
  return tarballs.get(name) ?? `no tarball of ${name}`
}

/** What `npm install` of these packages gives in an empty folder. The SDK comes from the user's own registry. */
async function installTarballs(consumer: string, names: readonly string[]): Promise<void> {
  mkdirSync(consumer)
  const dependencies = Object.fromEntries(names.map((name) => [name, `file:${tarballOf(name)}`]))
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  )
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--no-update-notifier']
  const installed = await runCommand('npm', ['install', ...flags], { cwd: consumer })
  if (installed.code !== 0) throw new Error(`npm install failed\n${installed.output}`)
}

type Installed = ReadonlyMap<string, ReadonlySet<string>>
interface LockEntry {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Package name → names it depends on, over all installed copies. */
function readLock(consumer: string): Installed {
  const text = readFileSync(join(consumer, 'node_modules/.package-lock.json'), 'utf8')
  const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, LockEntry>> }
  const installed = new Map<string, Set<string>>()
  for (const [path, entry] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const needs = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies }
    installed.set(name, new Set([...(installed.get(name) ?? []), ...Object.keys(needs)]))
  }
  return installed
}

function reachable(installed: Installed, start: string): ReadonlySet<string> {
  const seen = new Set([start])
  for (const name of seen) for (const next of installed.get(name) ?? []) seen.add(next)
  return seen
}
