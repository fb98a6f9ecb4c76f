import { describe, expect, test } from 'vitest'
import { added, email, found, ordered, type Steps } from '../../fixtures/check/found.ts'
import { examine, type TriggerInput } from '../index.ts'

const emit = (event: string) => ({ kind: 'emit', event, properties: {} }) as const
const wait = { kind: 'wait', for: '1d' } as const
const again = (id: string, journey: Steps, more: Partial<TriggerInput> = {}): TriggerInput => ({
  specVersion: 1,
  id,
  when: { kind: 'on', event: added },
  journey,
  ...more,
})
const onOrder: Partial<TriggerInput> = { when: { kind: 'on', event: ordered } }
const loops = (...triggers: TriggerInput[]) =>
  found({ triggers }).filter((finding) => finding.includes('endless'))
const messages = (...triggers: TriggerInput[]) =>
  examine({ specVersion: 1, triggers }).flatMap(({ rule, message }) => (rule === 'endless' ? [message] : []))

describe('journeys that start themselves again without end', () => {
  test('by an emitted event, after a wait', () => {
    const trigger = again('t', [wait, emit(added.name)])
    expect(loops(trigger)).toEqual(['warning endless triggers[0].journey[1]'])
    expect(messages(trigger)).toEqual([
      'a run starts itself again, for every user without end; give "t" an exit, a goal or "atMost"',
    ])
  })

  test('over another trigger', () => {
    const first = again('a', [email, emit(ordered.name)])
    const second = again('b', [wait, emit(added.name)], onOrder)
    expect(loops(first, second)).toEqual([
      'warning endless triggers[0].journey[1]',
      'warning endless triggers[1].journey[1]',
    ])
    expect(messages(first, second)[0]).toContain('a run starts "b", and over it itself again')
  })

  test('by a written trait, by a set, and behind a wait of the occasion', () => {
    const when = { kind: 'changes', trait: 'tier' } as const
    const set = { kind: 'setTrait', trait: 'tier', value: { value: 'gold' } } as const
    expect(loops(again('t', [wait, set], { when }))).toHaveLength(1)
    const quiet = { kind: 'inactive', of: added, for: '7d' } as const
    expect(loops(again('t', [emit(added.name)], { when: quiet }))).toHaveLength(1)
  })

  test('twice with runs side by side: they double', () => {
    const twice = [wait, emit(added.name), emit(added.name)]
    expect(messages(again('t', twice, { reentry: 'parallel' }))).toEqual([
      'a run starts itself more than once: runs double with every round, without end; give "t" an exit, a goal or "atMost", or take reentry "single"',
    ])
    expect(messages(again('t', twice))[0]).not.toContain('double')
    const either = {
      kind: 'split',
      arms: [1, 2].map((weight) => ({ weight, steps: [wait, emit(added.name)] })),
    } as const
    expect(messages(again('t', [either], { reentry: 'parallel' }))[0]).not.toContain('double')
  })
})

test.each<readonly [string, TriggerInput]>([
  ['in the same millisecond, where it is refused', again('t', [emit(added.name), wait])],
  ['of another event', again('t', [wait, emit(ordered.name)])],
  ['that an exit ends', again('t', [wait, emit(added.name)], { exits: [{ event: ordered }] })],
  ['that a goal ends', again('t', [wait, emit(added.name)], { goals: [{ event: ordered }] })],
  ['with a limit', again('t', [wait, emit(added.name)], { atMost: [{ count: 3, per: '30d' }] })],
  ['that is off', again('t', [wait, emit(added.name)], { enabled: false })],
  [
    'seen by `any`, which no effect is',
    again('t', [wait, emit('Ping')], { when: { kind: 'on', event: { type: 'any' } } }),
  ],
])('nothing is said of a start %s', (_, trigger) => {
  expect(loops(trigger)).toEqual([])
})
