import { expect, test } from 'vitest'
import { email, mailing, on, track, trigger, wait } from '../../fixtures/cases/ledger-parts.ts'
import type { EventNote } from '../../fixtures/cases/notation.ts'
import { engineOf, EngineRun, notedEvents } from '../../fixtures/engine/run-engine.ts'
import { lineId } from '../ledger/line-id.ts'

/** Reads a known and an anonymous user until 1 h, links them, and reads on until 9 h. */
function link(
  definitions: Parameters<typeof engineOf>[0],
  known: readonly EventNote[],
  anonymous: readonly EventNote[],
  later: readonly EventNote[] = [],
) {
  const engine = engineOf(definitions)
  const run = new EngineRun(engine)
  const other = new EngineRun(engine, 'anonymous')
  const all = notedEvents([...known, ...anonymous, ...later])
  const [ofKnown, ofOther] = [
    all.filter(({ messageId }) => has(messageId, 0, known.length)),
    all.filter(({ messageId }) => has(messageId, known.length, anonymous.length)),
  ]
  run.advance({ events: ofKnown }, '1h')
  other.advance({ events: ofOther }, '1h')
  const before = [...run.texts(), ...other.texts()]
  const history = { events: all.filter(({ atMs }) => atMs < 3_600_000) }
  run.user = engine.merge(run.user, other.user, history, run.emit)
  const merged = run.texts()
  run.reload().advance({ events: all.filter(({ atMs }) => atMs >= 3_600_000) }, '9h')
  return { before, merged, lines: [...run.lines], after: run.texts() }
}
function has(messageId: string, from: number, count: number): boolean {
  const place = Number(messageId.slice(1))
  return place >= from && place < from + count
}

test('from the link on it is as if all events had been on one time line; no fire for before', () => {
  const twice = trigger({ when: { kind: 'times', event: track('A'), count: 2, within: '1d' } })
  const thrice = trigger({ id: 'u', when: { kind: 'times', event: track('A'), count: 3, within: '1d' } })
  const read = link({ triggers: [twice, thrice] }, [['A', '10m']], [['A', 0]], [['A', '2h']])
  expect(read).toMatchObject({ before: [], merged: [], after: ['2h entry u', '2h end u'] })
})

test('runs of both go on, ids keep the user of the entry', () => {
  const waiting = trigger({ reentry: 'parallel', journey: [wait('2h'), email] })
  const read = link({ triggers: [waiting] }, [['A', '10m']], [['A', 0]])
  expect(read.after).toEqual(['2h send t 1', '2h end t', '130m send t 1', '130m end t'])
  const [first] = read.lines
  expect(first).toMatchObject({
    userId: 'u1',
    id: lineId({ trigger: 't', version: 1, userId: 'anonymous', anchorKey: 'm1', stepPath: '1' }),
  })
})

test('entries and sends count together', () => {
  const capped = mailing('t', { atMost: [{ count: 2, per: '1d' }] })
  const read = link(
    { triggers: [capped], policy: { caps: [{ count: 2, per: '1d' }] } },
    [['A', 0]],
    [['A', '10m']],
    [['A', '2h']],
  )
  expect(read.after).toEqual(['2h at-most t'])
  const sends = link(
    { triggers: [mailing('t')], policy: { caps: [{ count: 2, per: '1d' }] } },
    [['A', 0]],
    [['A', '10m']],
    [['A', '2h']],
  )
  expect(sends.after).toEqual(['2h entry t', '2h capped t 0 caps 0', '2h end t'])
})

test('memberships that differ change at the link without firing', () => {
  const segments = [
    { specVersion: 1, kind: 'dynamic', id: 's', condition: { kind: 'did', event: track('A') } },
  ] as const
  const enters = trigger({ when: { kind: 'enters', segment: 's' } })
  const read = link({ segments, triggers: [enters] }, [['X', 0]], [['A', '10m']])
  expect(read.before).toEqual(['10m member s', '10m entry t', '10m end t'])
  expect(read.merged).toEqual(['1h member s (late)'])
  expect(read.after).toEqual([])
})

test('open arbitration windows of one channel become one, with the earlier end', () => {
  const read = link(
    { triggers: [mailing('a'), mailing('b', { when: on('B') })], policy: { arbitrationWindow: '2h' } },
    [['A', '10m']],
    [['B', '5m']],
  )
  expect(read.after).toEqual(['125m send b 0', '125m outranked a 0', '125m end a', '125m end b'])
})

test('both must be read until the same time', () => {
  const engine = engineOf({ triggers: [mailing('t')] })
  const [one, two] = [new EngineRun(engine), new EngineRun(engine, 'u2')]
  one.advance({ events: [] }, '1h')
  expect(() => engine.merge(one.user, two.user, { events: [] }, one.emit)).toThrow('is read until')
})

test('what a run waits for sees the events of both', () => {
  const twoB = { kind: 'times', event: track('B'), count: 2, within: '1d' } as const
  const journey = [{ kind: 'waitFor', occasion: twoB, timeout: '5h', yes: [email] }] as const
  const read = link({ triggers: [trigger({ journey })] }, [['A', 0]], [['B', '10m']], [['B', '2h']])
  expect(read.after).toEqual(['2h send t 0/yes/0', '2h end t'])
})
