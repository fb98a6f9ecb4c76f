import { gzipSync } from 'node:zlib'
import { brazeDefaults, startBrazeSandbox } from '@tripline/sandbox/braze'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callCli, createWorkspace, parseRows, type Workspace } from '../../fixtures/command-line.ts'

let sandbox: Awaited<ReturnType<typeof startBrazeSandbox>>
let workspace: Workspace
beforeAll(async () => {
  sandbox = await startBrazeSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => {
  workspace = createWorkspace()
  writeConfig('')
})
afterEach(() => {
  workspace.remove()
  sandbox.chaos({})
  sandbox.reset()
})

function writeConfig(more: string): void {
  const key = `() => '${brazeDefaults.apiKeys[0]?.key ?? ''}'`
  workspace.write(
    'tripline.config.ts',
    `export default { connectors: { braze: { baseUrl: '${sandbox.url}', apiKey: ${key} } }, ${more} }`,
  )
}
const call = (argv: readonly string[], options = {}) =>
  callCli(workspace.folder, argv, { host: sandbox.host, ...options })
const track = (event: string, more: object = {}) => ({
  type: 'track',
  messageId: `m-${event}`,
  timestamp: '2026-11-01T10:00:00.000Z',
  userId: 'u1',
  event,
  properties: {},
  ...more,
})
const ndjson = (messages: readonly unknown[]) => messages.map((each) => JSON.stringify(each)).join('\n')
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => track(`E${index}`, { userId: `u${index % 50}` }))
const stored = () => sandbox.inspect()
const eventNames = () => stored().events.map(({ name }) => name)

describe('what arrives', () => {
  test('every event of a file, each once', async () => {
    workspace.write('events.ndjson', ndjson(many(300)))
    const { code, stdout } = await call(['send', '--events', 'events.ndjson', '--batch', '70'])
    expect(code).toBe(0)
    expect(stdout).toContain('300 lines read')
    expect(eventNames().toSorted()).toEqual(
      many(300)
        .map(({ event }) => event)
        .toSorted(),
    )
  })

  test.each(['a packed file', 'stdin', 'packed stdin'])('of %s', async (how) => {
    const text = ndjson(many(5))
    workspace.write('events.ndjson.gz', gzipSync(text))
    const file = how === 'a packed file' ? 'events.ndjson.gz' : '-'
    const { code } = await call(['send', '--events', file], {
      stdin: how === 'stdin' ? text : gzipSync(text),
    })
    expect(code).toBe(0)
    expect(eventNames()).toHaveLength(5)
  })

  test('several files, and no more messages than --limit', async () => {
    workspace.write('a.ndjson', ndjson(many(3)))
    workspace.write('b.ndjson', ndjson(many(3)))
    await call(['send', '--events', 'a.ndjson', '--events', 'b.ndjson', '--limit', '4'])
    expect(eventNames()).toHaveLength(4)
  })

  test('what somebody did before they were known belongs to them afterwards', async () => {
    const messages = [
      { ...track('Visited'), userId: undefined, anonymousId: 'a1' },
      {
        type: 'identify',
        messageId: 'm2',
        timestamp: '2026-11-01T10:01:00.000Z',
        userId: 'u1',
        anonymousId: 'a1',
      },
      { ...track('Visited again'), userId: undefined, anonymousId: 'a1' },
    ]
    workspace.write('events.ndjson', ndjson(messages))
    const { code } = await call(['send', '--events', 'events.ndjson'])
    expect(code).toBe(0)
    const profiles = stored().profiles.filter(({ external_id }) => external_id === 'u1')
    expect(profiles).toHaveLength(1)
    expect(stored().profiles).toHaveLength(1)
  })
})

describe('lines that are no messages', () => {
  const lines = [
    JSON.stringify(track('Good')),
    '{"type":"track","userId":"u1","event":"Cut short"',
    JSON.stringify({ type: 'track', event: 'Nobody' }),
    '',
    JSON.stringify(track('Also good')),
    JSON.stringify({ ...track('Number'), userId: 1 }),
  ]
  test('are counted and written out with their line, the rest arrives, the exit code is 2', async () => {
    workspace.write('events.ndjson', lines.join('\n'))
    const { code, stdout } = await call(['send', '--events', 'events.ndjson', '--rejects', 'rejects.ndjson'])
    expect(code).toBe(2)
    expect(stdout).toContain('5 lines read, 3 lines malformed')
    expect(eventNames()).toEqual(['Good', 'Also good'])
    const rejects = workspace.rows('rejects.ndjson')
    expect(rejects.map(({ reason, file, line }) => [reason, file, line])).toEqual([
      ['malformed', 'events.ndjson', 2],
      ['malformed', 'events.ndjson', 3],
      ['malformed', 'events.ndjson', 6],
    ])
    expect(rejects[0]).toMatchObject({ text: lines[1], mistakes: [{ path: '' }] })
    expect(rejects[1]).toMatchObject({ message: { event: 'Nobody' }, mistakes: [{ path: 'userId' }] })
  })

  test('a line that is not UTF-8, and one without an end', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(JSON.stringify(track('Last')))])
    workspace.write('events.ndjson', bytes)
    const { code } = await call(['send', '--events', 'events.ndjson', '--rejects', 'rejects.ndjson'])
    expect(code).toBe(2)
    expect(workspace.rows('rejects.ndjson')).toMatchObject([
      { line: 1, mistakes: [{ message: 'is not UTF-8' }] },
    ])
    expect(eventNames()).toEqual(['Last'])
  })

  test('what stdout and stderr say holds nothing of a person', async () => {
    workspace.write('events.ndjson', '{"email":"ada@example.com",}\n')
    const { stdout, stderr } = await call(['send', '--events', 'events.ndjson'])
    expect(stdout + stderr).not.toContain('ada@')
  })
})

