import { describe, expect, test } from 'vitest'
import { createEngine } from '../engine/create-engine.ts'
import type { Fact } from '../engine/fact.ts'
import type { TriggerInput } from '../definition/input.ts'
import { normaliseDefinitions } from '../definition/normalise.ts'
import type { Policy } from '../definition/definition.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import { explainUser } from './explain-user.ts'
import { explanationText } from './explanation-text.ts'
import { createRecorder } from './record.ts'

const track = (name: string) => ({ type: 'track', name }) as const
const at = (clock: string, day = 1): number => Date.parse(`2026-11-0${day}T${clock}:00.000Z`)
const event = (name: string, atMs: number, properties = {}): MatcherEvent => {
  return { messageId: `${name} ${atMs}`, type: 'track', name, atMs, properties }
}
const send = { kind: 'send', channel: 'email', content: { braze: { kind: 'canvas', id: 'c1' } } } as const

/** What is told of one trigger over these events: the text from the first moment on. */
function storyOf(
  trigger: Omit<TriggerInput, 'specVersion' | 'id'>,
  events: readonly MatcherEvent[],
  more: {
    readonly facts?: readonly Fact[]
    readonly policy?: Partial<Policy>
    readonly untilMs?: number
  } = {},
): string {
  const { facts = [], policy = {}, untilMs = at('00:00', 9) } = more
  const definitions = normaliseDefinitions({
    specVersion: 1,
    triggers: [{ specVersion: 1, id: 't', ...trigger }],
    policy,
  })
  const recorder = createRecorder()
  const consentsKnown = facts.some(({ kind }) => kind === 'consent')
  const engine = createEngine(definitions, { observer: recorder.observer, consentsKnown })
  engine.advance(engine.createUser('u1'), { events, facts }, untilMs, recorder.emit)
  const text = explanationText(explainUser({ definitions, userId: 'u1', seen: recorder.seen }))
  return text.slice(text.indexOf('\n2026-') + 1)
}
const added = { kind: 'on', event: track('Product Added') } as const

test('a wait that an order ended, and one that nothing ended', () => {
  const when = { kind: 'without', base: added, event: track('Order Completed'), for: '1h' } as const
  const events = [
    event('Product Added', at('18:04')),
    event('Order Completed', at('18:40')),
    event('Product Added', at('19:00')),
    event('Product Added', at('19:10')),
  ]
  expect(storyOf({ when }, events)).toBe(`2026-11-01
18:04  Product Added
         t: starts to wait 1 h without Order Completed, until 19:04
18:40  Order Completed
         t: ends the wait that began 18:04: no fire
19:00  Product Added
         t: starts to wait 1 h without Order Completed, until 20:00
19:10  Product Added
         t: starts the wait anew: 1 h without Order Completed, until 20:10
20:10  (time goes by)
         t: the wait is over: 1 h without Order Completed
         t: fires
         t: passed: switched on; not suppressed; not in the journey
         t: enters the journey
         t: the journey is at its end`)
})

test('counts that rise, and a condition with the value it had', () => {
  const given = {
    kind: 'given',
    base: { kind: 'times', event: track('Product Viewed'), count: 2, within: '1h' },
    condition: { kind: 'did', event: track('Order Completed') },
  } as const
  const story = storyOf({ when: given }, [
    event('Product Viewed', at('10:00')),
    event('Product Viewed', at('10:10')),
    event('Order Completed', at('10:20')),
  ])
  expect(story).toBe(`2026-11-01
10:00  Product Viewed
         t: number 1 of 2 within 1 h
10:10  Product Viewed
         t: number 2 of 2 within 1 h
         t: does not count, as the condition does not hold
           no: did Order Completed (never)
       1 other event`)
})

describe('guards that refuse say what they were decided on', () => {
  test('the cool-down', () => {
    const story = storyOf({ when: added, cooldown: '1d' }, [
      event('Product Added', at('10:00')),
      event('Product Added', at('12:00')),
    ])
    expect(story).toContain('t: not entered: cool-down of 1 day is not over (last entry 10:00)')
  })
  test('consent', () => {
    const facts: readonly Fact[] = [
      { kind: 'consent', purpose: 'marketing', state: 'denied', atMs: at('09:00') },
    ]
    const story = storyOf({ when: added }, [event('Product Added', at('10:00'))], { facts })
    expect(story).toContain(`09:00  (from the records)
         consent for marketing: denied`)
    expect(story).toContain('t: not entered: consent for marketing is denied')
  })
  test('a cap', () => {
    const policy = { caps: [{ channel: 'email', count: 1, per: '1d' }] }
    const story = storyOf(
      { when: added, journey: [send] },
      [event('Product Added', at('10:00')), event('Product Added', at('12:00'))],
      { policy },
    )
    expect(story).toContain('t: email not sent: cap full: sent 1 of 1 in 1 day')
  })
  test('quiet hours, until they are over', () => {
    const story = storyOf({ when: added, journey: [send], quietHours: { from: '22:00', to: '08:00' } }, [
      event('Product Added', at('23:00')),
    ])
    expect(story).toContain(
      't: email put off until 2026-11-02 08:00: quiet hours (it is 23:00 in UTC, quiet from 22:00 to 08:00)',
    )
    expect(story).toContain(`2026-11-02
08:00  (time goes by)`)
    expect(story).toContain('t: sends email (braze: canvas c1)')
  })
})

test('a journey: what it waits for, which way it takes, how it ends', () => {
  const story = storyOf(
    {
      when: added,
      exits: [{ event: track('Unsubscribed') }],
      journey: [
        {
          kind: 'waitFor',
          occasion: { kind: 'on', event: track('Page Viewed') },
          timeout: '1h',
          yes: [send, { kind: 'wait', for: '1d' }],
        },
      ],
    },
    [
      event('Product Added', at('10:00')),
      event('Page Viewed', at('10:30')),
      event('Unsubscribed', at('11:00')),
    ],
  )
  expect(story).toBe(`2026-11-01
10:00  Product Added
         t: fires
         t: passed: switched on; not suppressed; not in the journey
         t: enters the journey
         t: step 0: waits at most 1 h for what happens at Page Viewed, until 11:00
10:30  Page Viewed
         t: step 0: what it waited for happened
         t: passed: not suppressed; neither goal nor exit so far; email reaches the user; nothing goes before it
         t: sends email (braze: canvas c1)
         t: step 0/yes/1: waits 1 day, until 2026-11-02 10:30
11:00  Unsubscribed
         t: the journey is left`)
})
