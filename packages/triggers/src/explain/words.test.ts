import { describe, expect, test } from 'vitest'
import type { ConditionInput, OccasionInput } from '../definition/input.ts'
import { normalise, normaliseSegment } from '../definition/normalise.ts'
import type { Condition } from '../definition/condition.ts'
import { conditionWords } from './condition-words.ts'
import { occasionAt, stepAt } from './node-at.ts'
import { occasionWords } from './occasion-words.ts'
import { stepWords } from './step-words.ts'
import { clockWords, durationWords, momentWords } from './time-words.ts'
import { ordinalWords, timesWords, valueWords } from './value-words.ts'

const track = (name: string) => ({ type: 'track', name }) as const
const added = track('Product Added')
const ordered = track('Order Completed')
const occasion = (when: OccasionInput) => occasionWords(normalise({ specVersion: 1, id: 't', when }).when)
function condition(given: ConditionInput): string {
  const segment = normaliseSegment({ specVersion: 1, kind: 'dynamic', id: 's', condition: given })
  return conditionWords((segment as { readonly condition: Condition }).condition)
}

test.each([
  ['15m', '15 min'],
  ['60m', '1 h'],
  ['1d', '1 day'],
  ['7d', '7 days'],
  ['1500ms', '1,500 ms'],
])('a length of %s is %s', (duration, text) => {
  expect(durationWords(duration)).toBe(text)
})

test('times of the day show what they have, and the day only where it is another', () => {
  const at = Date.UTC(2026, 10, 1, 18, 4)
  expect(clockWords(at)).toBe('18:04')
  expect(clockWords(at + 10_000)).toBe('18:04:10')
  expect(clockWords(at + 5)).toBe('18:04:00.005')
  expect(momentWords(at, at + 3_600_000)).toBe('18:04')
  expect(momentWords(at, at + 86_400_000)).toBe('2026-11-01 18:04')
})

test('numbers and values', () => {
  expect([0, 1, 2, 1234].map(timesWords)).toEqual(['never', 'once', '2 times', '1,234 times'])
  expect([1, 2, 3, 4, 11, 13, 21, 112].map(ordinalWords)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '13th',
    '21st',
    '112th',
  ])
  expect(valueWords('pro')).toBe('"pro"')
  expect(valueWords('x'.repeat(100))).toHaveLength(81)
})

describe('conditions', () => {
  test.each<readonly [string, ConditionInput]>([
    ['trait plan is "pro"', { kind: 'trait', trait: 'plan', op: 'eq', value: 'pro' }],
    ['trait plan has no value', { kind: 'trait', trait: 'plan', op: 'exists', value: false }],
    [
      'trait ends lies in the next 2 days',
      { kind: 'trait', trait: 'ends', op: 'withinNext', duration: '2d' },
    ],
    ['trait plan is one of "a", "b"', { kind: 'trait', trait: 'plan', op: 'in', values: ['a', 'b'] }],
    ['did Order Completed', { kind: 'did', event: ordered }],
    ['did no Order Completed', { kind: 'did', event: ordered, count: { op: 'eq', value: 0 } }],
    [
      'did Order Completed at least 2 times in the last 30 days',
      { kind: 'did', event: ordered, count: { op: 'gte', value: 2 }, within: '30d' },
    ],
    [
      'the sum of total over Order Completed is at least 100 in the last 180 days',
      {
        kind: 'total',
        event: ordered,
        property: 'total',
        aggregate: 'sum',
        op: 'gte',
        value: 100,
        within: '180d',
      },
    ],
    ['no event for 7 days, but one before', { kind: 'inactive', for: '7d' }],
    [
      'not (no event for 7 days, but one before)',
      { kind: 'not', condition: { kind: 'inactive', for: '7d' } },
    ],
    ['did no event', { kind: 'did', event: { type: 'any' }, count: { op: 'eq', value: 0 } }],
    [
      'did page "Pricing" in this session',
      { kind: 'inSession', condition: { kind: 'did', event: { type: 'page', name: 'Pricing' } } },
    ],
    [
      'is in segment vip and (did Order Completed or not trait plan is "pro")',
      {
        kind: 'and',
        conditions: [
          { kind: 'inSegment', segment: 'vip' },
          {
            kind: 'or',
            conditions: [
              { kind: 'did', event: ordered },
              { kind: 'not', condition: { kind: 'trait', trait: 'plan', op: 'eq', value: 'pro' } },
            ],
          },
        ],
      },
    ],
    [
      'did Product Added where product_id is the same as in the starting event and price is above 20',
      {
        kind: 'did',
        event: {
          ...added,
          where: {
            kind: 'and',
            predicates: [
              { kind: 'property', property: 'product_id', op: 'eq', anchor: 'product_id' },
              { kind: 'property', property: 'price', op: 'gt', value: 20 },
            ],
          },
        },
      },
    ],
  ])('%s', (text, given) => {
    expect(condition(given)).toBe(text)
  })
})

