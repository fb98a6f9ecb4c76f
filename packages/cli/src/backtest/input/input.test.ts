import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, test } from 'vitest'
import { createWorkspace } from '../../../fixtures/command-line.ts'
import { eventsOf } from '../../../fixtures/events-of.ts'
import { readColumnMap } from './columns.ts'
import { readProfile } from './records.ts'
import { BatchReader } from '../batch/batch-reader.ts'
import type { InputEvent } from '../batch/input-event.ts'
import { createIntake, type IntakeOptions } from './intake.ts'
import { openFiles } from './open-files.ts'
import { createProblems, problemText } from './problems.ts'

const workspace = createWorkspace()
afterAll(() => workspace.remove())
const nowMs = Date.UTC(2026, 11, 1)

async function read(
  name: string,
  content: string | Uint8Array,
  more: Partial<IntakeOptions> & { readonly columns?: string } = {},
) {
  workspace.write(name, content)
  const { folder } = workspace
  const columns = more.columns === undefined ? {} : { columns: readColumnMap(more.columns, folder) }
  const problems = createProblems(false)
  const intake = createIntake({ nowMs, latenessMs: 5_000, asReceived: false, problems, ...more })
  const reader = new BatchReader()
  const events: InputEvent[] = []
  let readBytes = 0
  for (const file of openFiles([name], { folder, stdin: Readable.from([]), ...columns })) {
    for await (const _ of file.read(intake.sinkOf(name), (bytes) => (readBytes += bytes))) {
      events.push(...eventsOf(reader.read(intake.take())))
    }
  }
  events.push(...eventsOf(reader.read(intake.take())))
  return {
    events,
    counts: intake.counts,
    readBytes,
    problems: problems.first.map(problemText),
    reasons: problems.counts,
  }
}

const good = {
  type: 'track',
  messageId: 'm1',
  userId: 'u1',
  event: 'Order Completed',
  properties: { revenue: 5, note: 'zu süß' },
  timestamp: '2026-11-01T10:00:00.000Z',
}
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
const lines = (...all: readonly unknown[]) =>
  all.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')

