import { fc, test as fcTest } from '@fast-check/vitest'
import type { Loss, Values } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import type { IntercomOptions } from '../options.ts'
import type { AttributeType, Definitions } from './attributes.ts'
import { createProfileMapper } from './profiles.ts'

const define = (types: Readonly<Record<string, AttributeType>>): Definitions =>
  new Map(Object.entries(types).map(([name, type]) => [name.toLowerCase(), { name, type }]))

function map(
  set: Values,
  options: IntercomOptions = {},
  definitions?: Definitions,
  before?: Values,
  of: 'user' | 'group' = 'user',
) {
  const losses: Loss[] = []
  const made = createProfileMapper(options, of).toFields(set, before, definitions, losses)
  return { made, losses: losses.map(({ path, kind }) => `${kind} ${path}`) }
}
const custom = (set: Values, options: IntercomOptions = {}, definitions?: Definitions): unknown => {
  const { made } = map(set, options, definitions)
  return 'custom' in made ? made.custom : made
}

describe('Intercom’s own fields', () => {
  test('what does not fit is dropped with a reason', () => {
    expect(map({ email: 'no address', phone: '0151 123', createdAt: 'yesterday', ownerId: 7 })).toEqual({
      made: { fields: { owner_id: '7' }, custom: {} },
      losses: ['dropped set.email', 'dropped set.phone', 'dropped set.createdAt', 'coerced set.ownerId'],
    })
  })
  test('a phone of a company is E.164, too; names that differ in case are one', () => {
    expect(map({ phone: '0151 123', Tier: 1, tier: 2 }, {}, undefined, undefined, 'group')).toEqual({
      made: { fields: {}, custom: { Tier: 2 } },
      losses: ['dropped set.phone', 'collapsed set.tier', 'renamed set.tier'],
    })
  })
  test('one name of two', () => {
    expect(map({ firstName: 'Ada', lastName: 'Lovelace' })).toEqual({
      made: { fields: { name: 'Ada Lovelace' }, custom: {} },
      losses: ['collapsed set.firstName', 'collapsed set.lastName'],
    })
    expect(map({ lastName: 'King' }, {}, undefined, { firstName: 'Ada' }).made).toMatchObject({
      fields: { name: 'Ada King' },
    })
    expect(map({ name: 'Countess', firstName: 'Ada' })).toEqual({
      made: { fields: { name: 'Countess' }, custom: {} },
      losses: ['dropped set.firstName'],
    })
    expect(
      custom({ firstName: 'Ada' }, { fields: [{ of: 'user', name: 'firstName', type: 'string' }] }),
    ).toEqual({ firstName: 'Ada' })
  })
  test('"last seen" only on request', () => {
    const set = { lastSeenAt: '2026-11-01T10:00:00.000Z' }
    expect(map(set).losses).toEqual(['dropped set.lastSeenAt'])
    expect(map(set, { writeLastSeen: true }).made).toMatchObject({ fields: { last_seen_at: 1_793_527_200 } })
  })
  test('an address cannot be cleared, a name can', () => {
    expect(map({ email: null, name: null })).toEqual({
      made: { fields: { name: null }, custom: {} },
      losses: ['dropped set.email'],
    })
  })
  test('reserved names are dropped, or refused where they are declared', () => {
    expect(map({ unsubscribed_from_emails: false, location_city: 'Riga' }).losses).toEqual([
      'dropped set.unsubscribed_from_emails',
      'dropped set.location_city',
    ])
    expect(() => createProfileMapper({ fields: [{ of: 'user', name: 'os', type: 'string' }] })).toThrow(
      /fieldNames/,
    )
  })
  test('a company’s', () => {
    expect(
      map(
        { employees: 12.7, monthlySpend: 9, createdAt: '2026-11-01', name: null },
        {},
        undefined,
        undefined,
        'group',
      ),
    ).toEqual({
      made: { fields: { size: 12, monthly_spend: 9, remote_created_at: 1_793_491_200 }, custom: {} },
      losses: ['rounded set.employees', 'dropped set.name'],
    })
  })
})

