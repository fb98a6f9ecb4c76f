import { fc, test as fcTest } from '@fast-check/vitest'
import { expect } from 'vitest'
import { BatchReader } from '../batch/batch-reader.ts'
import { BatchWriter } from '../batch/batch-writer.ts'
import { compareEvents, type InputEvent } from '../batch/input-event.ts'
import { WaitingEvents } from './waiting-events.ts'

const eventOf = (arrival: number, atMs: number, seq: number): InputEvent => ({
  messageId: `m${arrival % 4}`,
  type: 'track',
  name: 'E',
  atMs,
  properties: {},
  person: 'u1',
  isAnonymous: false,
  links: '',
  seq,
  receivedMs: Number.NaN,
  arrival,
})

const event = fc.tuple(fc.nat(6), fc.nat(2))
/** Events of some batches, and how many are taken after each batch. */
const batches = fc.array(fc.tuple(fc.array(event, { maxLength: 8 }), fc.nat(6)), { maxLength: 5 })

fcTest.prop([batches], { numRuns: 500 })(
  'events of several batches are given in the order of the time line, the first ones first',
  (given) => {
    const [writer, reader, waiting] = [new BatchWriter(), new BatchReader(), new WaitingEvents()]
    let expected: InputEvent[] = []
    let arrival = 0
    for (const [events, taken] of given) {
      for (const [atMs, seq] of events) {
        const each = eventOf(arrival++, atMs, seq)
        writer.addParsed(each)
        expected.push(each)
      }
      const batch = reader.read(writer.take())
      for (let row = 0; row < batch.count; row++) waiting.add(batch, row)
      waiting.sort()
      expected = expected.toSorted(compareEvents)
      expect(waiting.count).toBe(expected.length)
      for (const [index, { atMs, arrival: came }] of expected.entries()) {
        expect([waiting.atMs(index), waiting.arrival(index)]).toEqual([atMs, came])
      }
      const count = Math.min(taken, expected.length)
      expect(waiting.take(count)).toEqual(expected.splice(0, count))
      expect(waiting.atMs(waiting.count)).toBeNaN()
    }
  },
)
