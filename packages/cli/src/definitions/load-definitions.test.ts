import { afterEach, describe, expect, test } from 'vitest'
import { createWorkspace, type Workspace } from '../../fixtures/command-line.ts'
import { loadDefinitions } from './load-definitions.ts'

const trigger = {
  specVersion: 1,
  id: 'welcome',
  when: { kind: 'on', event: { type: 'track', name: 'Signed Up' } },
}
const segment = {
  specVersion: 1,
  kind: 'dynamic',
  id: 'active',
  condition: { kind: 'did', event: { type: 'any' }, within: '7d' },
}
const wrong = { ...trigger, when: { kind: 'inactive', for: 'soon' } }
let workspace: Workspace
afterEach(() => workspace.remove())

async function load(name: string, content: unknown) {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  workspace = createWorkspace({ [name]: text })
  const { definitions } = await loadDefinitions({ definitions: name, folder: workspace.folder })
  return {
    triggers: definitions.triggers.map(({ id }) => id),
    segments: definitions.segments.map(({ id }) => id),
  }
}
const both = { triggers: ['welcome'], segments: ['active'] }

describe('JSON', () => {
  test.each([
    ['definitions', { specVersion: 1, triggers: [trigger], segments: [segment] }, both],
    [
      'definitions that name their schema',
      { $schema: './s.json', specVersion: 1, segments: [segment], triggers: [trigger] },
      both,
    ],
    ['a list', [trigger, segment], both],
    ['one trigger', trigger, { triggers: ['welcome'], segments: [] }],
    ['one segment', segment, { triggers: [], segments: ['active'] }],
  ])('%s', async (_, content, found) => {
    expect(await load('d.json', content)).toEqual(found)
  })

  test.each([
    ['definitions', { specVersion: 1, triggers: [trigger, wrong] }, 'triggers[1].when.for'],
    ['a list', [segment, wrong], '[1].when.for'],
    ['one trigger', wrong, 'when.for'],
    ['an unknown field', { specVersion: 1, trigger: [], triggers: [] }, 'trigger: is no field here'],
    ['another version', { specVersion: 2, triggers: [] }, 'specVersion'],
    ['no list', { specVersion: 1, triggers: trigger }, 'triggers: is no list'],
  ])('a mistake in %s has the path that it has in the file', async (_, content, path) => {
    await expect(load('d.json', content)).rejects.toThrow(`  ${path}`)
    await expect(load('d.json', content)).rejects.toThrow('d.json has a mistake')
  })

  test('a byte order mark is no part of it', async () => {
    expect(await load('d.json', `\uFEFF${JSON.stringify(trigger)}`)).toEqual({
      triggers: ['welcome'],
      segments: [],
    })
  })

  test('without a config the option is named', async () => {
    workspace = createWorkspace()
    await expect(loadDefinitions({ folder: workspace.folder })).rejects.toThrow(/with --definitions FILE$/)
  })

  test('what is missing, no JSON, or something else', async () => {
    await expect(load('d.json', '{')).rejects.toThrow(/d\.json is no JSON/)
    await expect(load('d.json', { hello: 1 })).rejects.toThrow(/holds neither definitions nor a trigger/)
    workspace = createWorkspace()
    const missing = { definitions: 'none.json', folder: workspace.folder }
    await expect(loadDefinitions(missing)).rejects.toThrow(/no definitions at .*none\.json/)
  })
})

describe('a module', () => {
  const write = (name: string, value: unknown) => `export const ${name} = ${JSON.stringify(value)}\n`

  test('exports under any name; what is exported twice is one, what is none of them is left alone', async () => {
    const text = `${write('welcome', trigger)}${write('active', segment)}${write('helper', { a: 1 })}
export const greet = () => 'hello'
export default [welcome, active]`
    expect(await load('d.mjs', text)).toEqual(both)
  })

  test('a mistake is named by the export', async () => {
    await expect(load('d.mjs', write('welcome', wrong))).rejects.toThrow('  welcome.when.for')
    const two = `${write('plan', { specVersion: 1 })}export default ${JSON.stringify({ specVersion: 1, plan: { specVersion: 1 }, triggers: [trigger] })}`
    await expect(load('d.mjs', two)).rejects.toThrow('  default.plan: is a second plan')
    await expect(load('d.mjs', 'export default 5')).rejects.toThrow('  default: is no trigger')
  })

  test('that exports nothing of the kind, or does not load', async () => {
    await expect(load('d.mjs', 'export const a = 1')).rejects.toThrow(/exports no trigger, segment, plan/)
    await expect(load('d.mjs', "throw new Error('as planned')")).rejects.toThrow(
      /d\.mjs:1:7 does not load: as planned/,
    )
    await expect(load('e.mjs', 'const a = undefined\na.b.c()')).rejects.toThrow(/e\.mjs:2:3 does not load/)
    workspace.write('f.mjs', "import './e.mjs'")
    workspace.write('e.mjs', 'const a = undefined\na.b.c()')
    await expect(loadDefinitions({ definitions: 'f.mjs', folder: workspace.folder })).rejects.toThrow(
      /f\.mjs \(at .*e\.mjs:2:3\) does not load/,
    )
  })

  test('with a plan that was built, and a policy by its name', async () => {
    const file = new URL('../../../../examples/triggers/cap-and-back-off/definitions.ts', import.meta.url)
    const { definitions } = await loadDefinitions({ definitions: file.pathname, folder: '/' })
    expect(definitions.triggers.map(({ id }) => id)).toEqual(['price-drop', 'receipt'])
    expect(definitions.policy.caps).toHaveLength(1)
    expect(definitions.plan.events['Price Dropped']?.properties).toEqual({ product_id: 'string' })
  })
})

describe('a config', () => {
  const load = async (config: unknown) => {
    workspace = createWorkspace({ 'tripline.config.mjs': `export default ${JSON.stringify(config)}` })
    return loadDefinitions({ folder: workspace.folder })
  }
  test('has them beside its other parts; no connector is created', async () => {
    const { path, definitions } = await load({
      connectors: { braze: { apiKey: 'nowhere' } },
      triggers: [trigger],
      segments: [segment],
      policy: { caps: [{ count: 1, per: '1d' }] },
    })
    expect(path).toBe(workspace.path('tripline.config.mjs'))
    expect(definitions.triggers.map(({ id }) => id)).toEqual(['welcome'])
    expect(definitions.policy.caps).toEqual([{ count: 1, per: '1d' }])
  })
  test('with a mistake', async () => {
    await expect(load({ connectors: {}, triggers: [wrong] })).rejects.toThrow('  triggers[0].when.for')
    await expect(load({ connectors: {} })).rejects.toThrow(/has no triggers and no segments/)
  })
})
