import { describe, expect, test } from 'vitest'
import { added, age, base, did, found, inWhere, inWho, type Condition } from '../../fixtures/check/found.ts'
import type { SegmentInput } from '../definition/input.ts'

describe('conditions that never or always hold', () => {
  const and = (...conditions: Condition[]): Condition => ({ kind: 'and', conditions })
  const or = (...conditions: Condition[]): Condition => ({ kind: 'or', conditions })
  const not = (condition: Condition): Condition => ({ kind: 'not', condition })
  const times = (op: 'gte' | 'lt' | 'eq' | 'neq', value: number, within?: string): Condition => ({
    ...did,
    count: { op, value },
    ...(within !== undefined && { within }),
  })
  const ageIs = (op: 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte', value: number): Condition => ({
    ...age,
    op,
    value,
  })
  const path = 'triggers[0].who'

  test.each<readonly [string, Condition, string]>([
    ['fewer than none', times('lt', 0), `${path}.count`],
    ['not at least none', not(times('gte', 0)), `${path}.condition.count`],
    ['a range without inside', and(ageIs('gt', 30), ageIs('lt', 20)), path],
    ['no whole number between', and(ageIs('gt', 3), ageIs('lt', 4)), path],
    ['two values at once', and(ageIs('eq', 3), ageIs('eq', 4)), path],
    ['a value and not it', and(ageIs('eq', 3), ageIs('neq', 3)), path],
    ['missing and above', and({ ...age, op: 'exists', value: false }, ageIs('gt', 3)), path],
    [
      'in the past and to come',
      and(
        { kind: 'trait', trait: 'birthday', op: 'withinLast', duration: '1d' },
        { kind: 'trait', trait: 'birthday', op: 'withinNext', duration: '1d' },
      ),
      path,
    ],
    [
      'a beginning that the value has not',
      and(
        { kind: 'trait', trait: 'tier', op: 'eq', value: 'gold' },
        { kind: 'trait', trait: 'tier', op: 'startsWith', value: 's' },
      ),
      path,
    ],
    ['a condition and its denial', and(did, not(did)), path],
    ['more in a day than in a week', and(times('gte', 3, '1d'), times('lt', 3, '7d')), path],
    ['a count and not it', and(times('eq', 2, '1d'), times('neq', 2, '1d')), path],
    [
      'an event that cannot be',
      {
        ...did,
        event: {
          ...added,
          where: {
            kind: 'and',
            predicates: [
              { kind: 'property', property: 'price', op: 'gt', value: 5 },
              { kind: 'property', property: 'price', op: 'lt', value: 5 },
            ],
          },
        },
      },
      `${path}.event.where`,
    ],
    [
      'fewer than one value',
      { kind: 'total', event: added, property: 'product_id', aggregate: 'distinct', op: 'lt', value: 1 },
      path,
    ],
    ['part of all', and(did, times('lt', 0)), `${path}.conditions[1].count`],
  ])('never: %s', (_, who, place) => {
    expect(inWho(who)).toEqual([`error never ${place}`])
  })

  test.each<readonly [string, Condition, string]>([
    ['at least none', times('gte', 0), `${path}.count`],
    ['a condition or its denial', or(did, not(did)), path],
    ['at least three or fewer', or(times('gte', 3, '1d'), times('lt', 3, '1d')), path],
    ['a part of any', or(did, times('gte', 0)), `${path}.conditions[1].count`],
  ])('always: %s', (_, who, place) => {
    expect(inWho(who)).toEqual([`warning always ${place}`])
  })

  test('a part that never holds does not spoil the rest', () => {
    expect(inWho(or(did, times('lt', 0)))).toEqual([`warning never ${path}.conditions[1].count`])
  })
  test('in lists in lists, with the places that are in the file', () => {
    expect(inWho(and(did, and(ageIs('gt', 30), and(did, ageIs('lt', 20)))))).toEqual([`error never ${path}`])
    expect(inWho(and(did, and(did, times('lt', 0))))).toEqual([
      `error never ${path}.conditions[1].conditions[1].count`,
    ])
  })
  test('said twice', () => {
    expect(inWho(and(did, ageIs('gt', 3), did))).toEqual([`warning redundant ${path}.conditions[2]`])
  })
  test.each<readonly [string, Condition]>([
    ['values may be missing', or(ageIs('gt', 3), ageIs('lte', 3))],
    [
      'a list has several values',
      and(
        { kind: 'trait', trait: 'labels[]', op: 'eq', value: 'a' },
        { kind: 'trait', trait: 'labels[]', op: 'eq', value: 'b' },
      ),
    ],
    ['more in a week than in a day', and(times('gte', 3, '7d'), times('lt', 3, '1d'))],
    ['a range with inside', and(ageIs('gte', 3), ageIs('lte', 3))],
    [
      'different traits',
      and({ kind: 'trait', trait: 'tier', op: 'eq', value: 'a' }, { ...age, op: 'eq', value: 3 }),
    ],
  ])('not: %s', (_, who) => {
    expect(inWho(who)).toEqual([])
  })

  test('a segment that is empty by definition, and who asks for it', () => {
    const segments: SegmentInput[] = [
      { specVersion: 1, kind: 'dynamic', id: 'nobody', condition: and(ageIs('gt', 30), ageIs('lt', 20)) },
    ]
    expect(
      found({ segments, triggers: [{ ...base, who: { kind: 'inSegment', segment: 'nobody' } }] }),
    ).toEqual(['error never segments[0].condition', 'error never triggers[0].who'])
  })
  test('an occasion whose event cannot be', () => {
    const price = { kind: 'property', property: 'price' } as const
    const where = {
      kind: 'and',
      predicates: [
        { ...price, op: 'eq', value: 1 },
        { ...price, op: 'eq', value: 2 },
      ],
    }
    expect(inWhere(where)).toEqual(['error never triggers[0].when.event.where'])
  })
})
