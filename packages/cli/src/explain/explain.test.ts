import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace, type Workspace } from '../../fixtures/command-line.ts'

const track = (name: string) => ({ type: 'track', name })
const definitions = {
  specVersion: 1,
  segments: [
    {
      specVersion: 1,
      kind: 'dynamic',
      id: 'buyers',
      condition: { kind: 'did', event: track('Order Completed') },
    },
  ],
  triggers: [
    {
      specVersion: 1,
      id: 'cart',
      when: {
        kind: 'without',
        base: { kind: 'on', event: track('Product Added') },
        event: track('Order Completed'),
        for: '1h',
      },
      who: { kind: 'not', condition: { kind: 'inSegment', segment: 'buyers' } },
      journey: [{ kind: 'wait', for: '1d' }],
    },
    { specVersion: 1, id: 'lapsed', when: { kind: 'inactive', for: '7d' } },
  ],
}
const message = (event: string, userId: string, timestamp: string, more = {}) =>
  JSON.stringify({ type: 'track', event, userId, timestamp, messageId: `${userId} ${timestamp}`, ...more })
const events = [
  message('Product Added', 'u1', '2026-11-01T18:04:00.000Z'),
  message('Order Completed', 'u1', '2026-11-01T18:40:00.000Z'),
  message('Product Added', 'u2', '2026-11-01T19:00:00.000Z'),
  message('Page Viewed', 'visitor', '2026-11-01T19:00:00.000Z', { userId: undefined, anonymousId: 'a1' }),
  JSON.stringify({
    type: 'identify',
    userId: 'u3',
    anonymousId: 'a1',
    timestamp: '2026-11-01T20:00:00.000Z',
    messageId: 'link',
  }),
  message('Page Viewed', 'u2', '2026-11-03T00:00:00.000Z'),
]

let workspace: Workspace
beforeAll(() => {
  workspace = createWorkspace({
    'triggers.json': JSON.stringify(definitions),
    'events.ndjson': `${events.join('\n')}\n`,
    'wrong.ndjson': `${events.join('\n')}\n{"type":"track"}\n`,
    'records.ndjson': `${JSON.stringify({ userId: 'u1', kind: 'consent', purpose: 'marketing', state: 'granted' })}\n`,
  })
})
afterAll(() => workspace.remove())

const explain = (...more: readonly string[]) =>
  callCli(workspace.folder, [
    'explain',
    '--definitions',
    'triggers.json',
    ...(more.includes('--events') ? [] : ['--events', 'events.ndjson']),
    ...more,
  ])

