import { afterAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace } from '../../fixtures/command-line.ts'

const workspace = createWorkspace()
afterAll(() => workspace.remove())

const minuteMs = 60_000
const startMs = Date.UTC(2026, 10, 1, 9)
const at = (minutes: number): string => new Date(startMs + minutes * minuteMs).toISOString()
const track = (name: string) => ({ type: 'track', name }) as const
const cart = {
  kind: 'without',
  base: { kind: 'on', event: track('Product Added') },
  event: track('Order Completed'),
  for: '1h',
} as const

let messages = 0
const event = (name: string, minutes: number, more: object = {}) => ({
  type: 'track',
  messageId: `m${++messages}`,
  userId: 'u1',
  event: name,
  timestamp: at(minutes),
  ...more,
})
const end = (minutes: number) => event('Seen', minutes, { userId: 'other' })

interface Case {
  readonly triggers: readonly object[]
  readonly segments?: readonly object[]
  readonly events: readonly object[]
  readonly argv?: readonly string[]
}

/** Runs the command and tells its ledger: minute, user, trigger or segment, kind, reason. */
async function ledger({ triggers, segments = [], events, argv = [] }: Case): Promise<readonly string[]> {
  const definitions = {
    specVersion: 1,
    segments: segments.map((each) => ({ specVersion: 1, ...each })),
    triggers: triggers.map((each) => ({ specVersion: 1, ...each })),
  }
  workspace.write('definitions.json', JSON.stringify(definitions))
  workspace.write('events.ndjson', events.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const words = ['backtest', '--definitions', 'definitions.json', '--events', 'events.ndjson']
  const { stderr } = await callCli(workspace.folder, [...words, '--out', 'ledger.ndjson', ...argv])
  expect(stderr).not.toContain('error')
  return workspace.rows('ledger.ndjson').map((row) => {
    const minutes = (Date.parse(String(row['at'])) - startMs) / minuteMs
    const what = [row['userId'], row['trigger'] ?? row['segment'], row['kind'], row['reason']]
    return [minutes, ...what.flatMap((each) => (typeof each === 'string' ? [each] : []))].join(' ')
  })
}

describe('anonymous people', () => {
  const triggers = [{ id: 'cart', when: cart }]
  const anonymous = { userId: null, anonymousId: 'a1' }

  test('a wait that began before the link ends after it, for the user', async () => {
    const events = [
      event('Product Added', 0, anonymous),
      { ...event('', 10), type: 'identify', anonymousId: 'a1', traits: {} },
      end(90),
    ]
    expect(await ledger({ triggers, events })).toEqual([
      '60 u1 cart fire',
      '60 u1 cart entry',
      '60 u1 cart end',
    ])
  })

  test('what the user does after the link ends it', async () => {
    const events = [
      event('Product Added', 0, anonymous),
      { ...event('', 10), type: 'alias', previousId: 'a1' },
      event('Order Completed', 20),
      end(90),
    ]
    expect(await ledger({ triggers, events })).toEqual([])
  })

  test('a fire made before the link stands', async () => {
    const events = [
      event('Product Added', 0, anonymous),
      { ...event('', 70), type: 'identify', anonymousId: 'a1', traits: {} },
      end(90),
    ]
    expect(await ledger({ triggers, events })).toEqual([
      '60 a1 cart fire',
      '60 a1 cart entry',
      '60 a1 cart end',
    ])
  })
})

describe('late events', () => {
  const triggers = [{ id: 'cart', when: cart }]
  const argv = ['--as-received', '--lateness', '5m']
  const received = (name: string, minutes: number, receivedMinutes: number, more: object = {}) =>
    event(name, minutes, { receivedAt: at(receivedMinutes), ...more })

  test('as it happened they are in their place', async () => {
    const events = [
      received('Product Added', 0, 0),
      received('Order Completed', 50, 80),
      received('Seen', 100, 100),
    ]
    expect(await ledger({ triggers, events, argv: ['--as-happened'] })).toEqual([])
  })

  test('an order that arrives in time ends the wait', async () => {
    const events = [
      received('Product Added', 0, 0),
      received('Order Completed', 50, 54),
      received('Seen', 100, 100),
    ]
    expect(await ledger({ triggers, events, argv })).toEqual([])
  })

  test('one that arrives after the fire does not undo it', async () => {
    const events = [
      received('Product Added', 0, 0),
      received('Order Completed', 50, 80),
      received('Seen', 100, 100),
    ]
    expect(await ledger({ triggers, events, argv })).toEqual([
      '60 u1 cart fire',
      '60 u1 cart entry',
      '60 u1 cart end',
    ])
  })

  test('an add that arrives after its wait would have ended is recorded as late', async () => {
    const events = [received('Seen', 0, 0), received('Product Added', 10, 90), received('Seen', 100, 100)]
    expect(await ledger({ triggers, events, argv })).toEqual(['70 u1 cart fire', '70 u1 cart refusal late'])
  })

  test('an add that is late, but not its wait, fires', async () => {
    const events = [received('Seen', 0, 0), received('Product Added', 10, 30), received('Seen', 100, 110)]
    expect(await ledger({ triggers, events, argv })).toEqual([
      '70 u1 cart fire',
      '70 u1 cart entry',
      '70 u1 cart end',
    ])
  })
})

describe('people of whom only profiles tell', () => {
  test('have a birthday in the time of the input, and none before it', async () => {
    workspace.write('traits.ndjson', '{"userId":"p1","traits":{"born":"1990-11-02"}}\n')
    const when = { kind: 'at', trait: 'born', time: '10:00', repeat: 'yearly' }
    const events = [end(0), end(3 * 24 * 60)]
    const argv = ['--traits', 'traits.ndjson']
    const lines = await ledger({ triggers: [{ id: 'birthday', when }], events, argv })
    expect(lines).toEqual(['1500 p1 birthday fire', '1500 p1 birthday entry', '1500 p1 birthday end'])
  })

  test('are members without having entered', async () => {
    workspace.write('traits.ndjson', '{"userId":"u1","traits":{"plan":"pro"}}\n')
    const segments = [
      { kind: 'dynamic', id: 'pro', condition: { kind: 'trait', trait: 'plan', op: 'eq', value: 'pro' } },
    ]
    const triggers = [
      { id: 'welcome', when: { kind: 'enters', segment: 'pro' } },
      { id: 'bye', when: { kind: 'leaves', segment: 'pro' } },
    ]
    const events = [event('Seen', 0), { ...event('', 10), type: 'identify', traits: { plan: 'free' } }]
    const lines = await ledger({ triggers, segments, events, argv: ['--traits', 'traits.ndjson'] })
    expect(lines).toEqual(['10 u1 pro left', '10 u1 bye fire', '10 u1 bye entry', '10 u1 bye end'])
  })
})

test('--from: a wait that began before it ends after it', async () => {
  const events = [event('Product Added', 0), end(90)]
  const triggers = [{ id: 'cart', when: cart }]
  expect(await ledger({ triggers, events, argv: ['--from', at(30)] })).toEqual([
    '60 u1 cart fire',
    '60 u1 cart entry',
    '60 u1 cart end',
  ])
  expect(await ledger({ triggers, events, argv: ['--from', at(61)] })).toEqual([])
})

test('values that are not what the plan declares, and zones that are none, are told', async () => {
  workspace.write(
    'definitions.json',
    JSON.stringify({
      specVersion: 1,
      plan: { specVersion: 1, events: { Paid: { amount: 'number' } }, traits: { timezone: 'string' } },
      triggers: [
        {
          specVersion: 1,
          id: 'paid',
          when: {
            kind: 'on',
            event: { ...track('Paid'), where: { kind: 'property', property: 'amount', op: 'gt', value: 1 } },
          },
        },
      ],
    }),
  )
  const events = [
    event('Paid', 0, { properties: { amount: 'much' } }),
    event('Paid', 1, { properties: { amount: 2 } }),
  ]
  workspace.write('events.ndjson', events.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const { stdout } = await callCli(workspace.folder, [
    'backtest',
    '--definitions',
    'definitions.json',
    '--events',
    'events.ndjson',
  ])
  expect(stdout).toContain('"Paid" amount: has values that are no number, taken as missing')
})
