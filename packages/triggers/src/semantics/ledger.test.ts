import { createHash } from 'node:crypto'
import { deriveMessageId } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { email, on, send, track, trigger, wait } from '../../fixtures/cases/ledger-parts.ts'
import { eventsOf, type EventNote } from '../../fixtures/cases/notation.ts'
import { armOf, bucketOf } from '../../fixtures/reference/chance.ts'
import { idOf } from '../../fixtures/reference/ids.ts'
import { accept, putAtClock } from '../../fixtures/reference/intake.ts'
import { listingOf } from '../../fixtures/reference/lines.ts'
import { ledgerOf } from '../../fixtures/reference/simulation.ts'
import { orderEvents, type PastEvent } from '../../fixtures/reference/time-line.ts'
import { normaliseDefinitions, type TriggerInput } from '../index.ts'

const hour = 3_600_000

function run(triggers: readonly TriggerInput[], notes: readonly EventNote[], id = 'u1') {
  const definitions = normaliseDefinitions({ specVersion: 1, triggers })
  return ledgerOf(id, { definitions }, { events: eventsOf(notes), untilMs: 1000 * hour })
}

describe('the lines of a ledger', () => {
  const common = { userId: 'u1', atMs: 0, trigger: 't', version: 1, anchorKey: 'm0' }
  const idAt = (stepPath: string) => idOf({ ...common, stepPath })

  test('a fire writes `fire`, then its entry or its refusal; both have the id of the entry', () => {
    const id = idAt('')
    expect(run([trigger({})], [['A', 0]])).toEqual([
      { ...common, kind: 'fire', id, stepPath: '' },
      { ...common, kind: 'entry', id, stepPath: '' },
      { ...common, kind: 'end', id, stepPath: '' },
    ])
    expect(run([trigger({ enabled: false })], [['A', 0]])).toEqual([
      { ...common, kind: 'fire', id, stepPath: '' },
      { ...common, kind: 'refusal', reason: 'disabled', id, stepPath: '' },
    ])
  })
  test('data is read at the instant a send goes; names whose source has no value are absent', () => {
    const data = {
      first: { anchor: 'products[].id' },
      plan: { trait: 'plan' },
      fixed: { value: 7 },
      none: { anchor: 'other' },
    } as const
    const lines = run(
      [trigger({ journey: [wait('1h'), { ...email, data }] })],
      [
        ['A', 0, { products: [{ id: 'p1' }, { id: 'p2' }] }],
        ['identify', '30m', { plan: 'pro' }],
      ],
    )
    expect(lines).toContainEqual({
      ...common,
      kind: 'send',
      atMs: hour,
      id: idAt('1'),
      stepPath: '1',
      channel: 'email',
      content: email.content,
      data: { first: 'p1', plan: 'pro', fixed: 7 },
      transactional: false,
    })
  })
  test('an act says its effect; `setTrait` from a source without a value writes `null`', () => {
    const journey = [
      { kind: 'setTrait', trait: 'x', value: { anchor: 'none' } },
      { kind: 'addTo', segment: 'list' },
      { kind: 'emit', event: 'E', properties: { id: { anchor: 'id' } } },
      { kind: 'webhook', url: 'https://example.com', data: { id: { anchor: 'id' } } },
    ] as const
    const definitions = normaliseDefinitions({
      specVersion: 1,
      triggers: [trigger({ journey })],
      segments: [{ specVersion: 1, kind: 'static', id: 'list' }],
    })
    const acts = ledgerOf(
      'u1',
      { definitions },
      { events: eventsOf([['A', 0, { id: 5 }]]), untilMs: 1 },
    ).flatMap((line) => (line.kind === 'act' ? [line.effect] : []))
    expect(acts).toEqual([
      { kind: 'setTrait', trait: 'x', value: null },
      { kind: 'addTo', segment: 'list' },
      { kind: 'emit', event: 'E', properties: { id: 5 } },
      { kind: 'webhook', url: 'https://example.com', data: { id: 5 } },
    ])
  })
  test('every line of a hold-out run says so, but its fire', () => {
    const lines = run([trigger({ journey: [email], holdout: { share: 1 } })], [['A', 0]])
    expect(lines.map((line) => [line.kind, 'heldOut' in line])).toEqual([
      ['fire', false],
      ['entry', true],
      ['refusal', true],
      ['end', true],
    ])
  })
  test('ids are the first 128 bits of SHA-256 of the JSON array', () => {
    const hex = createHash('sha256').update('["t",1,"ü","m0@5","0/yes/1"]').digest('hex')
    const parts = { trigger: 't', version: 1, userId: 'ü', anchorKey: 'm0@5', stepPath: '0/yes/1' }
    expect(idOf(parts)).toBe(hex.slice(0, 32))
  })
  test('listings are sorted by instant, user id, place', () => {
    const notes: EventNote[] = [
      ['A', 0],
      ['A', '1m'],
    ]
    const rows = listingOf([run([trigger({})], notes), run([trigger({})], notes, 'u0')])
    expect(
      rows.filter(({ kind }) => kind === 'entry').map(({ atMs, userId }) => `${atMs} ${userId}`),
    ).toEqual(['0 u0', '0 u1', '60000 u0', '60000 u1'])
  })
})

