import { expect, test } from 'vitest'
import { email, mailing, on, send, track, trigger, wait } from '../../fixtures/cases/ledger-parts.ts'
import type { EventNote } from '../../fixtures/cases/notation.ts'
import { EngineRun, notedEvents } from '../../fixtures/engine/run-engine.ts'
import { normaliseDefinitions, type DefinitionsInput } from '../index.ts'
import { createEngine } from './create-engine.ts'
import type { EngineOptions } from './engine.ts'

type Parts = Omit<DefinitionsInput, 'specVersion'>
const hour = 3_600_000

/** Reads under `old` up to and with 1 h, then under `now` until 9 h. The old triggers go on as version 1. */
function change(old: Parts, now: Parts, notes: readonly EventNote[], options: EngineOptions = {}) {
  const before = normaliseDefinitions({ specVersion: 1, ...old })
  const events = notedEvents(notes)
  const first = new EngineRun(createEngine(before))
  first.advance({ events: events.filter(({ atMs }) => atMs <= hour) }, hour + 1)
  const run = new EngineRun(createEngine(normaliseDefinitions({ specVersion: 1, ...now }), options))
  const history = { events: events.filter(({ atMs }) => atMs <= hour) }
  run.user = run.engine.takeOver(first.user, history, hour, run.emit)
  const changed = run.texts()
  run.reload().advance({ events: events.filter(({ atMs }) => atMs > hour) }, '9h')
  return { before: first.texts(), changed, lines: [...run.lines], after: run.texts() }
}
const waiting = trigger({ journey: [wait('2h'), email] })
const second = trigger({ journey: [wait('3h'), send('push')] })
const earlier = (input: typeof waiting) => {
  const [definition] = normaliseDefinitions({ specVersion: 1, triggers: [input] }).triggers
  return definition === undefined ? [] : [{ trigger: definition, version: 1 }]
}

test('running journeys finish as they were entered, new entries are of the new version', () => {
  const options = { versions: { t: 2 }, earlier: earlier(waiting) }
  const read = change(
    { triggers: [waiting] },
    { triggers: [second] },
    [
      ['A', 0],
      ['A', '150m'],
    ],
    options,
  )
  expect(read.changed).toEqual([])
  expect(read.after).toEqual(['2h send t 1', '2h end t', '150m entry t', '330m send t 1', '330m end t'])
  expect(read.lines.map((line) => 'version' in line && line.version)).toEqual([1, 1, 2, 2, 2, 2])
})

test('entries of the version before count: who is inside does not enter again', () => {
  const options = { versions: { t: 2 }, earlier: earlier(waiting) }
  const read = change(
    { triggers: [waiting] },
    { triggers: [second] },
    [
      ['A', 0],
      ['A', '90m'],
    ],
    options,
  )
  expect(read.after).toEqual(['90m reentry t', '2h send t 1', '2h end t'])
})

test('cool-downs longer than before find earlier entries', () => {
  const once = trigger({})
  const read = change(
    { triggers: [once] },
    { triggers: [trigger({ cooldown: '1d' })] },
    [
      ['A', 0],
      ['A', '2h'],
    ],
    { versions: { t: 2 } },
  )
  expect(read.after).toEqual(['2h cooldown t'])
})

test('a removed trigger ends its runs, and refuses the send that waits', () => {
  const read = change(
    { triggers: [waiting, mailing('b', { when: on('B') })], policy: { arbitrationWindow: '3h' } },
    {},
    [
      ['A', 0],
      ['B', '1m'],
    ],
  )
  expect(read.changed).toEqual(['1h exit b', '1h exit b 0', '1h exit t'])
  expect(read.after).toEqual([])
})

test('occasions are computed over the history and fire only later', () => {
  const thrice = trigger({ when: { kind: 'times', event: track('A'), count: 3, within: '1d' } })
  const pause = trigger({ id: 'u', when: { kind: 'inactive', for: '2h' } })
  const read = change({}, { triggers: [thrice, pause] }, [
    ['A', 0],
    ['A', '1h'],
    ['A', '2h'],
  ])
  expect(read.after).toEqual(['2h entry t', '2h end t', '4h entry u', '4h end u'])
})

test('a changed segment changes memberships without firing', () => {
  const segment = (name: string) =>
    ({ specVersion: 1, kind: 'dynamic', id: 's', condition: { kind: 'did', event: track(name) } }) as const
  const enters = trigger({ when: { kind: 'enters', segment: 's' } })
  const read = change({ segments: [segment('B')] }, { segments: [segment('A')], triggers: [enters] }, [
    ['A', 0],
  ])
  expect(read.changed).toEqual(['1h member s (definition)'])
  expect(read.after).toEqual([])
})

test('a waitFor goes on in its version', () => {
  const steps = [
    {
      kind: 'waitFor',
      occasion: { kind: 'times', event: track('B'), count: 2, within: '1d' },
      timeout: '5h',
      yes: [email],
    },
  ] as const
  const old = trigger({ journey: steps })
  const options = { versions: { t: 2 }, earlier: earlier(old) }
  const read = change(
    { triggers: [old] },
    { triggers: [second] },
    [
      ['A', 0],
      ['B', '1m'],
      ['B', '2h'],
    ],
    options,
  )
  expect(read.after).toEqual(['2h send t 0/yes/0', '2h end t'])
})

test('a version number stands for one definition', () => {
  expect(() => change({ triggers: [waiting] }, { triggers: [second] }, [['A', 0]])).toThrow(
    'version 1 of trigger "t" is another definition',
  )
})

test('with migrate: exit the runs of earlier versions end', () => {
  const now = { triggers: [{ ...second, migrate: 'exit' }] } as const
  const read = change({ triggers: [waiting] }, now, [['A', 0]], {
    versions: { t: 2 },
    earlier: earlier(waiting),
  })
  expect(read.changed).toEqual(['1h exit t'])
})
