import { expect, test } from 'vitest'
import { mailing, on, send, trigger } from '../../fixtures/cases/ledger-parts.ts'
import { engineOf, EngineRun, notedEvents } from '../../fixtures/engine/run-engine.ts'

const events = notedEvents([
  ['A', 0],
  ['B', '30m'],
])
const heldOut = { holdout: { share: 1 } }
const read = (triggers: readonly ReturnType<typeof mailing>[]) =>
  new EngineRun(engineOf({ triggers, policy: { arbitrationWindow: '1h' } })).advance({ events }, '9h').texts()

test('a hold-out send waits for a window of its own, and goes before a real one that is due later', () => {
  expect(read([mailing('a', heldOut), mailing('b', { when: on('B') })])).toEqual([
    '0 entry a',
    '30m entry b',
    '1h holdout a 0',
    '1h end a',
    '90m send b 0',
    '90m end b',
  ])
})

test('a real send that waits with a higher priority outranks it', () => {
  expect(read([mailing('a', heldOut), mailing('b', { when: on('B'), priority: 1 })])).toContain(
    '1h outranked a 0',
  )
})

test('a hold-out send waits with the open window of real ones, and outranks none of them', () => {
  expect(read([mailing('a'), mailing('b', { ...heldOut, when: on('B'), priority: 1 })])).toEqual([
    '0 entry a',
    '30m entry b',
    '1h holdout b 0',
    '1h send a 0',
    '1h end a',
    '1h end b',
  ])
})

test('what a run sends after its window opens a new one', () => {
  const journey = [send('push'), send('email')]
  expect(read([trigger({ journey })])).toEqual(['0 entry t', '1h send t 0', '2h send t 1', '2h end t'])
})