describe('custom attributes', () => {
  test('names: no "." and "$", nested flat, the spelling of the definition', () => {
    expect(
      map(
        { 'plan.tier': 1, cost$: 2, address: { city: 'Riga' }, PLAN: 'x' },
        {},
        define({ plan_tier: 'integer', cost_: 'integer', address_city: 'string', Plan: 'string' }),
      ),
    ).toEqual({
      made: { fields: {}, custom: { plan_tier: 1, cost_: 2, address_city: 'Riga', Plan: 'x' } },
      losses: ['renamed set.plan.tier', 'renamed set.cost$', 'renamed set.address.city', 'renamed set.PLAN'],
    })
  })
  test.each([
    [
      {
        fields: [
          { of: 'user', name: 'Plan', type: 'string' },
          { of: 'user', name: 'plan', type: 'string' },
        ] as const,
      },
    ],
    [
      {
        fields: [
          { of: 'user', name: 'a.b', type: 'string' },
          { of: 'user', name: 'a_b', type: 'string' },
        ] as const,
      },
    ],
    [{ fieldNames: { shoe: 'Email' } }],
  ])('names that meet are an error at creation: %o', (options: IntercomOptions) => {
    expect(() => createProfileMapper(options)).toThrow(/both become/)
  })
  test('by the declared type: dates at midnight UTC, instants in seconds', () => {
    const fields = [
      { of: 'user', name: 'day', type: 'date' },
      { of: 'user', name: 'moment', type: 'instant' },
      { of: 'user', name: 'age', type: 'integer' },
    ] as const
    expect(
      map({ day: '2026-11-01', moment: '2026-11-01T10:00:00.500Z', age: '38' }, { fields }),
    ).toMatchObject({
      made: { code: 'invalid', path: 'set.age' },
    })
    expect(
      map(
        { day: '2026-11-01', moment: '2026-11-01T10:00:00.500Z', age: '38' },
        { fields, unknownAttributes: 'drop' },
      ),
    ).toEqual({
      made: { fields: {}, custom: { day: 1_793_491_200, moment: 1_793_527_200 } },
      losses: ['rounded set.moment', 'dropped set.age'],
    })
  })
  test('then by the definition', () => {
    const types = define({ text: 'string', whole: 'integer', part: 'float', yes: 'boolean', when: 'date' })
    expect(custom({ text: 7, whole: 1.6, part: 1.6, yes: true, when: '2026-11-01' }, {}, types)).toEqual({
      text: '7',
      whole: 2,
      part: 1.6,
      yes: true,
      when: 1_793_491_200,
    })
    for (const set of [{ whole: '1' }, { part: '1' }, { yes: 'true' }, { when: 'soon' }, { when: 1.5 }])
      expect(custom(set, {}, types)).toMatchObject({ code: 'invalid', path: `set.${Object.keys(set)[0]}` })
  })
  test('only declared options', () => {
    const tier = new Map([['tier', { name: 'tier', type: 'string', options: ['a', 'b'] } as const]])
    expect(custom({ tier: 'a' }, {}, tier)).toEqual({ tier: 'a' })
    expect(custom({ tier: 'c' }, {}, tier)).toMatchObject({ path: 'set.tier' })
  })
  test('sets joined or dropped', () => {
    expect(map({ likes: ['tea', 'cake'] })).toEqual({
      made: { fields: {}, custom: { likes: 'tea, cake' } },
      losses: ['coerced set.likes'],
    })
    expect(map({ likes: ['tea'] }, { lists: 'drop' }).losses).toEqual(['dropped set.likes'])
  })
  test.each([254, 255, 256])('text of %i characters', (length) => {
    const text = 'x'.repeat(length)
    const { made, losses } = map({ note: text })
    expect(made).toMatchObject({ custom: { note: text.slice(0, 255) } })
    expect(losses).toEqual(length > 255 ? ['truncated set.note'] : [])
  })
  test('no character is cut in two', () => {
    expect(custom({ note: `${'x'.repeat(254)}🧀` })).toEqual({ note: 'x'.repeat(254) })
  })
})

describe('laws', () => {
  const name = fc.constantFrom('a', 'b.c', 'email', 'name', 'd$', 'likes', 'nested')
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 3 }),
  )
  const set = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(fc.constantFrom('x', 'y'), leaf)))

  fcTest.prop([set])('what is equal to `before` is never sent', (given) => {
    expect(map(given, {}, undefined, given).made).toEqual({ fields: {}, custom: {} })
  })
  fcTest.prop([set])(
    'every value sent is one that Intercom holds: no lists, no objects, text of 255 at most',
    (given) => {
      const { made } = map(given)
      if (!('custom' in made)) throw new Error('refused')
      for (const value of Object.values({ ...made.fields, ...made.custom })) {
        expect(value === null || typeof value !== 'object').toBe(true)
        if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(255)
      }
    },
  )
  fcTest.prop([set])('what is not sent is a loss', (given) => {
    const { made, losses } = map(given)
    if (!('custom' in made)) throw new Error('refused')
    const sent = Object.keys(made.fields).length + Object.keys(made.custom).length
    const leaves = Object.values(given).reduce<number>(
      (sum, value) =>
        sum +
        (typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.keys(value).length
          : 1),
      0,
    )
    expect(
      sent + losses.filter((loss) => /^(?:dropped|collapsed) /.test(loss)).length,
    ).toBeGreaterThanOrEqual(leaves)
  })
})