describe('anchor keys', () => {
  const keys = (when: TriggerInput['when'], notes: readonly EventNote[]) =>
    run([trigger({ when })], notes).flatMap((line) => (line.kind === 'fire' ? [line.anchorKey] : []))
  test('messageId of the anchor event', () => {
    expect(keys(on('A'), [['A', 0]])).toEqual(['m0'])
  })
  test('for a fire by timer + `@` + due ms', () => {
    const when = { kind: 'without', base: on('A'), event: track('X'), for: '1h' } as const
    expect(keys(when, [['A', 0]])).toEqual([`m0@${hour}`])
  })
})

describe('chance', () => {
  test('bucket = first 52 bits of SHA-256 of experimentId + ":" + userId, divided by 2^52', () => {
    const hex = createHash('sha256').update('t:u1').digest('hex')
    expect(bucketOf('t', 'u1')).toBe(Number(BigInt(`0x${hex}`) >> 204n) / 2 ** 52)
  })
  test('arm i is taken when bucket × Σweights < w1 + … + wi', () => {
    expect([0, 0.25, 0.4999, 0.5, 0.999].map((bucket) => armOf(bucket, [1, 1, 2]))).toEqual([0, 1, 1, 2, 2])
    expect(armOf(0, [0, 1])).toBe(1)
  })
  test('each hold-out is its own experiment: id as written, else trigger id', () => {
    const share = (bucketOf('t', 'u1') + bucketOf('other', 'u1')) / 2
    const heldOut = (experiment?: string) =>
      run(
        [trigger({ journey: [email], holdout: { share, ...(experiment && { experiment }) } })],
        [['A', 0]],
      ).some((line) => 'heldOut' in line)
    expect(heldOut()).toBe(bucketOf('t', 'u1') < share)
    expect(heldOut('other')).toBe(bucketOf('other', 'u1') < share)
  })
  test('each split is its own experiment: id as written', () => {
    const arms = [
      { weight: 1, steps: [email] },
      { weight: 3, steps: [send('push')] },
    ]
    const lines = run([trigger({ journey: [{ kind: 'split', experiment: 'mine', arms }] })], [['A', 0]])
    const arm = armOf(bucketOf('mine', 'u1'), [1, 3])
    expect(lines.find(({ kind }) => kind === 'send')).toMatchObject({ stepPath: `0/${arm}/0` })
  })
})

describe('repeated, unordered, unnamed and future events', () => {
  const event = (messageId: string, at: number): PastEvent => {
    return { userId: 'u1', type: 'track', name: 'A', properties: {}, at, messageId }
  }
  const week = 7 * 24 * hour
  test('a messageId accepted in the 7 days before is dropped, the first to arrive counts', () => {
    expect(accept([event('m', 1), event('m', 0)]).map(({ at }) => at)).toEqual([1])
    expect(accept([event('m', 0), event('m', week - 1)])).toHaveLength(1)
    expect(accept([event('m', 0), event('m', week)])).toHaveLength(2)
    expect(accept([event('m', 0), event('n', week), event('m', 5)])).toHaveLength(3)
  })
  test('the time line is ordered by timestamp, seq, messageId bytewise', () => {
    const events = [event('b', 1), event('B', 1), { ...event('a', 1), seq: 1 }, event('z', 0)]
    expect(orderEvents(events).map(({ messageId }) => messageId)).toEqual(['z', 'B', 'b', 'a'])
  })
  test('an event without messageId gets SHA-256 of (user, type, name, timestamp, canonical JSON)', () => {
    const at = '1970-01-01T00:00:00.000Z'
    const one = { userId: 'u1', type: 'track', event: 'A', properties: { b: 1, a: { d: [2], c: 'é' } } }
    const content = '{"event":"A","properties":{"a":{"c":"é","d":[2]},"b":1},"userId":"u1"}'
    const text = `["u1","track","A","${at}",${content}]`
    expect(deriveMessageId(one, at)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'))
    const reordered = { ...one, properties: { a: { c: 'é', d: [2] }, b: 1 } }
    expect(deriveMessageId(reordered, at)).toBe(deriveMessageId(one, at))
    expect(deriveMessageId(one, '1970-01-01T00:00:00.001Z')).not.toBe(deriveMessageId(one, at))
  })
  test('an event from further ahead than the clock + lateness is put at the clock and reported', () => {
    expect(putAtClock(event('m', 105), 100, 5)).toEqual({ event: event('m', 105), future: false })
    expect(putAtClock(event('m', 106), 100, 5)).toEqual({ event: event('m', 100), future: true })
  })
})
