import { expect, test } from 'vitest'
import { eventsOf } from '../../../fixtures/events-of.ts'
import { TrackReader } from '../input/track-reader.ts'
import { BatchReader } from './batch-reader.ts'
import { BatchWriter } from './batch-writer.ts'
import type { InputEvent } from './input-event.ts'

const line = (index: number) =>
  JSON.stringify({
    messageId: `message-${index}`,
    type: 'track',
    userId: `u${index % 7}`,
    event: `E${index % 3}`,
    properties: { index, note: index % 10 === 0 ? 'süß' : 'x'.repeat(index), other: [index] },
    timestamp: '2026-11-01T10:00:00.000Z',
  })

const parsed = (index: number): InputEvent => ({
  messageId: `message-${index}`,
  type: 'page',
  atMs: index,
  properties: { index },
  person: `u${index % 7}`,
  isAnonymous: true,
  links: '',
  seq: 0,
  receivedMs: Number.NaN,
  arrival: index,
})

const names = ['note', 'index']

function addAll(writer: BatchWriter, count: number, asked?: readonly string[]): void {
  const reader = new TrackReader(asked)
  for (let index = 0; index < count; index++) {
    const bytes = Buffer.from(`${line(index)}\n`)
    if (index % 5 === 4) writer.addParsed(parsed(index))
    else if (reader.read(bytes, 0, bytes.length - 1, index % 10 !== 0)) writer.addTrack(reader, index)
    else throw new Error(`line ${index} was not read`)
  }
}

const told = ({ messageId, person, name, arrival, properties }: InputEvent) => ({
  messageId,
  person,
  name,
  arrival,
  properties,
})

function expected(index: number, asked?: readonly string[]) {
  if (index % 5 === 4) return told(parsed(index))
  const { messageId, userId: person, event: name, properties } = JSON.parse(line(index)) as Line
  const { note } = properties
  return {
    messageId,
    person,
    name,
    arrival: index,
    properties: asked === undefined ? properties : { note, index },
  }
}
interface Line {
  readonly messageId: string
  readonly userId: string
  readonly event: string
  readonly properties: { readonly note: string }
}

test.each([undefined, names])(
  'many events, read and parsed, come back as they went (asked for: %j)',
  (asked) => {
    const writer = new BatchWriter(asked?.length)
    const reader = new BatchReader(asked)
    for (const count of [300, 0, 70]) {
      addAll(writer, count, asked)
      const events = eventsOf(reader.read(writer.take())).map(told)
      expect(events).toEqual(Array.from({ length: count }, (_, index) => expected(index, asked)))
    }
  },
)

test.each([[[]], [[0]], [[119]], [[0, 1, 2, 60, 118, 119]], [[4, 9, 10, 11]]])(
  'rows %j are dropped, the others stay, and more can be added',
  (dropped) => {
    const writer = new BatchWriter(names.length)
    addAll(writer, 120, names)
    writer.drop(dropped)
    addAll(writer, 3, names)
    const kept = Array.from({ length: 120 }, (_, index) => index).filter((index) => !dropped.includes(index))
    const events = eventsOf(new BatchReader(names).read(writer.take())).map(told)
    expect(events).toEqual([...kept, 0, 1, 2].map((index) => expected(index, names)))
  },
)
