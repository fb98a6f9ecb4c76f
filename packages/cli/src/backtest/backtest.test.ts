import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace } from '../../fixtures/command-line.ts'

const workspace = createWorkspace()
afterAll(() => workspace.remove())

const track = (name: string) => ({ type: 'track', name }) as const
const [viewed, added, ordered] = [track('Product Viewed'), track('Product Added'), track('Order Completed')]
const email = { kind: 'send', channel: 'email', content: { braze: { kind: 'canvas', id: 'c1' } } } as const
const trigger = (id: string, when: object, more: object = {}) => ({ specVersion: 1, id, when, ...more })
const cart = { kind: 'without', base: { kind: 'on', event: added }, event: ordered, for: '1h' } as const
const definitions = {
  specVersion: 1,
  segments: [
    {
      specVersion: 1,
      kind: 'dynamic',
      id: 'viewers',
      condition: { kind: 'did', event: viewed, within: '1d' },
    },
  ],
  triggers: [
    trigger('cart', cart, { journey: [email], purpose: 'marketing' }),
    trigger('third-view', { kind: 'times', event: viewed, count: 3, within: '24h', by: 'product_id' }),
  ],
}
workspace.write('triggers.json', JSON.stringify(definitions))

const startMs = Date.UTC(2026, 10, 1)
const names = [viewed.name, viewed.name, viewed.name, added.name, ordered.name]
/** Three people, an event every seven minutes, the same at every call. */
const messages = Array.from({ length: 400 }, (_, index) => ({
  messageId: `m${String(index).padStart(4, '0')}`,
  type: 'track',
  userId: `u${(index * 7) % 3}`,
  event: names[((index * index + index) % 11) % 5] ?? viewed.name,
  properties: { product_id: `p${(index * 13) % 4}`, price: index % 10 },
  timestamp: new Date(startMs + index * 420_000).toISOString(),
}))
const ndjson = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
workspace.write('events.ndjson', ndjson(messages))

const run = (...argv: readonly string[]) =>
  callCli(workspace.folder, ['backtest', '--definitions', 'triggers.json', ...argv])

async function ledgerOf(...argv: readonly string[]): Promise<string> {
  const { code, stderr } = await run(...argv, '--out', 'ledger.ndjson')
  expect([code, stderr]).toEqual([0, expect.any(String)])
  return workspace.read('ledger.ndjson')
}