describe('what is wrong with a line is listed with its number, and the rest is read', () => {
  test.each([
    ['{"a":', 'malformed', 'is no JSON: it ends too early'],
    ['{"type" "track"}', 'malformed', 'is no JSON: unexpected at position 8'],
    ['{"messageId": "m1"', 'malformed', 'is no JSON: it ends too early'],
    ['{"messageId": "m1', 'malformed', 'is no JSON: it ends too early'],
    ['not json', 'malformed', 'is no JSON: it does not begin like JSON'],
    ['\0\0', 'malformed', 'is no JSON: it does not begin like JSON'],
    ['{"a": x}', 'malformed', 'is no JSON: something stands where a value should'],
    ['[1]', 'malformed', 'is no JSON object'],
    [
      { ...good, type: 'tracking' },
      'malformed',
      'type: is none of track, identify, page, screen, group, alias',
    ],
    [{ ...good, timestamp: undefined }, 'no-timestamp', 'timestamp: is missing'],
    [{ ...good, timestamp: null }, 'no-timestamp', 'timestamp: is missing'],
    [
      { ...good, timestamp: 1_793_527_200 },
      'malformed',
      'timestamp: is not text; write ISO 8601 with a zone, e.g. 2026-11-01T10:00:00.000Z',
    ],
    [
      { ...good, timestamp: '2026-02-30T10:00:00.000Z' },
      'malformed',
      'timestamp: does not exist in the calendar; write ISO 8601 with a zone, e.g. 2026-11-01T10:00:00.000Z',
    ],
    [
      { ...good, userId: 17 },
      'bad-user-id',
      'userId: is a number; send ids as text: "00001" and "1" are two people, 00001 and 1 are one number',
    ],
    [{ ...good, userId: '' }, 'bad-user-id', 'userId: is empty; leave it out when there is no id'],
    [{ ...good, userId: undefined }, 'malformed', 'userId: is missing, and so is anonymousId'],
    [{ ...good, event: undefined }, 'malformed', 'event: is no name'],
    [{ ...good, properties: [1] }, 'malformed', 'properties: is no object'],
    [{ ...good, seq: 'x' }, 'malformed', 'seq: is no number'],
    [`{"x":${nested(500)}}`, 'malformed', 'is nested deeper than 500 levels'],
    [
      JSON.stringify({ ...good, properties: { x: 'deep' } }).replace('"deep"', nested(20_000)),
      'malformed',
      'is nested deeper than 500 levels',
    ],
    [
      JSON.stringify({ ...good, properties: { x: 'much' } }).replace('"much"', '1e999'),
      'malformed',
      'has a number beyond 1.8e308',
    ],
    [
      JSON.stringify({ ...good, properties: { x: 'much' } }).replace('"much"', `-${'9'.repeat(400)}`),
      'malformed',
      'has a number beyond 1.8e308',
    ],
    [{ ...good, timestamp: '2026-12-01T00:00:05.001Z' }, 'future', 'timestamp: lies in the future'],
  ])('%j', async (line, reason, message) => {
    const result = await read('bad.ndjson', lines(good, ' \t ', line, { ...good, messageId: 'm2' }))
    expect(result.problems).toEqual([`bad.ndjson:3 ${message}`])
    expect(result.reasons).toEqual({ [reason]: 1 })
    expect(result.events.map(({ messageId }) => messageId)).toEqual(['m1', 'm2'])
  })

  test('no text of the line is repeated: it may be a person’s', async () => {
    const { problems } = await read('bad.ndjson', '{"email":"ada@example.com" oops}\n')
    expect(problems.join()).not.toContain('ada')
  })

  test('bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(lines(good)),
      Buffer.from([0x7b, 0xff, 0x7d, 10]),
      Buffer.from(lines({ ...good, messageId: 'm2' })),
    ])
    const result = await read('bytes.ndjson', bytes)
    expect(result.problems).toEqual(['bytes.ndjson:2 is not UTF-8'])
    expect(result.events[1]?.properties).toEqual(good.properties)
  })

  test('a line too long to be a message', async () => {
    const result = await read(
      'long.ndjson',
      lines(good, `{"x":"${'y'.repeat(9_000_000)}"}`, { ...good, messageId: 'm2' }),
    )
    expect(result.problems).toEqual(['long.ndjson:2 is longer than 8388608 bytes'])
    expect(result.events.length).toBe(2)
  })

  test('of a truncated gzip everything before the break is read, and the break is listed', async () => {
    const many = lines(
      ...Array.from({ length: 2_000 }, (_, index) => ({ ...good, messageId: `m${index * 7919}` })),
    )
    const packed = gzipSync(many)
    const result = await read('broken.ndjson.gz', packed.subarray(0, packed.length - 2_000))
    expect(result.events.length).toBeGreaterThan(500)
    expect(result.events.length).toBeLessThan(2_000)
    expect(result.reasons['truncated']).toBe(1)
    expect(result.problems.at(-1)).toMatch(/the file breaks off after this line/)
    const whole = await read('whole.ndjson.gz', packed)
    expect(whole.problems).toEqual([])
    expect(whole.events.length).toBe(2_000)
    expect(whole.readBytes).toBe(packed.length)
  })

  test('an event from the future with a time of receipt is taken at it, and reported', async () => {
    const line = { ...good, timestamp: '2030-01-01T00:00:00Z', receivedAt: '2026-11-02T00:00:00Z' }
    const { events, problems } = await read('future.ndjson', lines(line))
    expect(problems).toEqual(['future.ndjson:1 timestamp: lies in the future; taken at its time of receipt'])
    expect(events[0]?.atMs).toBe(Date.UTC(2026, 10, 2))
  })
})

test.each([
  [nested(501), 'is nested deeper than 500 levels'],
  ['1e999', 'has a number beyond 1.8e308'],
])('a profile has the same bounds', (value, problem) => {
  expect(readProfile(JSON.parse(`{"userId":"u1","traits":{"x":${value}}}`))).toBe(problem)
})

