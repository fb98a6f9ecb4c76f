import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace, parseRows, type Workspace } from '../../fixtures/command-line.ts'

const ordered = { type: 'track', name: 'Order Completed' }
const definitions = {
  specVersion: 1,
  segments: [
    {
      specVersion: 1,
      kind: 'dynamic',
      id: 'recent',
      condition: { kind: 'did', event: ordered, within: '1d' },
    },
    { specVersion: 1, kind: 'static', id: 'chosen', members: ['u9'] },
  ],
  triggers: [
    {
      specVersion: 1,
      id: 'choose',
      when: { kind: 'on', event: ordered },
      journey: [{ kind: 'addTo', segment: 'chosen' }],
    },
  ],
}
const order = (userId: string, timestamp: string, more = {}) =>
  JSON.stringify({
    type: 'track',
    event: 'Order Completed',
    userId,
    timestamp,
    messageId: `${userId} ${timestamp}`,
    ...more,
  })
const events = [
  order('u2', '2026-11-01T10:00:00.000Z'),
  order('u10', '2026-11-01T12:00:00.000Z'),
  order('é', '2026-11-01T12:00:00.000Z'),
  order('u1', '2026-11-02T10:00:00.000Z'),
  JSON.stringify({
    type: 'track',
    event: 'Page Viewed',
    userId: 'u9',
    timestamp: '2026-11-02T11:00:00.000Z',
  }),
]

let workspace: Workspace
beforeAll(() => {
  workspace = createWorkspace({
    'triggers.json': JSON.stringify(definitions),
    'events.ndjson': `${events.join('\n')}\n`,
    'unordered.ndjson': `${events.toReversed().join('\n')}\n`,
    'wrong.ndjson': `${events.join('\n')}\nnonsense\n`,
  })
})
afterAll(() => workspace.remove())

const call = (...more: readonly string[]) => callCli(workspace.folder, ['segments', 'members', ...more])
async function members(segment: string, ...more: readonly string[]): Promise<readonly unknown[]> {
  const input = more.includes('--events') ? [] : ['--events', 'events.ndjson']
  const { code, stdout, stderr } = await call(
    '--definitions',
    'triggers.json',
    '--segment',
    segment,
    ...input,
    ...more,
  )
  expect(code, stderr).toBe(0)
  return parseRows(stdout).map(({ userId }) => userId)
}

describe('segments members by definition', () => {
  test('after the last event', async () => {
    // u2 did order a day and an hour before.
    expect(await members('recent')).toEqual(['u1', 'u10', 'é'])
  })

  test('at a time: exactly a day after the order it is over, a millisecond before it is not', async () => {
    expect(await members('recent', '--at', '2026-11-02T10:00:00.000Z')).toEqual(['u1', 'u10', 'é'])
    expect(await members('recent', '--at', '2026-11-02T09:59:59.999Z')).toEqual(['u10', 'u2', 'é'])
  })

  test('at a time after the data: windows have slid on', async () => {
    expect(await members('recent', '--at', '2026-11-03')).toEqual(['u1'])
    expect(await members('recent', '--at', '2026-11-04')).toEqual([])
  })

  test('in any order of the lines', async () => {
    expect(await members('recent', '--events', 'unordered.ndjson')).toEqual(['u1', 'u10', 'é'])
  })

  test('of a static segment: those it names and those that journeys added', async () => {
    expect(await members('chosen')).toEqual(['u1', 'u10', 'u2', 'u9', 'é'])
    expect(await members('chosen', '--at', '2026-11-01T12:00:00Z')).toEqual(['u10', 'u2', 'é'])
  })

  test('lines that are wrong: 2, and the rest is read', async () => {
    const argv = ['--definitions', 'triggers.json', '--segment', 'recent', '--events', 'wrong.ndjson']
    const { code, stdout, stderr } = await call(...argv)
    expect(code).toBe(2)
    expect(parseRows(stdout)).toHaveLength(3)
    expect(stderr).toContain('1 line of the events is wrong')
  })

  test.each<readonly [string, readonly string[]]>([
    ['say where the members come from', ['--segment', 'recent', '--definitions', 'triggers.json']],
    [
      '--events belongs to members by definition, and not to --from',
      ['--segment', 'VIP', '--from', 'hubspot', '--events', 'events.ndjson'],
    ],
    [
      '--at belongs to members by definition',
      ['--segment', 'VIP', '--from', 'hubspot', '--at', '2026-11-01'],
    ],
    [
      '--since belongs to members at a vendor (--from)',
      ['--segment', 'recent', '--events', 'events.ndjson', '--since', '2026-11-01T00:00:00Z'],
    ],
    [
      'there is no segment recnt; there are recent, chosen',
      ['--segment', 'recnt', '--definitions', 'triggers.json', '--events', 'events.ndjson'],
    ],
    [
      '--at: write a day or ISO 8601',
      ['--segment', 'recent', '--definitions', 'triggers.json', '--events', 'events.ndjson', '--at', 'noon'],
    ],
  ])('refused: %s', async (message, argv) => {
    const { code, stderr } = await call(...argv)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})

const data = join(import.meta.dirname, '../../../../../shared/data')
const realSegments = [
  {
    specVersion: 1,
    kind: 'dynamic',
    id: 'lookers',
    condition: {
      kind: 'and',
      conditions: [
        {
          kind: 'did',
          event: { type: 'track', name: 'Product Viewed' },
          count: { op: 'gte', value: 3 },
          within: '7d',
        },
        { kind: 'did', event: ordered, count: { op: 'eq', value: 0 } },
      ],
    },
  },
  {
    specVersion: 1,
    kind: 'dynamic',
    id: 'spenders',
    condition: {
      kind: 'total',
      event: ordered,
      property: 'revenue',
      aggregate: 'sum',
      op: 'gte',
      value: 100,
      within: '180d',
    },
  },
]
// Counted by a SQL engine.
describe.each([
  ['taobao-a', 'lookers', 160],
  ['cdnow', 'spenders', 1299],
] as const)('%s', (stream, segment, count) => {
  const file = join(data, stream, 'events.ndjson.gz')
  test.skipIf(!existsSync(file))(
    `members of ${segment} at the end: ${count} (skipped: data not present)`,
    async () => {
      workspace.write('segments.json', JSON.stringify(realSegments))
      const { code, stdout } = await call(
        '--definitions',
        'segments.json',
        '--segment',
        segment,
        '--events',
        file,
      )
      expect(code).toBe(0)
      const ids = parseRows(stdout).map(({ userId }) => String(userId))
      expect(ids).toHaveLength(count)
      // Ids of digits: bytewise is as text.
      expect(ids).toEqual(ids.toSorted())
    },
  )
})