describe('explain', () => {
  test('the time line of a user, with one trigger', async () => {
    const { code, stdout, stderr } = await explain('--user', 'u1', '--trigger', 'cart')
    expect(code, stderr).toBe(0)
    expect(stdout).toContain(`User u1: 2 events, 2026-11-01 18:04 to 2026-11-01 18:40 (times in UTC)

cart fires 1 h after Product Added without Order Completed
  fired never
  of its events the user did: Product Added once, Order Completed once
  the last it saw, 2026-11-01 18:40: ends the wait that began 18:04: no fire

2026-11-01
18:04  Product Added
         cart: starts to wait 1 h without Order Completed, until 19:04
18:40  Order Completed
         cart: ends the wait that began 18:04: no fire

Assumed
  No consent records: every user is taken as consenting.`)
    expect(stdout).not.toContain('lapsed')
  })

  test('as of a time: what waits, which segments and "who" hold with the values they had', async () => {
    const { code, stdout } = await explain(
      '--user',
      'u1',
      '--trigger',
      'cart',
      '--at',
      '2026-11-01T18:20:00Z',
    )
    expect(code).toBe(0)
    expect(stdout).toContain(`At 2026-11-01 18:20
  not in segment buyers
    no: did Order Completed (never)
  cart: "who" holds
    yes: not is in segment buyers
      no: did Order Completed (never)
  cart: waits 1 h without Order Completed since 18:04, until 19:04

The time line from 2026-10-31 18:20 to 2026-11-02 18:20`)
  })

  test('a moment sees all events of its millisecond', async () => {
    const { stdout } = await explain('--user', 'u1', '--at', '2026-11-01T18:40:00Z')
    expect(stdout).toContain('in segment buyers\n    yes: did Order Completed (once)')
  })

  test('a time behind the data: waits go on until then', async () => {
    const { stdout } = await explain('--user', 'u2', '--trigger', 'lapsed', '--at', '2026-11-11T00:00:00Z')
    expect(stdout).toContain('lapsed fires after 7 days without any event, once per pause\n  fired once')
  })

  test('journeys that run then', async () => {
    const { stdout } = await explain('--user', 'u2', '--trigger', 'cart', '--at', '2026-11-02T00:00:00Z')
    expect(stdout).toContain(
      'cart: in the journey since 2026-11-01 20:00; step 0: waits 1 day, until 2026-11-02 20:00',
    )
  })

  test('anonymous events belong to the user that they are linked to', async () => {
    const { code, stdout } = await explain('--user', 'u3')
    expect(code).toBe(0)
    expect(stdout).toContain('User u3: 2 events')
  })

  test('as JSON: words and what they were made of', async () => {
    const { stdout } = await explain('--user', 'u1', '--json')
    const explanation = JSON.parse(stdout) as { readonly moments: readonly object[] }
    expect(explanation).toMatchObject({
      form: 1,
      userId: 'u1',
      known: true,
      events: 2,
      triggers: [{ trigger: 'cart', fired: 0 }, { trigger: 'lapsed' }],
    })
    expect(explanation.moments[0]).toMatchObject({
      at: '2026-11-01T18:04:00.000Z',
      event: { name: 'Product Added' },
      said: expect.arrayContaining([
        expect.objectContaining({
          trigger: 'cart',
          text: 'starts to wait 1 h without Order Completed, until 19:04',
          note: expect.objectContaining({ what: 'wait-started' }) as object,
        }),
      ]) as object[],
    })
  })

  test('a user who is not in the data', async () => {
    const { code, stdout } = await explain('--user', 'U1')
    expect(code).toBe(2)
    expect(stdout).toContain('User U1 is not in these files: none of the 6 events has this userId.')
    expect(JSON.parse((await explain('--user', 'U1', '--json')).stdout)).toMatchObject({
      known: false,
      events: 0,
    })
  })

  test('a trigger that does not exist', async () => {
    const { code, stderr } = await explain('--user', 'u1', '--trigger', 'carts')
    expect(code).toBe(1)
    expect(stderr).toContain('there is no trigger carts; there are cart, lapsed')
  })

  test('lines that are wrong are counted', async () => {
    const { code, stderr } = await explain('--user', 'u1', '--events', 'wrong.ndjson')
    expect(code).toBe(0)
    expect(stderr).toContain('1 line of the input is wrong')
  })

  test('a value of another type than declared is told', async () => {
    const plan = {
      specVersion: 1,
      events: { 'Product Added': { price: 'number' }, 'Order Completed': {} },
      traits: {},
    }
    const added = {
      ...track('Product Added'),
      where: { kind: 'property', property: 'price', op: 'gt', value: 1 },
    }
    workspace.write(
      'typed.json',
      JSON.stringify({
        specVersion: 1,
        plan,
        triggers: [{ specVersion: 1, id: 'dear', when: { kind: 'on', event: added } }],
      }),
    )
    workspace.write(
      'typed.ndjson',
      message('Product Added', 'u1', '2026-11-01T18:04:00.000Z', { properties: { price: 'a lot' } }),
    )
    const argv = ['explain', '--user', 'u1', '--definitions', 'typed.json', '--events', 'typed.ndjson']
    expect((await callCli(workspace.folder, argv)).stdout).toContain(
      'Values that do not fit\n  "Product Added" price: has values that are no number, taken as missing',
    )
  })

  test('records are told, and what they tell is not assumed', async () => {
    const { stdout } = await explain('--user', 'u1', '--records', 'records.ndjson')
    expect(stdout).toContain('consent for marketing: granted')
    expect(stdout).not.toContain('No consent records')
  })
})