describe('what does not arrive', () => {
  const tooLong = track('Too long', { userId: 'x'.repeat(2_000) })
  test('is in the rejects with vendor and reason, and is an input again', async () => {
    workspace.write('events.ndjson', ndjson([track('Good'), tooLong]))
    const { code } = await call(['send', '--events', 'events.ndjson', '--rejects', 'rejects.ndjson'])
    expect(code).toBe(2)
    const [reject, ...more] = workspace.rows('rejects.ndjson')
    expect(more).toEqual([])
    expect(reject).toMatchObject({
      reason: 'dead',
      vendor: 'braze',
      line: 2,
      kind: 'event',
      message: tooLong,
    })
    expect(reject?.['fault']).toMatchObject({ code: 'too-large' })
  })

  test('a refused key ends the run with 1, says what to do, and sends nothing', async () => {
    sandbox.configure({ apiKeys: [{ key: 'another-key-than-ours', permissions: 'all' }] })
    workspace.write('events.ndjson', ndjson(many(200)))
    const argv = [
      'send',
      '--events',
      'events.ndjson',
      '--batch',
      '50',
      '--json',
      '--rejects',
      'rejects.ndjson',
    ]
    const { code, stdout } = await call(argv)
    sandbox.configure({ apiKeys: brazeDefaults.apiKeys })
    expect(code).toBe(1)
    const { braze } = (JSON.parse(stdout) as { vendors: Record<string, Record<string, unknown>> }).vendors
    expect(braze).toMatchObject({ given: 200, sent: 0, undelivered: 200, halt: { what: 'connector' } })
    expect(workspace.rows('rejects.ndjson')).toHaveLength(200)
    expect(eventNames()).toEqual([])
  })

  test('items that came back as retry are tried again at the end, in their order', async () => {
    writeConfig('')
    const slow =
      "export default { connectors: { braze: { baseUrl: 'URL', apiKey: () => 'KEY', maxAttempts: 1 } } }"
    workspace.write(
      'tripline.config.ts',
      slow.replace('URL', sandbox.url).replace('KEY', brazeDefaults.apiKeys[0]?.key ?? ''),
    )
    sandbox.chaos({ script: [{ kind: 'rate-limited', on: '/users/track' }] })
    const mine = Array.from({ length: 30 }, (_, index) => track(`E${index}`))
    workspace.write('events.ndjson', ndjson(mine))
    const { code } = await call(['send', '--events', 'events.ndjson', '--batch', '5'])
    expect(code).toBe(0)
    expect(eventNames()).toEqual(mine.map(({ event }) => event))
  })
})

describe('routes', () => {
  test('are applied, and what they keep back is counted by the part that says so', async () => {
    writeConfig("routes: { braze: { events: { except: ['E1'] }, lastDays: 30 } }")
    const old = track('Old', { timestamp: '2026-09-01T00:00:00.000Z' })
    workspace.write('events.ndjson', ndjson([...many(3), old]))
    const { code, stdout } = await call(['send', '--events', 'events.ndjson', '--json'])
    expect(code).toBe(0)
    expect(eventNames()).toEqual(['E0', 'E2'])
    expect(JSON.parse(stdout)).toMatchObject({
      vendors: { braze: { given: 4, sent: 2, notRouted: { events: 1, lastDays: 1 } } },
    })
  })

  test('--now is what lastDays counts back from; stdin needs it', async () => {
    const argv = ['send', '--events', '-', '--route', 'braze:lastDays=1']
    const refused = await call(argv, { stdin: ndjson(many(1)) })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('--now')
    const late = await call([...argv, '--now', '2026-12-01T00:00:00Z'], { stdin: ndjson(many(1)) })
    expect(late.code).toBe(0)
    expect(eventNames()).toEqual([])
  })
})