test('what lies within the bounds is read', async () => {
  const line = JSON.stringify({ ...good, properties: { list: 'deep', size: 'much' } })
  const { events, problems } = await read(
    'bounds.ndjson',
    lines(line, line.replace('"deep"', nested(490)).replace('"much"', '1e308').replace('m1', 'm2')),
  )
  expect(problems).toEqual([])
  expect(events[1]?.properties['size']).toBe(1e308)
})

describe('messages', () => {
  test('without an id have one of what they say: a repetition is known', async () => {
    const { messageId: _, ...without } = good
    const swapped = Object.fromEntries(Object.entries(without).toReversed())
    const other = { ...without, properties: { revenue: 6 } }
    const { events, counts } = await read('ids.ndjson', lines(without, swapped, other))
    expect(counts).toMatchObject({ events: 2, duplicates: 1 })
    expect(events[0]?.messageId).toMatch(/^[0-9a-f]{64}$/)
  })

  test('of every type keep what decides', async () => {
    const base = { userId: 'u1', timestamp: '2026-11-01T10:00:00+02:00' }
    const { events } = await read(
      'types.ndjson',
      lines(
        { ...base, messageId: '1', type: 'page', name: 'Home', properties: { path: '/' } },
        { ...base, messageId: '2', type: 'screen' },
        { ...base, messageId: '3', type: 'identify', traits: { plan: 'pro' }, anonymousId: 'a1' },
        { ...base, messageId: '4', type: 'alias', previousId: 'a2' },
        { ...base, messageId: '5', type: 'track', event: 'Email Opened', context: { source: 'vendor' } },
        { ...base, messageId: '6', type: 'track', event: 'E', userId: null, anonymousId: 'a3', seq: 4 },
      ),
    )
    expect(events.map(({ type, name }) => [type, name])).toEqual([
      ['page', 'Home'],
      ['screen', undefined],
      ['identify', undefined],
      ['alias', undefined],
      ['track', 'Email Opened'],
      ['track', 'E'],
    ])
    expect(events[0]?.atMs).toBe(Date.UTC(2026, 10, 1, 8))
    expect(events[2]).toMatchObject({ properties: { plan: 'pro' }, links: 'a1' })
    expect(events[3]).toMatchObject({ links: 'a2' })
    expect(events[4]).toMatchObject({ source: 'vendor' })
    expect(events[5]).toMatchObject({ person: 'a3', isAnonymous: true, seq: 4 })
  })
})

