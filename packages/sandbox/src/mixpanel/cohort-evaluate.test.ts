import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { event, startMixpanelClient, type MixpanelClient } from '../../fixtures/mixpanel-client.ts'

let client: MixpanelClient
beforeEach(async () => {
  client = await startMixpanelClient()
})
afterEach(() => client.close())

describe('what a cohort selects', () => {
  const people = [
    { distinctId: 'a', properties: { age: 20, plan: 'pro', tags: ['x'], since: '2026-01-01' } },
    { distinctId: 'b', properties: { age: 40, plan: 'free', tags: [], since: '2026-03-01' } },
    { distinctId: 'c', properties: {} },
  ]
  const purchase = (distinct_id: string, value: number, ageDays: number) =>
    event(
      { distinct_id, value, time: Math.floor(client.sandbox.clock.now() / 1_000) - ageDays * 86_400 },
      'Purchase',
    )
  const members = async (selector: object, behaviors: object = {}) => {
    const form = { filter_by_cohort: JSON.stringify({ raw_cohort: { selector, behaviors } }) }
    return (
      (await client.query('engage', form)).json['results'] as { $distinct_id: string }[] | undefined
    )?.map((row) => row.$distinct_id)
  }
  const user = (value: string, operator: string, operand?: unknown, type?: string) => ({
    operator: 'and',
    children: [
      { property: 'user', value, operator, ...(operand !== undefined && { operand }), ...(type && { type }) },
    ],
  })
  test.each([
    ['age', '>', 30, 'number', ['b']],
    ['age', '<', 30, 'number', ['a']],
    ['plan', '==', 'pro', 'string', ['a']],
    ['plan', '!=', 'pro', 'string', ['b', 'c']],
    ['plan', 'in', ['pro', 'free'], 'string', ['a', 'b']],
    ['plan', 'not in', ['pro'], 'string', ['b', 'c']],
    ['plan', 'defined', undefined, 'string', ['a', 'b']],
    ['plan', 'not defined', undefined, 'string', ['c']],
    ['since', '>', '2026-02-01', 'datetime', ['b']],
    ['tags', '==', 'x', 'list', ['a']],
  ])('user %s %s %j', async (value, operator, operand, type, expected) => {
    client.sandbox.seed({ profiles: people })
    expect(await members(user(value, operator, operand, type))).toEqual(expected)
  })
  const behavior = (
    count: object = {},
    time: object = { window: { unit: 'day', value: 7 } },
    selector?: object,
  ) => ({
    b: {
      count: {
        event_selector: { event: 'Purchase', ...(selector && { selector }) },
        type: 'absolute',
        ...count,
      },
      ...time,
    },
  })
  const leaf = (operator: string, operand: number) => ({
    operator: 'and',
    children: [{ property: 'behaviors', value: 'b', operator, operand }],
  })
  test('events are counted in a window or a range, filtered and aggregated', async () => {
    client.sandbox.seed({
      profiles: people,
      events: [purchase('a', 10, 1), purchase('a', 30, 2), purchase('b', 5, 8), purchase('b', 7, 1)],
    })
    expect(await members(leaf('>=', 2), behavior())).toEqual(['a'])
    expect(await members(leaf('==', 1), behavior())).toEqual(['b'])
    expect(await members(leaf('==', 0), behavior())).toEqual(['c'])
    expect(await members(leaf('>=', 2), behavior({}, { window: { unit: 'week', value: 2 } }))).toEqual([
      'a',
      'b',
    ])
    expect(
      await members(leaf('>=', 1), behavior({}, { from_date: '2026-06-07', to_date: '2026-06-07' })),
    ).toEqual(['b'])
    expect(
      await members(leaf('>=', 40), behavior({ aggregationOperator: 'total', property: 'value' })),
    ).toEqual(['a'])
    expect(
      await members(leaf('==', 20), behavior({ aggregationOperator: 'median', property: 'value' })),
    ).toEqual(['a'])
    const filter = {
      operator: 'and',
      children: [
        {
          resourceType: 'events',
          filterType: 'number',
          defaultType: 'number',
          value: 'value',
          filterOperator: 'is greater than',
          filterValue: 9,
        },
      ],
    }
    expect(await members(leaf('>=', 1), behavior({}, undefined, filter))).toEqual(['a'])
  })
  test('the window rolls, or starts with the calendar day, as the account is set', async () => {
    client.sandbox.seed({
      events: [event({ time: Math.floor(client.sandbox.clock.now() / 1_000) - 7 * 86_400 - 60 }, 'Purchase')],
    })
    expect(await members(leaf('>=', 1), behavior())).toEqual([])
    client.sandbox.configure({ cohortWindow: 'calendar' })
    expect(await members(leaf('>=', 1), behavior())).toEqual(['user-1'])
  })
  test('or, and membership of another cohort', async () => {
    client.sandbox.seed({ profiles: people, cohorts: [{ name: 'Pro', selector: user('plan', '==', 'pro') }] })
    const id = client.sandbox.inspect().cohorts[0]?.id
    const both = {
      operator: 'or',
      children: [
        { property: 'cohort', value: id, operator: 'in' },
        ...user('age', '>', 30, 'number').children,
      ],
    }
    expect(await members(both)).toEqual(['a', 'b'])
    expect(
      await members({ operator: 'and', children: [{ property: 'cohort', value: id, operator: 'not in' }] }),
    ).toEqual(['b', 'c'])
  })
})
