import { describe, expect, test } from 'vitest'
import { at, definitions, tell, track, who } from '../../fixtures/explain/tell.ts'
import { normaliseDefinitions } from '../definition/normalise.ts'
import type { Bag } from '../matcher/event.ts'
import { explainUser } from './explain-user.ts'
import { explanationText } from './explanation-text.ts'
import { createRecorder } from './record.ts'

const explained = (seen: ReturnType<typeof tell>['seen'], trigger = 'cart') =>
  explanationText(explainUser({ definitions, userId: 'u1', seen, trigger }))

test('a wait that an order ended', () => {
  const story = tell()
  story.event('Product Added', at('18:04'))
  story.note(at('18:04'), { what: 'wait-started', dueMs: at('19:04') })
  story.event('Product Viewed', at('18:20'))
  story.event('Product Viewed', at('18:21'))
  story.event('Order Completed', at('18:40'))
  story.note(at('18:40'), { what: 'wait-cancelled', by: `m${at('18:40')}`, dueMs: at('19:04') })
  expect(explained(story.seen)).toBe(`User u1: 4 events, 2026-11-01 18:04 to 2026-11-01 18:40 (times in UTC)

cart fires 1 h after Product Added without Order Completed
  fired never
  of its events the user did: Product Added once, Order Completed once
  the last it saw, 2026-11-01 18:40: ends the wait that began 18:04: no fire

2026-11-01
18:04  Product Added
         cart: starts to wait 1 h without Order Completed, until 19:04
       2 other events
18:40  Order Completed
         cart: ends the wait that began 18:04: no fire`)
})

test('a fire by timer, the guards with what they were decided on, the sends', () => {
  const story = tell()
  const due = at('19:04')
  story.event('Product Added', at('18:04'))
  story.note(at('18:04'), { what: 'wait-started', dueMs: due })
  story.note(due, { what: 'wait-ended' })
  story.line(due, { kind: 'fire' })
  story.note(due, { what: 'guard', node: 'entry', guard: 'enabled', passed: true, facts: {} })
  story.note(due, {
    what: 'guard',
    node: 'entry',
    guard: 'who',
    passed: true,
    condition: who(true, 0),
    facts: {},
  })
  story.note(due, {
    what: 'guard',
    node: 'entry',
    guard: 'at-most',
    passed: true,
    facts: { count: 1, limit: 2, perMs: 7 * 86_400_000 },
  })
  story.line(due, { kind: 'entry' })
  story.line(due, {
    kind: 'send',
    stepPath: '0',
    channel: 'email',
    content: { braze: { kind: 'canvas', id: 'c1' } },
    data: { product: 'p1' },
    transactional: false,
  })
  story.note(due, { what: 'step', node: '1', path: '1', facts: { untilMs: at('19:04', 2) } })
  story.line(at('19:04', 2), { kind: 'end' })
  expect(explained(story.seen)).toBe(`User u1: 1 event, 2026-11-01 18:04 (times in UTC)

cart fires 1 h after Product Added without Order Completed
  fired once, entered once, sent once

2026-11-01
18:04  Product Added
         cart: starts to wait 1 h without Order Completed, until 19:04
19:04  (time goes by)
         cart: the wait is over: 1 h without Order Completed
         cart: fires
         cart: passed: switched on; "who" holds; entered 1 of 2 in 7 days
           yes: not did Order Completed (never)
         cart: enters the journey
         cart: sends email (braze: canvas c1) with product "p1"
         cart: step 1: waits 1 day, until 2026-11-02 19:04

2026-11-02
19:04  (time goes by)
         cart: the journey is at its end`)
})

test('a refusal says which guard it was, with the values', () => {
  const story = tell()
  story.event('Product Added', at('18:04'))
  story.line(at('19:04'), { kind: 'fire' })
  story.note(at('19:04'), {
    what: 'guard',
    node: 'entry',
    guard: 'who',
    passed: false,
    condition: who(false, 3),
    facts: {},
  })
  story.line(at('19:04'), { kind: 'refusal', reason: 'not-eligible' })
  expect(explained(story.seen)).toContain(`  fired once, entered never
  not entered once: "who" does not hold

       1 other event

2026-11-01
19:04  (time goes by)
         cart: fires
         cart: not entered: "who" does not hold
           no: not did Order Completed (3 times)`)
})

describe('a trigger that saw nothing', () => {
  test('says so, and what it would have needed', () => {
    const story = tell()
    story.event('Product Viewed', at('18:04'))
    expect(explained(story.seen)).toBe(`User u1: 1 event, 2026-11-01 18:04 (times in UTC)

cart fires 1 h after Product Added without Order Completed
  fired never
  of its events the user did: Product Added never, Order Completed never
  it saw nothing that begins what it fires at

       1 other event`)
  })
  test('about a segment: who is in it', () => {
    expect(explained(tell().seen, 'welcome')).toBe(`User u1: no event

welcome fires when the user enters segment buyers
  fired never
  in segment buyers is who: did Order Completed
  it saw nothing that begins what it fires at`)
  })
})

