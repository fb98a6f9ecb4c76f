import { gzipSync } from 'node:zlib'
import { brazeDefaults, startBrazeSandbox, type BrazeState } from '@tripline/sandbox/braze'
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
const stored = () => sandbox.inspect() as BrazeState
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