describe('the ledger', () => {
  test('has one line per change, fire, entry, send, in the order of time', async () => {
    await ledgerOf('--events', 'events.ndjson')
    const rows = workspace.rows('ledger.ndjson')
    const times = rows.map(({ at }) => String(at))
    expect(times).toEqual(times.toSorted())
    const kinds = (name: string) => rows.filter((row) => row['trigger'] === name).map(({ kind }) => kind)
    expect(new Set(kinds('cart'))).toEqual(new Set(['fire', 'entry', 'send', 'end']))
    expect(kinds('third-view').length).toBeGreaterThan(5)
    expect(rows[0]).toEqual({
      userId: 'u0',
      at: '2026-11-01T00:00:00.000Z',
      segment: 'viewers',
      kind: 'member',
    })
    const send = rows.find(({ kind }) => kind === 'send')
    expect(send).toMatchObject({ channel: 'email', trigger: 'cart' })
    expect(send?.['id']).toMatch(/^[0-9a-f]{32}$/)
  })

  test('is the same from NDJSON, gzip, stdin (sorted by user), CSV, Parquet, several files, and in disorder', async () => {
    const expected = await ledgerOf('--events', 'events.ndjson')
    expect(expected.length).toBeGreaterThan(10_000)
    workspace.write('events.ndjson.gz', gzipSync(ndjson(messages)))
    expect(await ledgerOf('--events', 'events.ndjson.gz')).toBe(expected)

    const { code, stdout } = await callCli(
      workspace.folder,
      ['backtest', '--definitions', 'triggers.json', '--events', '-', '--out', 'stdin.ndjson'],
      { stdin: ndjson(messages) },
    )
    expect(code).toBe(0)
    expect(stdout).toContain('sorted by user first: stdin can be read once')
    expect(workspace.read('stdin.ndjson')).toBe(expected)

    workspace.write('first.ndjson', ndjson(messages.slice(0, 150)))
    workspace.write('rest.ndjson', ndjson(messages.slice(150).toReversed()))
    expect(await ledgerOf('--events', 'rest.ndjson', '--events', 'first.ndjson')).toBe(expected)

    const rows = messages.map(({ messageId, userId, event, properties, timestamp }) =>
      [
        messageId,
        userId,
        event,
        properties.product_id,
        properties.price,
        Date.parse(timestamp) / 1_000,
      ].join(),
    )
    workspace.write('events.csv', ['id,customer,what,product,price,at', ...rows, ''].join('\n'))
    const map =
      'messageId=id,userId=customer,event=what,properties.product_id=product,properties.price=price:number,timestamp=at:seconds'
    expect(await ledgerOf('--events', 'events.csv', '--columns', map)).toBe(expected)

    const column = (name: string, type: 'STRING' | 'INT32', data: readonly (string | number)[]) => ({
      name,
      type,
      data: [...data],
    })
    const columnData = [
      column(
        'messageId',
        'STRING',
        messages.map(({ messageId }) => messageId),
      ),
      column(
        'userId',
        'STRING',
        messages.map(({ userId }) => userId),
      ),
      column(
        'event',
        'STRING',
        messages.map(({ event }) => event),
      ),
      column(
        'properties.product_id',
        'STRING',
        messages.map(({ properties }) => properties.product_id),
      ),
      column(
        'properties.price',
        'INT32',
        messages.map(({ properties }) => properties.price),
      ),
      column(
        'timestamp',
        'STRING',
        messages.map(({ timestamp }) => timestamp),
      ),
    ]
    workspace.write('events.parquet', new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 70 })))
    expect(await ledgerOf('--events', 'events.parquet')).toBe(expected)
  })

  test('repeated lines change nothing', async () => {
    const expected = await ledgerOf('--events', 'events.ndjson')
    workspace.write('twice.ndjson', ndjson(messages.flatMap((each) => [each, each])))
    expect(await ledgerOf('--events', 'twice.ndjson')).toBe(expected)
  })

  test('with --from has nothing before it, and fires that the history makes', async () => {
    const from = new Date(startMs + 200 * 420_000).toISOString()
    const all = await ledgerOf('--events', 'events.ndjson')
    const later = await ledgerOf('--events', 'events.ndjson', '--from', from)
    const fires = (text: string) =>
      text
        .split('\n')
        .filter((line) => line.includes('"kind":"fire"'))
        .filter((line) => (/"at":"([^"]+)"/.exec(line)?.[1] ?? '') >= from)
    expect(fires(later)).toEqual(fires(all))
    expect(fires(later).length).toBeGreaterThan(5)
    expect(later.split('\n').filter((line) => (/"at":"([^"]+)"/.exec(line)?.[1] ?? 'z') < from)).toEqual([])
  })

  test('with --trigger is that of one trigger', async () => {
    const text = await ledgerOf('--events', 'events.ndjson', '--trigger', 'third-view')
    expect(text).toContain('"trigger":"third-view"')
    expect(text).not.toContain('"trigger":"cart"')
    const { code, stderr } = await run('--events', 'events.ndjson', '--trigger', 'kart')
    expect([code, stderr]).toEqual([1, 'error: there is no trigger kart; there are cart, third-view\n'])
  })

  test('with --users is theirs', async () => {
    const all = await ledgerOf('--events', 'events.ndjson')
    workspace.write('users.txt', 'u1\n{"userId":"u2"}\n')
    const some = await ledgerOf('--events', 'events.ndjson', '--users', 'users.txt')
    expect(some.trim().split('\n')).toEqual(
      all
        .trim()
        .split('\n')
        .filter((line) => !line.includes('"userId":"u0"')),
    )
  })

  test('on stdout leaves the summary to stderr', async () => {
    const { stdout, stderr } = await run('--events', 'events.ndjson', '--out', '-')
    expect(stdout).toBe(await ledgerOf('--events', 'events.ndjson'))
    expect(stderr).toContain('400 events of 3 users')
  })
})

test('journeys that double without end are stopped, with a hint what to do', async () => {
  const again = { kind: 'emit', event: 'E' }
  workspace.write(
    'doubling.json',
    JSON.stringify({
      specVersion: 1,
      id: 'doubling',
      reentry: 'parallel',
      when: { kind: 'on', event: { type: 'track', name: 'E' } },
      journey: [{ kind: 'wait', for: '1s' }, again, again],
    }),
  )
  const line = (timestamp: string) =>
    `{"userId":"ada","messageId":"${timestamp}","event":"E","timestamp":"${timestamp}"}`
  workspace.write('hour.ndjson', `${line('2026-11-01T10:00:00Z')}\n${line('2026-11-01T11:00:00Z')}`)
  const argv = ['backtest', '--definitions', 'doubling.json', '--events', 'hour.ndjson']
  const { code, stderr } = await callCli(workspace.folder, argv)
  expect(code).toBe(1)
  expect(stderr).toContain('a user who enters "doubling" has 100,000 running journeys already')
  expect(stderr).not.toContain('ada')
}, 60_000)

test('of an empty file nothing comes', async () => {
  workspace.write('empty.ndjson', '')
  const { code, stdout } = await run('--events', 'empty.ndjson', '--out', 'ledger.ndjson')
  expect([code, workspace.read('ledger.ndjson')]).toEqual([0, ''])
  expect(stdout).toContain('0 events')
})