test('a membership is told with no trigger chosen, an event of ours says where it comes from', () => {
  const story = tell()
  story.event('Order Completed', at('10:00'))
  story.emit({ kind: 'member', userId: 'u1', segment: 'buyers', atMs: at('10:00') })
  story.emit({ kind: 'left', userId: 'u1', segment: 'buyers', atMs: at('10:30'), because: 'definition' })
  const { moments } = explainUser({ definitions, userId: 'u1', seen: story.seen })
  expect(moments.map(({ said }) => said.map(({ segment, text }) => [segment, text]))).toEqual([
    [['buyers', 'enters segment buyers']],
    [['buyers', 'leaves segment buyers (by a new definition: nothing fires)']],
  ])
})

test('a record and what it became', () => {
  const story = tell()
  story.note(at('09:00'), {
    what: 'fact',
    fact: { kind: 'consent', atMs: at('09:00'), purpose: 'marketing', state: 'denied' },
  })
  story.event('Product Added', at('09:00'))
  story.note(at('09:00'), {
    what: 'guard',
    node: 'entry',
    guard: 'consent',
    passed: false,
    facts: { purpose: 'marketing', consent: false },
  })
  expect(explained(story.seen)).toContain(`09:00  (from the records)
         consent for marketing: denied
09:00  Product Added
         cart: consent for marketing is denied`)
})

test('a node that keeps its state by a property says for which value', () => {
  const by = normaliseDefinitions({
    specVersion: 1,
    triggers: [
      {
        specVersion: 1,
        id: 'cart',
        when: {
          kind: 'without',
          by: 'product_id',
          base: { kind: 'times', event: track('Product Viewed'), count: 3, within: '24h' },
          event: track('Product Added'),
          for: '1h',
        },
      },
    ],
  })
  const story = tell()
  story.event('Product Viewed', at('10:00'))
  story.note(at('10:00'), { what: 'counted', node: 'when.base', key: 'p1', count: 3, of: 3 })
  story.note(at('10:00'), { what: 'counted', node: 'when.base', key: 'p1', count: 4, of: 3 })
  story.note(at('10:00'), { what: 'wait-started', key: 'p1', dueMs: at('11:00') })
  story.note(at('10:00'), { what: 'wait-started', key: 'p2', dueMs: at('11:00') })
  story.event('Product Added', at('10:30'))
  story.note(at('10:30'), { what: 'wait-cancelled', key: 'p1', by: 'm', dueMs: at('11:00') })
  const explanation = explainUser({
    definitions: by,
    userId: 'u1',
    seen: story.seen,
    at: { atMs: at('10:30') },
  })
  expect(explanation.moments.flatMap(({ said }) => said.map(({ text }) => text))).toEqual([
    'number 3 of 3 within 1 day for product_id "p1"',
    'more than 3 already within 1 day for product_id "p1"',
    'starts to wait 1 h without Product Added for product_id "p1", until 11:00',
    'starts to wait 1 h without Product Added for product_id "p2", until 11:00',
    'ends the wait for product_id "p1" that began 10:00: no fire',
  ])
  expect(explanation.state?.waits).toMatchObject([{ text: '1 h without Product Added for product_id "p2"' }])
})

test('what a late event caused is told as such', () => {
  const story = tell()
  story.line(at('10:00'), { kind: 'fire' })
  story.line(at('10:00'), { kind: 'refusal', reason: 'late' })
  story.emit({ kind: 'member', userId: 'u1', segment: 'buyers', atMs: at('12:00'), because: 'late' })
  const text = explanationText(explainUser({ definitions, userId: 'u1', seen: story.seen }))
  expect(text).toContain(`10:00  (by an event that came late)
         cart: fires
         cart: not entered: the event arrived too late to act on
12:00  (by an event that came late)
         enters segment buyers (by an event that came late: nothing fires)`)
})

test('events show the properties and traits that are asked about, and no others', () => {
  const named = normaliseDefinitions({
    specVersion: 1,
    triggers: [
      {
        specVersion: 1,
        id: 'cart',
        who: { kind: 'trait', trait: 'plan', op: 'eq', value: 'pro' },
        when: {
          kind: 'without',
          base: {
            kind: 'on',
            event: {
              ...track('Product Added'),
              where: { kind: 'property', property: 'price', op: 'gt', value: 20 },
            },
          },
          event: {
            ...track('Order Completed'),
            where: { kind: 'property', property: 'products[].id', op: 'eq', anchor: 'product_id' },
          },
          for: '1h',
        },
      },
    ],
  })
  const { observer, seen } = createRecorder()
  const tellEvent = (type: 'track' | 'identify', properties: Bag, atMs: number) => {
    const of = type === 'track' ? { name: 'Product Added' } : {}
    observer('u1', { what: 'event', atMs, event: { type, messageId: `m${atMs}`, atMs, properties, ...of } })
    observer('u1', { what: 'wait-started', atMs, trigger: 'cart', node: 'when', dueMs: atMs + 3_600_000 })
  }
  tellEvent('track', { price: 25, product_id: 'p1', colour: 'red', products: [{ id: 'p1' }] }, at('10:00'))
  tellEvent('identify', { plan: 'pro', email: 'a@example.com' }, at('10:01'))
  const explanation = explainUser({ definitions: named, userId: 'u1', seen })
  expect(explanation.named).toEqual(['plan', 'price', 'product_id', 'products'])
  const text = explanationText(explanation)
  expect(text).toContain('10:00  Product Added (price 25, product_id "p1", products [{"id":"p1"}])')
  expect(text).toContain('10:01  a profile update (plan "pro")')
})
