import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callCli, createWorkspace, type Workspace } from '../fixtures/command-line.ts'
import { commandTable } from './command-table.ts'
import { findCommand } from './find-command.ts'

let workspace: Workspace
beforeEach(() => {
  workspace = createWorkspace()
})
afterEach(() => workspace.remove())
const call = (...argv: readonly string[]) => callCli(workspace.folder, argv)
const names = Object.keys(commandTable)

describe('tripline --help', () => {
  test.each([[['--help']], [['-h']], [[]]])('%j lists every command with its summary', async (argv) => {
    const { code, stdout } = await call(...argv)
    expect(code).toBe(0)
    expect(stdout).toContain('tripline')
    const groups = new Set(names.map((name) => name.split(' ')[0] ?? ''))
    for (const group of groups) expect(stdout).toMatch(new RegExp(`^  ${group} `, 'm'))
  })

  test('a group lists its commands', async () => {
    const { code, stdout } = await call('segments', '--help')
    expect(code).toBe(0)
    for (const name of ['list', 'members', 'diff', 'copy']) expect(stdout).toContain(`  ${name} `)
  })

  test('the version is the manifest’s', async () => {
    const manifest = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
    const { version } = JSON.parse(manifest) as { readonly version: string }
    expect(await call('--version')).toMatchObject({ code: 0, stdout: `${version}\n` })
  })
})

describe.each(names)('tripline %s', (name) => {
  test('--help has its summary, an example, --json and the exit codes', async () => {
    const { command } = (await commandTable[name]?.load()) ?? {}
    expect(command?.name).toBe(name)
    expect(command?.summary).toBe(commandTable[name]?.summary)
    expect(command?.examples.length).toBeGreaterThan(0)
    const { code, stdout } = await call(...name.split(' '), '--help')
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: tripline ${name} [options]`)
    for (const example of command?.examples ?? []) expect(stdout).toContain(example)
    expect(stdout).toContain('--json')
    expect(stdout).toMatch(/Exit codes:\n {2}0 .*\n {2}1 /)
  })

  test('the README names every option', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
    const { command } = (await commandTable[name]?.load()) ?? {}
    const options = Object.entries(command?.args ?? {}).filter(
      ([, argument]) => argument.type === 'boolean' || !argument.positional,
    )
    const flags = options.map(
      ([each]) => `--${each.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    )
    // The demo's own help is its reference.
    expect(name === 'demo' ? [] : flags.filter((flag) => !readme.includes(flag))).toEqual([])
  })

  test('an unknown option is refused with 1, and where help is', async () => {
    const { code, stderr } = await call(...name.split(' '), '--nonsense')
    expect(code).toBe(1)
    expect(stderr).toContain('--help shows what can be given')
  })
})

test.each([
  [['nonsense'], "unknown command 'nonsense'"],
  [['fields', 'nonsense'], "unknown command 'nonsense'"],
  [['fields'], 'Usage: tripline fields'],
])('%j is refused with 1', async (argv, message) => {
  const { code, stderr, stdout } = await call(...argv)
  expect(code).toBe(1)
  expect(stderr + stdout).toContain(message)
})

test('a command is found behind options', () => {
  expect(findCommand(['fields', 'plan', '--json'], names)).toBe('fields plan')
  expect(findCommand(['--json', 'doctor'], names)).toBe('doctor')
  expect(findCommand(['fields'], names)).toBeUndefined()
})

describe('the config', () => {
  test('is missed with advice', async () => {
    const { code, stderr } = await call('doctor')
    expect(code).toBe(1)
    expect(stderr).toContain('"tripline init" writes one')
  })

  test('is found upwards, or by --config', async () => {
    workspace.write('tripline.config.ts', 'export default { connectors: {}, routs: {} }')
    workspace.write('deep/down/readme', '')
    const { stderr } = await callCli(workspace.path('deep/down'), ['doctor'])
    expect(stderr).toContain(
      'tripline.config.ts has a mistake:\n  routs: "routs" is unknown; did you mean "routes"?',
    )
    workspace.write('other.ts', 'export default { connectors: {} }')
    expect(await call('doctor', '--config', 'other.ts')).toMatchObject({ code: 0 })
    expect(await call('doctor', '--config', 'none.ts')).toMatchObject({ code: 1 })
  })

  test('names what only an adapter can know by its path', async () => {
    const fields =
      "[{ of: 'user', name: 'Plan', type: 'string' }, { of: 'user', name: 'plan', type: 'string' }]"
    workspace.write('tripline.config.ts', `export default { connectors: { hubspot: {} }, fields: ${fields} }`)
    const { code, stderr } = await call('doctor')
    expect(code).toBe(1)
    expect(stderr).toMatch(/fields\[1\]\.name: hubspot: .*"Plan".*"plan"/)
  })

  test('that does not load says so, without a stack', async () => {
    workspace.write('tripline.config.ts', 'throw new Error("as planned")')
    const { code, stderr } = await call('doctor')
    expect(code).toBe(1)
    expect(stderr).toContain('does not load: as planned')
    expect(stderr).not.toContain('    at ')
  })
})

test('--env-file that is not there is an error', async () => {
  const { code, stderr } = await call('init', 'braze', '--env-file', 'none.env')
  expect(code).toBe(1)
  expect(stderr).toContain('(--env-file)')
})
