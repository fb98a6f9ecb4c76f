import { fc, test as fcTest } from '@fast-check/vitest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../core/index.ts'
import { describeQuery } from './audience/cadence.ts'
import { compare } from './audience/compare.ts'
import { parseAudience } from './audience/parse.ts'
import { type SegmentAccount, type SegmentSeed, type SegmentState, startSegmentSandbox } from './index.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
let sandbox: Sandbox<SegmentAccount, SegmentSeed, SegmentState>
beforeEach(async () => {
  sandbox = await startSegmentSandbox({ account: { profileLagMs: 0 } })
})
afterEach(() => sandbox.close())

const ago = (ms: number): string => new Date(sandbox.clock.now() - ms).toISOString()
const event = (
  name: string,
  agoMs: number,
  properties: object = {},
  userId = 'u1',
): Record<string, unknown> => ({
  type: 'track',
  userId,
  event: name,
  properties,
  timestamp: ago(agoMs),
})
/** Whether u1 becomes a member of an audience with this query. */
function member(query: string): unknown {
  sandbox.seed({ audiences: [{ name: 'Case', query }] })
  const { audiences, profiles } = sandbox.inspect()
  return profiles[0]?.traits[audiences.at(-1)?.key ?? '']
}

describe('trait conditions', () => {
  const traits = (): object => ({
    plan: 'pro',
    spend: 120,
    age: '41',
    vip: true,
    gone: null,
    tags: ['a', 'b'],
    address: { city: 'Rome' },
    'with.dot': 1,
    renewal: new Date(sandbox.clock.now() + 2 * dayMs).toISOString(),
    signup: '2020-05-01',
  })
  test.each<readonly [string, boolean]>([
    ["trait('plan') = 'pro'", true],
    ["trait('plan') == 'Pro'", false],
    ["trait('plan').equals('pro')", true],
    ["trait('plan') != 'free'", true],
    ["trait('none') != 'free'", false],
    ["trait('gone') != 'free'", false],
    ["NOT trait('none') = 'free'", true],
    ["trait('none').absent()", true],
    ["trait('gone').exists()", false],
    ["trait('spend') > 100", true],
    ["trait('spend') >= 120 AND trait('spend') <= 120", true],
    ["trait('spend') < 120", false],
    ["trait('age') > 40", true],
    ["trait('plan') > 1", false],
    ["trait('vip') = true", true],
    ["trait('vip') = 'true'", true],
    ["trait('vip') = false", false],
    ["trait('plan').contains('x', 'ro')", true],
    ["trait('tags').contains('b')", true],
    ["trait('plan').omits('ro')", false],
    ["trait('plan').starts_with('p')", true],
    ["trait('plan').ends_with('p')", false],
    ["trait('plan').one_of('free', 'pro')", true],
    ["trait('plan').none_of('free', 'pro')", false],
    ["trait('address.city') = 'Rome'", true],
    ["trait('with\\\\.dot') = 1", true],
    ["trait('signup').before_date('2021-01-01')", true],
    ["trait('signup').after_date(2021-01-01)", false],
    ["trait('renewal').within_next(2 days)", true],
    ["trait('renewal').within_next(1 day)", false],
    ["trait('renewal').after_next(24 hours)", true],
    ["trait('signup').before_last(7 days)", true],
    ["trait('signup').within_last(7 days)", false],
    ["trait('plan') = 'x' OR trait('spend') = 120 AND trait('vip') = true", true],
    ["(trait('plan') = 'pro' OR trait('spend') = 120) AND trait('vip') = false", false],
  ])('%s is %s', (query, expected) => {
    sandbox.seed({
      profiles: [
        { externalIds: [{ type: 'user_id', id: 'u1' }], traits: traits() as Record<string, unknown> },
      ],
    })
    expect(member(query)).toBe(expected)
  })

  test('how a boolean may be written is a switch, as documents disagree', () => {
    sandbox.seed({ profiles: [{ externalIds: [{ type: 'user_id', id: 'u1' }], traits: { vip: true } }] })
    sandbox.configure({ audienceBooleans: 'bare' })
    expect(member("trait('vip') = 'true'")).toBe(false)
    sandbox.configure({ audienceBooleans: 'quoted' })
    expect(() => member("trait('vip') = true")).toThrow(/written as strings/)
  })
})