describe('CSV', () => {
  const columns =
    "userId=customer,timestamp=at:seconds,event='Order Completed',messageId=row,properties.revenue=sum:number,properties.items=items:json,properties.gift=gift:boolean,properties.address.city=city"

  test('becomes messages by the map', async () => {
    const csv =
      'row,customer,at,sum,items,gift,city\r\n7,00017,1793527200,"12.5","[{""id"":""a""}]",1,"Berlin, Mitte"\r\n8,18,1793527201,,,,\r\n'
    const { events, problems } = await read('orders.csv', csv, { columns })
    expect(problems).toEqual([])
    expect(events).toMatchObject([
      {
        messageId: '7',
        person: '00017',
        name: 'Order Completed',
        atMs: 1_793_527_200_000,
        properties: { revenue: 12.5, items: [{ id: 'a' }], gift: true, address: { city: 'Berlin, Mitte' } },
      },
      { messageId: '8', person: '18', properties: {} },
    ])
  })

  test('without a map each column fills the field that it is called', async () => {
    const csv = '\uFEFFuserId,timestamp,event,properties.size,other\nu1,2026-11-01T10:00:00Z,E,12,x\n'
    const { events } = await read('own.csv.gz', gzipSync(csv))
    expect(events).toMatchObject([{ person: 'u1', name: 'E', properties: { size: '12' } }])
  })

  test('no name of a column reaches into what all objects share', async () => {
    const csv = 'userId,timestamp,event,properties.__proto__.isAdmin\nu1,2026-11-01T10:00:00Z,E,yes\n'
    const { events } = await read('shared.csv', csv)
    expect(events[0]?.properties).toEqual({})
    expect(({} as { readonly isAdmin?: unknown }).isAdmin).toBeUndefined()
    expect(() => readColumnMap('properties.__proto__.x=a', workspace.folder)).toThrow(/is no field/)
  })

  test('rows that are wrong are listed with their lines', async () => {
    const csv =
      'row,customer,at,sum,items,gift,city\n1,u1,1793527200,x,,,\n2,u1,1793527200\n3,u1,1793527200,1,{,,\n4,u1,1793527200,4,,no,\n5,u1,1793527200,5,,,\n6,"u1"x,1793527200,5,,,\n7,u1,1793527200,7,,,\n'
    const { events, problems } = await read('orders.csv', csv, { columns })
    expect(problems.toSorted()).toEqual([
      'orders.csv:2 properties.revenue: column sum is no number',
      'orders.csv:3 has 3 values, the header has 7',
      'orders.csv:4 properties.items: column items is no JSON',
      'orders.csv:5 properties.gift: column gift is neither true, false, 1 nor 0',
    ])
    expect(events.map(({ messageId, person }) => [messageId, person])).toEqual([
      ['5', 'u1'],
      ['6', '"u1"x'],
      ['7', 'u1'],
    ])
  })

  test.each([
    ['user=customer', /user is no field/],
    ['userId', /cannot be read as a column map/],
    ['userId=a:int', /there is no form int/],
    ['userId=a,userId=b', /given twice/],
  ])('%s is no map', (map, message) => {
    expect(() => readColumnMap(map, workspace.folder)).toThrow(message)
  })

  test('a map may stand in a file', () => {
    workspace.write('map.json', '{"userId":"c","timestamp":"at:utc","event":{"value":"E"}}')
    expect([...readColumnMap('map.json', workspace.folder)]).toEqual([
      ['userId', { column: 'c', form: 'as-is' }],
      ['timestamp', { column: 'at', form: 'utc' }],
      ['event', { value: 'E' }],
    ])
  })
})

describe('Parquet', () => {
  const columnData = [
    { name: 'customer', data: ['u1', 'u2', 'u3', 'u4'], type: 'STRING' as const },
    {
      name: 'at',
      data: [0, 1, 2, 3].map((day) => new Date(Date.UTC(2026, 10, 1 + day))),
      type: 'TIMESTAMP' as const,
    },
    { name: 'sum', data: [1.5, 2, 3, 4], type: 'DOUBLE' as const },
    { name: 'count', data: [1n, 2n, 2n ** 60n, 4n], type: 'INT64' as const },
    { name: 'note', data: ['a', 'b', 'c', 'd'], type: 'STRING' as const },
  ]
  const columns = "userId=customer,timestamp=at,event='E',properties.sum=sum,properties.count=count"

  test('is read row group by row group, in its own types', async () => {
    const file = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 }))
    const { events, problems, readBytes } = await read('orders.parquet', file, { columns })
    expect(problems).toEqual([])
    expect(events.map(({ person, atMs, properties }) => [person, atMs, properties])).toEqual([
      ['u1', Date.UTC(2026, 10, 1), { sum: 1.5, count: 1 }],
      ['u2', Date.UTC(2026, 10, 2), { sum: 2, count: 2 }],
      ['u3', Date.UTC(2026, 10, 3), { sum: 3, count: '1152921504606846976' }],
      ['u4', Date.UTC(2026, 10, 4), { sum: 4, count: 4 }],
    ])
    expect(readBytes).toBeGreaterThan(0)
  })

  test('a file that is none, or breaks off', async () => {
    expect((await read('none.parquet', 'hello')).problems[0]).toMatch(/^none\.parquet is no Parquet file/)
    const file = new Uint8Array(parquetWriteBuffer({ columnData }))
    expect((await read('half.parquet', file.subarray(0, 60))).problems[0]).toMatch(/is no Parquet file/)
  })
})