describe('records', () => {
  test('of consent are asked, and no longer assumed', async () => {
    const consent = { timestamp: '2026-11-01T00:00:00Z', kind: 'consent', purpose: 'marketing' }
    workspace.write(
      'records.ndjson',
      ndjson([
        { ...consent, userId: 'u0', state: 'granted' },
        { ...consent, userId: 'u1', state: 'denied' },
      ]),
    )
    const { stdout } = await run(
      '--events',
      'events.ndjson',
      '--records',
      'records.ndjson',
      '--out',
      'ledger.ndjson',
    )
    const refused = workspace.rows('ledger.ndjson').filter(({ reason }) => reason === 'no-consent')
    expect(new Set(refused.map(({ userId }) => userId))).toEqual(new Set(['u1', 'u2']))
    expect(stdout).not.toContain('No consent records')
    expect((await run('--events', 'events.ndjson')).stdout).toContain('No consent records')
  })

  test('traits stood before the first event: they decide, and nothing fires by them', async () => {
    workspace.write(
      'plans.json',
      JSON.stringify({
        specVersion: 1,
        triggers: [
          trigger('cart', cart, { who: { kind: 'trait', trait: 'plan', op: 'eq', value: 'pro' } }),
          trigger('plan', { kind: 'changes', trait: 'plan' }),
        ],
      }),
    )
    workspace.write('traits.ndjson', ndjson([{ userId: 'u1', traits: { plan: 'pro' } }]))
    const argv = [
      'backtest',
      '--definitions',
      'plans.json',
      '--events',
      'events.ndjson',
      '--traits',
      'traits.ndjson',
    ]
    await callCli(workspace.folder, [...argv, '--out', 'ledger.ndjson'])
    const rows = workspace.rows('ledger.ndjson')
    expect(rows.filter((row) => row['trigger'] === 'plan')).toEqual([])
    const entries = rows.filter(({ kind }) => kind === 'entry')
    expect(new Set(entries.map(({ userId }) => userId))).toEqual(new Set(['u1']))
  })

  test('that are none are listed', async () => {
    workspace.write('wrong.ndjson', ndjson([{ userId: 'u1', kind: 'consent', purpose: 'x', state: 'maybe' }]))
    const { code, stdout } = await run('--events', 'events.ndjson', '--records', 'wrong.ndjson')
    expect(code).toBe(2)
    expect(stdout).toContain('wrong.ndjson:1 state: is neither granted nor denied')
  })
})

describe('lines that are wrong', () => {
  const wrong = Array.from({ length: 25 }, (_, index) => ({
    ...messages[0],
    messageId: `w${index}`,
    userId: index,
  }))
  workspace.write('wrong-events.ndjson', `${ndjson(messages)}{"oops\n${ndjson(wrong)}`)

  test('are listed, the first ones on the terminal, all of them in --rejects; the rest is replayed', async () => {
    const expected = await ledgerOf('--events', 'events.ndjson')
    const { code, stdout } = await run(
      '--events',
      'wrong-events.ndjson',
      '--rejects',
      'rejects.ndjson',
      '--out',
      'ledger.ndjson',
    )
    expect(code).toBe(2)
    expect(workspace.read('ledger.ndjson')).toBe(expected)
    expect(stdout).toContain('26 lines are wrong: 1 malformed, 25 bad-user-id')
    expect(stdout).toContain('  wrong-events.ndjson:401 is no JSON')
    expect(stdout).toContain('and 6 more (--rejects FILE lists all)')
    const rejects = workspace.rows('rejects.ndjson')
    expect(rejects.map(({ line }) => line)).toEqual(Array.from({ length: 26 }, (_, index) => 401 + index))
    expect(rejects[1]).toMatchObject({ file: 'wrong-events.ndjson', reason: 'bad-user-id' })
  })

  test('stop it at the first with --strict, and nothing is written', async () => {
    const { code, stderr } = await run('--events', 'wrong-events.ndjson', '--strict', '--out', 'never.ndjson')
    expect(code).toBe(1)
    expect(stderr).toContain('wrong-events.ndjson:401 is no JSON')
    expect(existsSync(workspace.path('never.ndjson'))).toBe(false)
  })

  test('are in the JSON too', async () => {
    const { stdout } = await run('--events', 'wrong-events.ndjson', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      form: 1,
      input: { events: 400, duplicates: 0, problems: { malformed: 1, 'bad-user-id': 25 } },
    })
  })
})

test('--against shows what changes and for whom, and lists each difference', async () => {
  const changed = {
    ...definitions,
    triggers: [trigger('cart', { ...cart, for: '2h' }, { journey: [email] })],
  }
  workspace.write('changed.json', JSON.stringify(changed))
  const argv = [
    'backtest',
    '--definitions',
    'changed.json',
    '--against',
    'triggers.json',
    '--events',
    'events.ndjson',
  ]
  const { code, stdout } = await callCli(workspace.folder, [...argv, '--json', '--out', 'changes.ndjson'])
  expect(code).toBe(0)
  const { comparison } = JSON.parse(stdout) as {
    readonly comparison: {
      readonly triggers: readonly { readonly trigger: string; readonly entries: object }[]
    }
  }
  expect(comparison.triggers.map((each) => each.trigger)).toEqual(['cart', 'third-view'])
  const rows = workspace.rows('changes.ndjson')
  expect(new Set(rows.map((row) => row['trigger']))).toEqual(new Set(['cart', 'third-view']))
  expect(rows.some(({ what }) => what === 'removed')).toBe(true)
})
