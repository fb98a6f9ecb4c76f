import { afterAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace } from '../../fixtures/command-line.ts'

const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
})
const rule = (type: string, key: string, bag: 'properties' | 'traits', fields: object) => ({
  type,
  key,
  version: 1,
  jsonSchema: object({ [bag]: object(fields, Object.keys(fields).slice(0, 1)) }),
})
const page = (...rules: readonly object[]) => JSON.stringify({ data: { rules } })
const workspace = createWorkspace({
  'first.json': page(
    rule('TRACK', 'Order Completed', 'properties', {
      order_id: { type: 'string' },
      revenue: { type: 'number' },
    }),
    rule('PAGE', 'Home', 'properties', {}),
  ),
  'second.json': page(rule('IDENTIFY', '', 'traits', { plan: { type: 'string', enum: ['free', 'pro'] } })),
  'schemas.json': JSON.stringify({
    events: { 'Order Completed': object({ order_id: { type: 'string' } }) },
    traits: object({ plan: { type: 'string' } }),
  }),
  'other.json': '{"rules":[]}',
  'broken.json': '{"data":',
})
afterAll(() => workspace.remove())
const run = (...argv: readonly string[]) => callCli(workspace.folder, ['tracking-plan', 'import', ...argv])

describe('tracking-plan import', () => {
  test('makes a plan of all pages of a Segment tracking plan, and lists what it does not hold', async () => {
    const { code, stdout, stderr } = await run('--segment', 'first.json', '--segment', 'second.json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      specVersion: 1,
      events: {
        'Order Completed': { properties: { order_id: 'string', revenue: 'number' }, required: ['order_id'] },
      },
      traits: { plan: 'string' },
      requiredTraits: ['plan'],
    })
    expect(stderr).toContain('not in the plan: rules[1]')
    expect(stderr).toContain('the permitted values')
    expect(stderr).toContain('1 event and 1 trait\n')
  })

  test('makes one of JSON Schemas, with its notes under --json', async () => {
    const { code, stdout, stderr } = await run('--schemas', 'schemas.json', '--json')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      plan: {
        events: { 'Order Completed': { properties: { order_id: 'string' } } },
        traits: { plan: 'string' },
      },
      notes: [],
    })
  })

  test('what it prints is a plan that definitions are checked by', async () => {
    const { stdout } = await run('--segment', 'first.json')
    const when = { kind: 'on', event: { type: 'track', name: 'Order Complete' } }
    const definitions = {
      specVersion: 1,
      plan: JSON.parse(stdout) as unknown,
      triggers: [{ specVersion: 1, id: 't', when }],
    }
    workspace.write('triggers.json', JSON.stringify(definitions))
    const checked = await callCli(workspace.folder, ['check', '--definitions', 'triggers.json'])
    expect(checked.code).toBe(1)
    expect(checked.stdout).toContain('did you mean "Order Completed"?')
  })

  test.each([
    [[], 'say what the plan is made from: --segment FILE or --schemas FILE'],
    [['--segment', 'first.json', '--schemas', 'schemas.json'], 'say what the plan is made from'],
    [['--segment', 'nowhere.json'], 'no rules at'],
    [['--segment', 'broken.json'], 'broken.json is no JSON'],
    [['--segment', 'schemas.json'], 'this is no list of rules of a Segment tracking plan'],
    [['--schemas', 'other.json'], 'other.json holds no schemas'],
  ])('%j is refused', async (argv, message) => {
    const { code, stdout, stderr } = await run(...argv)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
  })
})