const onAdded = { kind: 'on', event: added } as const
describe('occasions', () => {
  test.each<readonly [string, OccasionInput]>([
    ['at Product Added', onAdded],
    [
      'at the 3rd Product Added within 1 day (for each product_id on its own)',
      { kind: 'times', event: added, count: 3, within: '24h', by: 'product_id' },
    ],
    [
      'at Product Added, then Order Completed at most 10 min later, within 1 h in all',
      { kind: 'sequence', steps: [{ event: added }, { event: ordered, gap: '10m' }], within: '1h' },
    ],
    [
      '1 h after Product Added without Order Completed',
      { kind: 'without', base: onAdded, event: ordered, for: '1h' },
    ],
    [
      '1 h after Product Added without Order Completed, for each of them',
      { kind: 'without', base: onAdded, event: ordered, for: '1h', anchor: 'every' },
    ],
    [
      '1 day after the user enters segment vip without Order Completed',
      { kind: 'without', base: { kind: 'enters', segment: 'vip' }, event: ordered, for: '1d' },
    ],
    [
      'at Product Added, if the user then is in segment vip',
      { kind: 'given', base: onAdded, condition: { kind: 'inSegment', segment: 'vip' } },
    ],
    ['after 7 days without any event, once per pause', { kind: 'inactive', for: '7d' }],
    [
      'at the 5th event of any kind within 10 min',
      { kind: 'times', event: { type: 'any' }, count: 5, within: '10m' },
    ],
    ['at the 2nd page within 1 h', { kind: 'times', event: { type: 'page' }, count: 2, within: '1h' }],
    [
      'when trait plan changes from no value to "pro"',
      { kind: 'changes', trait: 'plan', from: null, to: 'pro' },
    ],
    [
      '3 days before the date in trait trial_ends at 09:00 local time',
      { kind: 'at', trait: 'trial_ends', offsetDays: -3, time: '09:00' },
    ],
    [
      'on the date in trait birthday at 09:00 local time, every year',
      { kind: 'at', trait: 'birthday', time: '09:00', repeat: 'yearly' },
    ],
    [
      'at each tick of "0 9 * * 1" (Europe/Berlin) while the user is in segment vip',
      { kind: 'schedule', cron: '0 9 * * 1', zone: 'Europe/Berlin', segment: 'vip' },
    ],
  ])('it fires %s', (text, given) => {
    expect(occasion(given)).toBe(text)
  })
})

test('nodes and steps are found by where they stand', () => {
  const content = { braze: { kind: 'canvas', id: 'c1' } }
  const trigger = normalise({
    specVersion: 1,
    id: 't',
    when: { kind: 'without', base: onAdded, event: ordered, for: '1h' },
    journey: [
      {
        kind: 'waitFor',
        occasion: { kind: 'given', base: onAdded, condition: { kind: 'did', event: ordered } },
        timeout: '1d',
        no: [{ kind: 'exit' }],
      },
      {
        kind: 'fallback',
        sends: [
          { channel: 'push', content },
          { channel: 'sms', content },
        ],
        ifNotEngagedIn: '1d',
      },
      {
        kind: 'split',
        arms: [
          { weight: 1, steps: [] },
          { weight: 1, steps: [{ kind: 'wait', for: '2d' }] },
        ],
      },
    ],
  })
  const step = (path: string) => {
    const found = stepAt(trigger.journey, path)
    return found && stepWords(found)
  }
  expect(occasionAt(trigger, 'when')?.kind).toBe('without')
  expect(occasionAt(trigger, 'when.base')?.kind).toBe('on')
  expect(occasionAt(trigger, 'when.base.base')).toBeUndefined()
  expect(occasionAt(trigger, '0.base')?.kind).toBe('on')
  expect(step('0')).toBe(
    'waits at most 1 day for what happens at Product Added, if the user then did Order Completed',
  )
  expect(step('0/no/0')).toBe('leaves the journey')
  expect(step('1')).toBe('sends push, then sms until there is an answer within 1 day')
  expect(step('1/1')).toBe('sends sms')
  expect(step('2/1/0')).toBe('waits 2 days')
  expect(step('2/0/0')).toBeUndefined()
  expect(step('9')).toBeUndefined()
})