describe('event conditions', () => {
  beforeEach(() => {
    sandbox.seed({
      messages: [
        event('Viewed', 40 * dayMs, { price: 5 }),
        event('Viewed', 2 * dayMs, { price: 10, brand: 'x' }),
        event('Viewed', 3 * hourMs, { price: 30, brand: 'y' }),
        event('Ordered', 2 * hourMs, { total: 60, brand: 'y' }),
        { type: 'identify', userId: 'u1', traits: { limit: 20 } },
      ],
    })
  })
  test.each<readonly [string, boolean]>([
    ["event('Viewed').count() >= 3", true],
    ["event('Viewed').within(7 days).count() = 2", true],
    ["event('Viewed').within(3 hours).count() = 1", true],
    ["event('Viewed').within(2 hours).count() = 0", true],
    ["event('Viewed').between(1 day, 3 days).count() = 1", true],
    ["event('Never').count() = 0", true],
    ["NOT (event('Ordered').within(30 days).count() >= 1)", false],
    ["event('Viewed').where(property('price') >= 10).count() = 2", true],
    ["event('Viewed').where(property('price') >= 10 AND property('brand') = 'x').count() = 1", true],
    ["event('Viewed').where(property('price') > trait('limit')).count() = 1", true],
    ["event('Viewed').sum(property('price')) = 45", true],
    ["event('Viewed').within(7 days).avg(property('price')) = 20", true],
    ["event('Viewed').max(property('price')) = 30", true],
    ["event('Viewed').min(property('price') as string) = '10'", true],
    ["event('Viewed').first(property('price')) = 5", true],
    ["event('Viewed').last(property('brand')) = 'y'", true],
    ["event('Viewed').mode(property('brand'), 2).absent()", true],
    ["event('Viewed').unique(property('brand')).count() = 2", true],
    ["event('Viewed').sources({exclude: ['src_sandbox']}).count() = 0", true],
    ["event('Viewed').where(event('Ordered').within(parent: 2 hours).count() >= 1).count() = 1", true],
    ["event('Viewed').where(event('Ordered').within(parent: 1 hour).count() >= 1).count() >= 1", true],
    [
      "event('Viewed').where(event('Ordered').between(parent: 2 hours, 3 hours).count() >= 1).count() >= 1",
      false,
    ],
    [
      "event('Viewed').where(event('Ordered').where(property('brand') = property(parent: 'brand')).count() >= 1).count() = 1",
      true,
    ],
  ])('%s is %s', (query, expected) => {
    expect(member(query)).toBe(expected)
  })
})

describe('what is not in the language', () => {
  test.each([
    ["event('A').within(30 minutes).count() >= 1", /hour\(s\) or day\(s\)/],
    ["event('A').count()", /Expected "\."/],
    ["event('A').unique(property('x')) = 1", /only be counted/],
    ["property('x') = 1", /only valid within where/],
    ["trait('x') ~ 1", /Unexpected character/],
    ['trait("x") = 1', /Unexpected character/],
    ["trait('x')", /Expected "\."/],
    ["trait('x').likes('y')", /Unknown comparator/],
    ["entity('cart').count() >= 1", /linked audience/],
    ["ANY (trait('x') = 1)", /only valid for accounts/],
    ["trait('x') = 1 AND", /Unknown function/],
    ['', /Unknown function/],
  ])('%s', (query, message) => {
    expect(() => parseAudience(query, 'USERS', 'both')).toThrow(message)
  })

  test('50 primary expressions are allowed, 51 are not', () => {
    const query = (count: number): string =>
      Array.from({ length: count }, () => "trait('x') = 1").join(' OR ')
    expect(parseAudience(query(50), 'USERS', 'both')).toMatchObject({ kind: 'or' })
    expect(() => parseAudience(query(51), 'USERS', 'both')).toThrow(/More than 50/)
  })
})

describe('cadence is inferred', () => {
  test.each<readonly [string, boolean]>([
    ["trait('x') = 1", false],
    ["event('A').within(7 days).count() >= 20", false],
    ["event('A').within(7 days).count() >= 21", true],
    ["event('A').between(1 days, 2 days).count() >= 1", true],
    ["event('A').where(event('B').within(parent: 1 hours).count() >= 1).count() >= 1", true],
    ["event('A').where(property('p') > trait('t')).count() >= 1", true],
    ["event('A').where(property('p') > 1).count() >= 1", false],
  ])('%s batch: %s', (query, batch) => {
    expect(describeQuery(parseAudience(query, 'USERS', 'both'), 'realtime').batch).toBe(batch)
  })

  test('windows are batch where the account says so', () => {
    const query = parseAudience("event('A').within(7 days).count() >= 1", 'USERS', 'both')
    expect(describeQuery(query, 'batch').batch).toBe(true)
  })
})

describe('accounts', () => {
  test('ANY and ALL look at the users of an account', () => {
    sandbox.seed({
      messages: [
        { type: 'group', userId: 'u1', groupId: 'g1' },
        { type: 'group', userId: 'u2', groupId: 'g1' },
        event('Ordered', hourMs),
      ],
      audiences: [
        { name: 'Any', query: "ANY event('Ordered').count() >= 1", audienceType: 'ACCOUNTS' },
        { name: 'All', query: "ALL (event('Ordered').count() >= 1)", audienceType: 'ACCOUNTS' },
      ],
    })
    const account = sandbox.inspect().profiles.find(({ collection }) => collection === 'accounts')
    expect(account?.traits).toEqual({ any: true, all: false })
  })
})

const anyValue = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined))
fcTest.prop([anyValue, fc.oneof(fc.string(), fc.integer())])(
  'a value is equal, different or absent: exactly one of the three',
  (value, operand) => {
    const time = { nowMs: 0, booleans: 'both' } as const
    const answers = (['equals', 'differs', 'absent'] as const).map((name) =>
      compare(name, value, [operand], 0, time),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  },
)