describe('--dry-run', () => {
  test('makes no request and says what would be sent', async () => {
    workspace.write('events.ndjson', ndjson(many(100)))
    const before = sandbox.requests().length
    const { code, stdout } = await call(['send', '--events', 'events.ndjson', '--dry-run', '--json'])
    expect(code).toBe(0)
    expect(sandbox.requests()).toHaveLength(before)
    expect(JSON.parse(stdout)).toMatchObject({
      vendors: { braze: { planned: 100, sent: 0, calls: { write: 2 } } },
    })
  })

  test('--show gives the very request of each message and what gets lost, without the key', async () => {
    const long = track('Long', { properties: { text: 'x'.repeat(300) } })
    workspace.write('events.ndjson', ndjson([track('Short'), long, { type: 'track' }]))
    const { code, stdout } = await call(['send', '--events', 'events.ndjson', '--dry-run', '--show'])
    expect(code).toBe(2)
    expect(stdout).toContain('events.ndjson:1  track "Short" m-Short')
    expect(stdout).toContain(`POST ${sandbox.url}/users/track`)
    expect(stdout).toContain('"name": "Short"')
    expect(stdout).toContain('loss: event.properties.text truncated')
    expect(stdout).toContain('malformed: userId is missing')
    expect(stdout).not.toContain(brazeDefaults.apiKeys[0]?.key)
  })

  test('--show --json is one row per message', async () => {
    workspace.write('events.ndjson', ndjson(many(3)))
    const { stdout } = await call([
      'send',
      '--events',
      'events.ndjson',
      '--dry-run',
      '--show',
      '--json',
      '--limit',
      '2',
    ])
    const rows = parseRows(stdout)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      file: 'events.ndjson',
      line: 1,
      vendors: [
        { vendor: 'braze', requests: [{ method: 'POST' }], results: [{ outcome: { status: 'planned' } }] },
      ],
    })
  })
})

test('--backfill marks events as old', async () => {
  workspace.write('events.ndjson', ndjson(many(1)))
  await call(['send', '--events', 'events.ndjson', '--backfill'])
  expect(eventNames()).toEqual(['E0 (backfill)'])
})

describe('--checkpoint', () => {
  const argv = ['send', '--events', 'events.ndjson', '--checkpoint', 'state.json', '--batch', '10']

  test('a second run sends nothing again', async () => {
    workspace.write('events.ndjson', ndjson(many(35)))
    await call(argv)
    const { code, stdout } = await call(argv)
    expect(code).toBe(0)
    expect(stdout).toContain('0 lines read, 35 lines settled by an earlier run')
    expect(eventNames()).toHaveLength(35)
  })

  test('lines that were added since are sent', async () => {
    workspace.write('events.ndjson', ndjson(many(5)))
    await call(argv)
    workspace.write('events.ndjson', ndjson(many(8)))
    await call(argv)
    expect(eventNames().toSorted()).toEqual(
      many(8)
        .map(({ event }) => event)
        .toSorted(),
    )
  })

  test('an interrupted run is gone on with, and every event is there once', async () => {
    workspace.write('events.ndjson', ndjson(many(200)))
    const stop = new AbortController()
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = await sandbox.host.fetch(input, init)
      if (stored().events.length >= 40) stop.abort()
      return answer
    }
    const host = { ...sandbox.host, fetch }
    const first = await call([...argv, '--rejects', 'rejects.ndjson'], { host, signal: stop.signal })
    expect(first.code).toBe(1)
    expect(first.stderr).toContain('interrupted')
    const sent = stored().events.length
    expect(sent).toBeGreaterThanOrEqual(40)
    expect(sent).toBeLessThan(200)
    const second = await call(argv)
    expect(second.code).toBe(0)
    expect(eventNames().toSorted()).toEqual(
      many(200)
        .map(({ event }) => event)
        .toSorted(),
    )
  })

  test('what stays undelivered is tried by the next run', async () => {
    sandbox.configure({ apiKeys: [{ key: 'another-key-than-ours', permissions: 'all' }] })
    workspace.write('events.ndjson', ndjson(many(20)))
    expect((await call(argv)).code).toBe(1)
    sandbox.configure({ apiKeys: brazeDefaults.apiKeys })
    expect((await call(argv)).code).toBe(0)
    expect(eventNames()).toHaveLength(20)
  })

  test('another input under the same name is refused', async () => {
    workspace.write('events.ndjson', ndjson(many(5)))
    await call(argv)
    workspace.write('events.ndjson', ndjson([track('Other')]))
    const { code, stderr } = await call(argv)
    expect(code).toBe(1)
    expect(stderr).toContain('another --checkpoint')
  })
})

test.each([
  [['send'], "required option '--events <FILE>' not specified"],
  [['send', '--events', 'none.ndjson'], 'no file at'],
  [['send', '--events', '-', '--show'], '--show needs --dry-run'],
  [['send', '--events', '-', '--only', 'brase'], 'allowed: segment, mixpanel'],
  [['send', '--events', '-', '--only', 'intercom'], 'no connector "intercom"'],
  [['send', '--events', '-', '--batch', '0'], 'less than 1'],
  [['send', '--events', '-', '--rejects', 'no/such/folder'], 'cannot be written'],
  [['send', '--events', '-', '--checkpoint', 'no/such/folder'], 'cannot be written'],
  [['send', '--events', 'tripline.config.ts', '--route', 'braze:lastDays=1'], 'say --now'],
  [['send', '--events', '-', '--now', 'yesterday'], '--now yesterday'],
])('%j is refused with 1', async (argv, message) => {
  const { code, stderr } = await call(argv)
  expect(code).toBe(1)
  expect(stderr).toContain(message)
  expect(stderr).not.toContain('    at ')
})
