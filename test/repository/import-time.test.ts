import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../../scripts/run-command.ts'
import { publishedPackages, root } from '../../scripts/workspace.ts'

/** What happened while an entry point was imported, as a child process saw it. */
interface Sighting {
  readonly loaded: readonly string[]
  readonly read: readonly string[]
  readonly called: readonly string[]
  readonly resources: readonly string[]
  readonly exported: number
}

/** Runs in the child: watches what the import loads, reads from the environment, calls and leaves open. */
const watch = `
import { registerHooks } from 'node:module'
const entry = process.argv[1]
const loaded = [], read = [], called = []
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
void [process.stdout, process.stderr] // opened here, so that they are not news later
const before = process.getActiveResourcesInfo()
const environment = process.env
process.env = new Proxy(environment, { get: (all, name) => (read.push(String(name)), all[name]) })
for (const name of ['fetch', 'setTimeout', 'setInterval', 'setImmediate'])
  globalThis[name] = () => { called.push(name) }
const module = await import(entry)
process.env = environment
const resources = process.getActiveResourcesInfo().filter((name) => !before.includes(name) && name !== 'CloseReq')
console.log(JSON.stringify({ loaded, read, called, resources, exported: Object.keys(module).length }))
`

/** Node's own modules ask for these. */
const readByNode = /^(?:NODE_|WATCH_REPORT_DEPENDENCIES$|FORCE_COLOR$|NO_COLOR$)/

/** The command line is a program, and the test package has to be imported inside vitest. */
const programs = ['packages/cli', 'packages/testkit']
const entries = publishedPackages()
  .filter(({ folder }) => !programs.includes(folder))
  .flatMap(({ folder, manifest }) =>
    Object.keys(manifest.exports)
      .filter((key) => !key.endsWith('.json'))
      .map((key) => ({ folder, specifier: `${manifest.name}${key.slice(1)}` })),
  )

describe.each(entries)('importing $specifier', ({ folder, specifier }) => {
  test('loads no SDK, reads no environment, starts nothing', async () => {
    const flags = ['-C', 'development', '--input-type=module', '--eval', watch, specifier]
    const { stdout, output } = await runCommand('node', flags, { cwd: join(root, folder) })
    expect(output).toMatch(/^\{/)
    const seen = JSON.parse(stdout) as Sighting
    const allowed = folder === 'packages/sandbox' ? ['fflate'] : []
    const foreign = new Set(
      seen.loaded.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []),
    )
    expect([...foreign].filter((name) => !allowed.includes(name))).toEqual([])
    const read = seen.read.filter((name) => !readByNode.test(name))
    expect({ read, called: seen.called, resources: seen.resources }).toEqual({
      read: [],
      called: [],
      resources: [],
    })
    expect(seen.exported).toBeGreaterThan(0)
  })
})
