import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { partsOf } from '../../../fixtures/events-of.ts'
import { BatchReader } from '../batch/batch-reader.ts'
import { BatchWriter } from '../batch/batch-writer.ts'
import type { InputEvent } from '../batch/input-event.ts'
import { isRefusal, messageToEvent } from './message-to-event.ts'
import { skipValue } from '../bytes/scan-json.ts'
import { TrackReader } from './track-reader.ts'

const base = {
  messageId: 'm1',
  type: 'track',
  userId: 'u1',
  event: 'Order Completed',
  timestamp: '2026-11-01T10:00:00.000Z',
}

function readBytes(line: string, names?: readonly string[]): InputEvent | undefined {
  const bytes = Buffer.from(`${line}\n`)
  const reader = new TrackReader(names)
  if (!reader.read(bytes, 0, bytes.length - 1, bytes.length === line.length + 1)) return undefined
  const writer = new BatchWriter(names?.length)
  writer.addTrack(reader, 7)
  return new BatchReader(names).read(writer.take()).event(0)
}

/** What parsing makes of the line. */
function parse(line: string): InputEvent {
  const parsed = messageToEvent(JSON.parse(line) as unknown, 7)
  if (isRefusal(parsed)) throw new Error(`${line} is refused: ${parsed.message}`)
  return parsed
}

test.each([
  base,
  { ...base, properties: {} },
  { ...base, properties: { price: 1.5e-3, list: [1, { a: null }], 'ä "quoted"': '\u2028\n' } },
  { ...base, context: { page: { path: '/' } }, integrations: {}, receivedAt: '2026-11-01T10:00:01Z' },
  { ...base, anonymousId: 'anon', version: 2 },
  { ...base, userId: 'Jürgen', event: 'Größe gewählt' },
])('%j is read without being parsed', (message) => {
  const event = readBytes(JSON.stringify(message))
  if (event === undefined) throw new Error('not read')
  expect(partsOf(event)).toEqual(partsOf(parse(JSON.stringify(message))))
})

test.each([
  { ...base, type: 'page' },
  { ...base, seq: 1 },
  { ...base, source: 'vendor' },
  { ...base, context: { source: 'vendor' } },
  { ...base, userId: 'a\nb' },
  { ...base, userId: null, anonymousId: 'a' },
  { ...base, messageId: undefined },
  { ...base, properties: [1] },
  { ...base, timestamp: '2026-11-31T10:00:00.000Z' },
])('%j is left to the parser', (message) => {
  expect(readBytes(JSON.stringify(message))).toBeUndefined()
})

test('a name that is written with an escape is left to the parser', () => {
  const line = JSON.stringify({ ...base, extra: 1 })
  expect(readBytes(line.replace('"extra"', String.raw`"\u0073eq"`))).toBeUndefined()
  expect(readBytes(line)).toBeDefined()
})

const names = ['a', 'id', 'Größe', 'quo"te'] as const
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(0, -0, -12, 1.5, 123_456_789_012_345, 1e21, '', 'x', 'longer than thirteen', 'ü', 'a\\b'),
)
const propertiesOf = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 5 })), value, {
  maxKeys: 4,
})
const message = fc
  .record(
    {
      properties: propertiesOf,
      context: fc.dictionary(fc.constantFrom('source', 'page', 'ip'), fc.constantFrom('vendor', 'x', '')),
      extra: fc.jsonValue({ maxDepth: 2 }),
      receivedAt: fc.constantFrom('2026-11-01T10:00:00Z', 'soon'),
      userId: fc.oneof(fc.string(), fc.constant('u2')),
      event: fc.oneof(fc.string(), fc.constant('E')),
    },
    { requiredKeys: [] },
  )
  .map((more) => JSON.stringify({ ...base, ...more }))
/** Cut, doubled or overwritten at a place. */
const damaged = fc
  .tuple(message, fc.nat(), fc.constantFrom('', ',', '"', '\\', '}', '{', ' ', '0', '\t', '-', 'e', '\u0001'))
  .map(([line, place, character]) => {
    const at = place % line.length
    return line.slice(0, at) + character + line.slice(at + 1)
  })

fcTest.prop([fc.oneof(message, damaged)], { numRuns: 2_000 })(
  'what is read without parsing is what parsing gives, whatever is damaged',
  (line) => {
    const event = readBytes(line)
    if (event !== undefined) expect(partsOf(event)).toEqual(partsOf(parse(line)))
  },
)

const named = fc.subarray([...names])
fcTest.prop([fc.oneof(message, damaged), named], { numRuns: 2_000 })(
  'where only some properties are asked for these are what parsing gives',
  (line, asked) => {
    const event = readBytes(line, asked)
    expect(event === undefined).toBe(readBytes(line) === undefined)
    if (event === undefined) return
    const whole = parse(line)
    const properties = Object.fromEntries(
      asked.flatMap((name) =>
        Object.hasOwn(whole.properties, name) ? [[name, whole.properties[name]]] : [],
      ),
    )
    // A name behind an escape has all of them parsed.
    const found = Object.fromEntries(
      asked.flatMap((name) =>
        Object.hasOwn(event.properties, name) ? [[name, event.properties[name]]] : [],
      ),
    )
    expect({ ...partsOf(event), properties: found }).toEqual({ ...partsOf(whole), properties })
  },
)

test('of a name that comes twice the last value counts, also behind an escape', () => {
  const line = (properties: string) => JSON.stringify(base).replace(/}$/, `,"properties":${properties}}`)
  expect(readBytes(line('{"id":1,"id":"b"}'), ['id'])?.properties).toEqual({ id: 'b' })
  expect(readBytes(line(String.raw`{"id":1,"i\u0064":2}`), ['id'])?.properties).toEqual({ id: 2 })
})

const json = fc.jsonValue().map((value) => JSON.stringify(value))
const text = fc.oneof(
  json,
  fc.tuple(json, fc.nat(), fc.string({ maxLength: 2 })).map(([line, place, more]) => {
    const at = place % (line.length + 1)
    return line.slice(0, at) + more + line.slice(at + 1)
  }),
)
fcTest.prop([text], { numRuns: 2_000 })('no text is taken for JSON that is none', (line) => {
  const bytes = Buffer.from(`${line}\n`)
  const isJson = (): boolean => {
    try {
      JSON.parse(line)
      return true
    } catch {
      return false
    }
  }
  if (skipValue(bytes, 0, bytes.length - 1) === bytes.length - 1) expect(isJson()).toBe(true)
})

test.each(['0', '-0.5e+10', 'true', '[]', '{"a":[1,2,{}]}', String.raw`"\u00e4\\"`])('%s is JSON', (line) => {
  const bytes = Buffer.from(`${line}\n`)
  expect(skipValue(bytes, 0, bytes.length - 1)).toBe(bytes.length - 1)
})
