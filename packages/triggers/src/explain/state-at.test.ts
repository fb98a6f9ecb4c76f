import { describe, expect, test } from 'vitest'
import { at, definitions, tell, who } from '../../fixtures/explain/tell.ts'
import type { ConditionTrace } from '../trace/note.ts'
import { explainUser } from './explain-user.ts'
import { explanationText } from './explanation-text.ts'

describe('at a time', () => {
  const story = tell()
  story.event('Product Added', at('10:00'))
  story.note(at('10:00'), { what: 'wait-started', dueMs: at('11:00') })
  story.event('Product Added', at('10:30'))
  story.note(at('10:30'), { what: 'wait-restarted', dueMs: at('11:30') })
  story.note(at('11:30'), { what: 'wait-ended' })
  story.line(at('11:30'), { kind: 'fire' })
  story.line(at('11:30'), { kind: 'entry' })
  story.note(at('11:30'), { what: 'step', node: '1', path: '1', facts: { untilMs: at('11:30', 2) } })
  story.emit({ kind: 'member', userId: 'u1', segment: 'buyers', atMs: at('12:00') })
  story.line(at('11:30', 2), { kind: 'end' })
  const stateAt = (atMs: number) =>
    explainUser({ definitions, userId: 'u1', seen: story.seen, at: { atMs } }).state

  test('the waits that are under way, the last one only', () => {
    expect(stateAt(at('10:00'))?.waits).toEqual([
      {
        trigger: 'cart',
        node: 'when',
        text: '1 h without Order Completed',
        since: '2026-11-01T10:00:00.000Z',
        due: '2026-11-01T11:00:00.000Z',
      },
    ])
    expect(stateAt(at('11:29'))?.waits).toMatchObject([{ due: '2026-11-01T11:30:00.000Z' }])
    expect(stateAt(at('11:30'))?.waits).toEqual([])
  })

  test('the runs and where they stand', () => {
    expect(stateAt(at('11:29'))?.runs).toEqual([])
    expect(stateAt(at('11:30'))?.runs).toEqual([
      {
        trigger: 'cart',
        entered: '2026-11-01T11:30:00.000Z',
        heldOut: false,
        step: 'step 1: waits 1 day, until 2026-11-02 11:30',
      },
    ])
    expect(stateAt(at('11:30', 2))?.runs).toEqual([])
  })

  test('as text, with what held then and the time line around it', () => {
    const explanation = explainUser({
      definitions,
      userId: 'u1',
      seen: story.seen,
      trigger: 'cart',
      at: {
        atMs: at('11:30'),
        aroundMs: 3_600_000,
        held: {
          segments: [
            { segment: 'buyers', member: false, condition: who(false, 0).parts?.[0] as ConditionTrace },
          ],
          who: [{ trigger: 'cart', condition: who(true, 0) }],
        },
      },
    })
    const text = explanationText(explanation)
    expect(text.slice(text.indexOf('At '))).toBe(`At 2026-11-01 11:30
  cart: "who" holds
    yes: not did Order Completed (never)
  cart: in the journey since 11:30; step 1: waits 1 day, until 2026-11-02 11:30

The time line from 2026-11-01 10:30 to 2026-11-01 12:30

2026-11-01
10:30  Product Added
         cart: starts the wait anew: 1 h without Order Completed, until 11:30
11:30  (time goes by)
         cart: the wait is over: 1 h without Order Completed
         cart: fires
         cart: enters the journey
         cart: step 1: waits 1 day, until 2026-11-02 11:30`)
  })

  test('with a trigger only the segments that it names', () => {
    const segments = [{ segment: 'buyers', member: true }]
    const text = (trigger: string) =>
      explanationText(
        explainUser({
          definitions,
          userId: 'u1',
          seen: story.seen,
          trigger,
          at: { atMs: at('12:00', 3), held: { segments, who: [] } },
        }),
      )
    expect(text('welcome')).toContain('At 2026-11-03 12:00\n  in segment buyers')
    expect(text('cart')).toContain('At 2026-11-03 12:00\n  nothing waits, nothing runs')
  })

  test('before the first event nothing was known', () => {
    const text = explanationText(
      explainUser({ definitions, userId: 'u1', seen: story.seen, at: { atMs: at('09:59') } }),
    )
    expect(text).toContain('At 2026-11-01 09:59\n  nothing was known of the user yet')
  })
})
