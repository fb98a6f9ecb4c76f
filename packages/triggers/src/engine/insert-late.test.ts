import { expect, test } from 'vitest'
import { mailing, on, track, trigger, wait, email } from '../../fixtures/cases/ledger-parts.ts'
import { lineId } from '../../fixtures/cases/ledger-notation.ts'
import type { EventNote } from '../../fixtures/cases/notation.ts'
import { engineOf, EngineRun, notedEvents } from '../../fixtures/engine/run-engine.ts'
import { effectsOf } from './effects-of.ts'

/** Reads until 2 h without the late ones, then these, and on until 9 h with what comes `later`. */
function readLate(
  definitions: Parameters<typeof engineOf>[0],
  notes: readonly EventNote[],
  late: readonly string[],
  later: readonly string[] = [],
) {
  const run = new EngineRun(engineOf(definitions))
  const events = notedEvents(notes)
  const lateIds = new Set(late)
  const isLater = ({ messageId }: { readonly messageId: string }) => later.includes(messageId)
  run.advance({ events: events.filter((each) => !lateIds.has(each.messageId) && !isLater(each)) }, '2h')
  const effects = effectsOf(run.lines)
  const before = run.texts()
  const known = events.filter((each) => !isLater(each))
  const history = { events: [...known, ...effects.events], facts: effects.facts }
  run.user = run.engine.insertLate(run.user, history, lateIds, run.emit)
  const fires = run.lines.filter(({ kind }) => kind === 'fire').map(({ atMs }) => atMs)
  const inserted = run.texts()
  return {
    before,
    fires,
    inserted,
    after: run
      .reload()
      .advance({ events: events.filter(isLater) }, '9h')
      .texts(),
  }
}
const twice = trigger({ when: { kind: 'times', event: track('A'), count: 2, within: '1h' } })
const pause = trigger({ when: { kind: 'without', base: on('A'), event: track('B'), for: '1h' } })

test('a fire that the late event completes is a fire at its instant, refused as late', () => {
  const read = readLate(
    { triggers: [twice] },
    [
      ['A', '10m'],
      ['A', 0],
    ],
    ['m1'],
  )
  expect(read).toEqual({ before: [], fires: [600_000], inserted: ['10m late t'], after: [] })
})

test('a wait that it starts runs if due later', () => {
  const read = readLate(
    { triggers: [pause] },
    [
      ['X', 0],
      ['A', '90m'],
    ],
    ['m1'],
  )
  expect(read.inserted).toEqual([])
  expect(read.after).toEqual(['150m entry t', '150m end t'])
})

test('a fire made stands, also where the late event would have prevented it', () => {
  const read = readLate(
    { triggers: [pause] },
    [
      ['A', 0],
      ['B', '30m'],
    ],
    ['m1'],
  )
  expect(read.before).toEqual(['1h entry t', '1h end t'])
  expect(read.inserted).toEqual([])
})

test('a wait that it cancels does not fire later', () => {
  const read = readLate(
    { triggers: [pause] },
    [
      ['A', '90m'],
      ['B', '100m'],
    ],
    ['m1'],
  )
  expect(read.after).toEqual([])
})

test('a membership that differs changes at the watermark, without firing', () => {
  const segments = [
    { specVersion: 1, kind: 'dynamic', id: 's', condition: { kind: 'did', event: track('B'), within: '3h' } },
  ] as const
  const enters = trigger({ when: { kind: 'enters', segment: 's' } })
  const leaves = trigger({ id: 'u', when: { kind: 'leaves', segment: 's' } })
  const read = readLate(
    { segments, triggers: [enters, leaves] },
    [
      ['A', 0],
      ['B', '1h'],
    ],
    ['m1'],
  )
  expect(read.inserted).toEqual(['1h late t', '7199999ms member s (late)'])
  expect(read.after).toEqual(['4h left s', '4h entry u', '4h end u'])
})

test('runs go on as they are: a goal that comes late ends nothing', () => {
  const journey = [wait('3h'), email]
  const read = readLate(
    { triggers: [mailing('t', { journey, goals: [{ event: track('B') }] })] },
    [
      ['A', 0],
      ['B', '1h'],
    ],
    ['m1'],
  )
  expect(read.inserted).toEqual([])
  expect(read.after).toEqual(['3h send t 1', '3h end t'])
})

test('what steps did comes again with the history, in its place', () => {
  const segments = [{ specVersion: 1, kind: 'static', id: 's' }] as const
  const emits = trigger({
    journey: [
      { kind: 'addTo', segment: 's' },
      { kind: 'emit', event: 'Made' },
    ],
  })
  const onMade = trigger({
    id: 'made',
    when: { kind: 'given', base: on('Made'), condition: { kind: 'inSegment', segment: 's' } },
  })
  const read = readLate(
    { segments, triggers: [emits, onMade] },
    [
      ['A', 0],
      ['X', '1h'],
    ],
    ['m1'],
  )
  expect(read.before).toContain('0 entry made')
  expect(read.inserted).toEqual([])
})

test('what a run waits for is read again: a late event counts, but completes nothing', () => {
  const twoB = { kind: 'times', event: track('B'), count: 2, within: '1d' } as const
  const journey = [{ kind: 'waitFor', occasion: twoB, timeout: '5h', yes: [email] }] as const
  const notes: readonly EventNote[] = [
    ['A', 0],
    ['B', '30m'],
    ['B', '1h'],
  ]
  const both = readLate({ triggers: [trigger({ journey })] }, notes, ['m1', 'm2'])
  expect(both.inserted).toEqual([])
  expect(both.after).toEqual(['5h end t'])
  const one = readLate(
    { triggers: [trigger({ journey })] },
    [...notes.slice(0, 2), ['B', '3h']],
    ['m1'],
    ['m2'],
  )
  expect(one.after).toEqual(['3h send t 0/yes/0', '3h end t'])
})

test('an open that is reported late answers the send', () => {
  const backoff = [{ channel: 'email', responseWindow: '1h', base: '5h', factor: 2, max: '1d' }] as const
  const opened = lineId('t', 'm0', '0')
  const notes: readonly EventNote[] = [
    ['A', 0],
    ['vendor Email Opened', '30m', { send_id: opened }],
    ['A', '3h'],
  ]
  const definitions = { triggers: [mailing('t')], policy: { backoff } }
  expect(readLate(definitions, notes, ['m1'], ['m2']).after).toContain('3h send t 0')
  expect(readLate(definitions, notes.with(1, ['X', '30m']), ['m1'], ['m2']).after).toContain(
    '3h ignored-backoff t 0',
  )
})
