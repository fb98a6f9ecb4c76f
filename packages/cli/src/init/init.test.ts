import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { callCli, createWorkspace, type Workspace } from '../../fixtures/command-line.ts'
import { withoutImport } from '../../fixtures/five-sandboxes.ts'
import { checkConfig } from '../config/check-config.ts'
import type { TriplineConfig } from '../config/config.ts'
import { vendors } from '../config/vendors.ts'
import { sandboxEnvironment } from '../sandbox/accounts.ts'

let workspace: Workspace
beforeEach(() => {
  workspace = createWorkspace()
})
afterEach(() => {
  vi.unstubAllEnvs()
  workspace.remove()
})
const init = (...argv: readonly string[]) => callCli(workspace.folder, ['init', ...argv])

test.each(vendors)(
  'the config for %s is right as soon as the environment has its variables',
  async (vendor) => {
    const { code, stdout } = await init(vendor, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ vendors: [vendor] })
    const environment = await sandboxEnvironment(vendor, 'http://127.0.0.1:4001')
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    workspace.write('plain.ts', withoutImport(workspace.read('tripline.config.ts')))
    const { default: config } = (await import(/* @vite-ignore */ workspace.path('plain.ts'))) as {
      readonly default: TriplineConfig
    }
    expect(Object.keys(config.connectors)).toEqual([vendor])
    expect(checkConfig(config, process.env)).toEqual([])
    const asked = [...workspace.read('.env.example').matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => name)
    const needed = Object.keys(environment).filter((name) => !name.endsWith('_URL'))
    expect(asked).toEqual(expect.arrayContaining(needed))
  },
)

test('off a terminal nothing is asked: all five are written', async () => {
  expect(JSON.parse((await init('--json')).stdout)).toMatchObject({ vendors })
})

describe('files that exist', () => {
  test.each(['tripline.config.ts', '.env.example'])(
    '%s is not overwritten, and nothing else is written',
    async (name) => {
      workspace.write(name, 'mine')
      const { code, stderr } = await init('braze')
      expect(code).toBe(1)
      expect(stderr).toContain(`${workspace.path(name)} exists; --force overwrites it`)
      expect(workspace.read(name)).toBe('mine')
      const other = name === '.env.example' ? 'tripline.config.ts' : '.env.example'
      expect(() => workspace.read(other)).toThrow('ENOENT')
    },
  )

  test('--force overwrites them', async () => {
    workspace.write('tripline.config.ts', 'mine')
    expect((await init('braze', '--force')).code).toBe(0)
    expect(workspace.read('tripline.config.ts')).toContain('defineConfig({')
  })
})

test('an unknown vendor is refused', async () => {
  const { code, stderr } = await init('brase')
  expect(code).toBe(1)
  expect(stderr).toContain('allowed: segment, mixpanel, hubspot, braze, intercom')
})
