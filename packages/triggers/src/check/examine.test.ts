import { describe, expect, test } from 'vitest'
import {
  added,
  age,
  base,
  did,
  email,
  found,
  inJourney,
  inTrigger,
  inWho,
  ordered,
  plan,
  type Condition,
} from '../../fixtures/check/found.ts'
import type { DefinitionsInput, SegmentInput, TriggerInput } from '../definition/input.ts'
import type { PlanInput } from '../definition/plan.ts'
import { examine } from './examine.ts'

describe('structure and names', () => {
  test('clean definitions have no findings', () => {
    const who = { kind: 'and', conditions: [did, { ...age, op: 'gt', value: 18 }] } as const
    expect(
      inTrigger({ who, journey: [email, { kind: 'wait', for: '1d' }, email], goals: [{ event: ordered }] }),
    ).toEqual([])
  })
  test('broken structure is all that is told', () => {
    expect(found({ triggers: [{ ...base, cooldown: 'soon' }], plan: {} as PlanInput })).toEqual([
      'error structure plan.specVersion',
      'error structure triggers[0].cooldown',
    ])
  })
  test('an unknown name has the nearest one', () => {
    const event = { type: 'track', name: 'Product Aded' } as const
    expect(examine({ specVersion: 1, plan, triggers: [{ ...base, when: { kind: 'on', event } }] })).toEqual([
      {
        severity: 'error',
        rule: 'unknown-name',
        path: 'triggers[0].when.event.name',
        message: 'is not in the tracking plan; did you mean "Product Added"?',
      },
    ])
  })
})

describe('vendors', () => {
  const vendors = ['braze', 'hubspot']
  const content = { brase: { kind: 'campaign', id: 'c1' } }
  const send = { channel: 'email', content } as const
  const of = (input: Partial<DefinitionsInput>, options = { vendors }) =>
    examine({ specVersion: 1, ...input }, options).map(({ path, message }) => `${path}: ${message}`)

  test('a name that is none of them is found in messages, fallbacks and mirrored segments', () => {
    const journey = [
      { kind: 'send', ...send },
      { kind: 'fallback', sends: [send, { ...send, content: {} }], ifNotEngagedIn: '1d' },
    ] as const
    expect(of({ triggers: [{ ...base, journey }] })).toEqual([
      expect.stringMatching(
        /^triggers\[0\]\.journey\[1\]\.sends\[1\]\.content: names no message at any vendor/,
      ),
      'triggers[0].journey[0].content.brase: "brase" is no known vendor; did you mean "braze"?',
      'triggers[0].journey[1].sends[0].content.brase: "brase" is no known vendor; did you mean "braze"?',
    ])
    const segment = { form: 'list', id: '7' } as const
    const mirrored = { specVersion: 1, id: 'm', kind: 'mirrored', vendor: 'own-tool', segment } as const
    expect(of({ segments: [mirrored] })).toEqual([
      'segments[0].vendor: "own-tool" is no known vendor; there are braze, hubspot',
    ])
  })
  test('known ones are not, and nothing is where the names are not given', () => {
    const journey = [{ ...email, content: { braze: { kind: 'campaign', id: 'c1' } } }]
    expect(of({ triggers: [{ ...base, journey }] })).toEqual([])
    expect(
      examine({ specVersion: 1, triggers: [{ ...base, journey: [{ kind: 'send', ...send }] }] }),
    ).toEqual([])
  })
})

describe('schedules', () => {
  test('on a day that none of the months has', () => {
    const segment = { specVersion: 1, id: 's', kind: 'static' } as const
    const paths = (cron: string) => {
      const when = { kind: 'schedule', cron, zone: 'UTC', segment: 's' } as const
      const input = { specVersion: 1, segments: [segment], triggers: [{ ...base, when }] }
      return examine(input).map(({ path }) => path)
    }
    expect(paths('0 9 30 2 *')).toEqual(['triggers[0].when.cron'])
    expect(paths('0 9 31 4,6 1')).toEqual(['triggers[0].when.cron'])
    expect(paths('0 9 29 2 1')).toEqual([])
    expect(paths('0 9 31 2,3 *')).toEqual([])
  })
})

describe('caps', () => {
  test('of a channel in which nobody sends name the one that was probably meant', () => {
    const policy = { caps: [{ channel: 'emial', count: 1, per: '7d' }] } as const
    expect(examine({ specVersion: 1, policy, triggers: [{ ...base, journey: [email] }] })).toMatchObject([
      { path: 'policy.caps[0].channel', message: 'no trigger sends by emial; did you mean "email"?' },
    ])
  })
})

describe('types', () => {
  const path = 'triggers[0].who'
  const wrong: readonly (readonly [string, Condition, string])[] = [
    ['a number is not a text', { ...age, op: 'eq', value: '18' }, `${path}.value`],
    ['null is missing', { ...age, op: 'neq', value: null }, `${path}.value`],
    ['one of several', { ...age, op: 'in', values: [18, 'x'] }, `${path}.values[1]`],
    ['a number does not start', { ...age, op: 'startsWith', value: '1' }, `${path}.op`],
    ['a flag is not above', { kind: 'trait', trait: 'vip', op: 'gt', value: true }, `${path}.op`],
    [
      'a text is not before',
      { kind: 'trait', trait: 'tier', op: 'before', value: '2026-01-01' },
      `${path}.op`,
    ],
    [
      'a day that is none',
      { kind: 'trait', trait: 'birthday', op: 'after', value: 'spring' },
      `${path}.value`,
    ],
    ['a moment with a number', { kind: 'trait', trait: 'birthday', op: 'gt', value: 5 }, `${path}.value`],
    ['a set holds texts', { kind: 'trait', trait: 'labels', op: 'contains', value: 5 }, `${path}.value`],
    [
      'a sum of texts',
      { kind: 'total', event: added, property: 'product_id', aggregate: 'sum', op: 'gt', value: 1 },
      `${path}.property`,
    ],
    [
      'a sum with a text',
      { kind: 'total', event: added, property: 'price', aggregate: 'sum', op: 'gt', value: '1' },
      `${path}.value`,
    ],
    [
      'the latest of texts with a number',
      { kind: 'total', event: added, property: 'product_id', aggregate: 'latest', op: 'eq', value: 1 },
      `${path}.value`,
    ],
    [
      'a property of the anchor of another type',
      {
        kind: 'did',
        event: {
          ...ordered,
          where: { kind: 'property', property: 'revenue', op: 'gt', anchor: 'product_id' },
        },
      },
      `${path}.event.where.anchor`,
    ],
  ]
  test.each(wrong)('%s', (_, who, place) => {
    expect(inWho(who)).toEqual([`error type ${place}`])
  })

  test.each<readonly [string, Condition]>([
    [
      'whole numbers and numbers',
      {
        kind: 'did',
        event: { ...added, where: { kind: 'property', property: 'price', op: 'gt', anchor: 'quantity' } },
      },
    ],
    ['texts have an order', { kind: 'trait', trait: 'tier', op: 'gte', value: 'b' }],
    ['days and moments', { kind: 'trait', trait: 'birthday', op: 'withinNext', duration: '7d' }],
    ['an element of a set', { kind: 'trait', trait: 'labels[]', op: 'startsWith', value: 'n' }],
    [
      'what is not declared',
      { kind: 'total', event: { type: 'page' }, property: 'x', aggregate: 'sum', op: 'gt', value: 1 },
    ],
  ])('%s suit', (_, who) => {
    expect(inWho(who)).toEqual([])
  })

  test('what steps and occasions write and read', () => {
    expect(
      inTrigger({
        when: { kind: 'changes', trait: 'age', to: 'old' },
        journey: [
          { kind: 'setTrait', trait: 'age', value: { value: 'old' } },
          { kind: 'setTrait', trait: 'age', value: { trait: 'tier' } },
          { kind: 'emit', event: 'Order Completed', properties: { revenue: { value: '5' } } },
        ],
      }),
    ).toEqual([
      'error type triggers[0].when.to',
      'error type triggers[0].journey[0].value.value',
      'error type triggers[0].journey[1].value.trait',
      'error type triggers[0].journey[2].properties.revenue.value',
    ])
    expect(inTrigger({ when: { kind: 'at', trait: 'tier', time: '09:00' } })).toEqual([
      'error type triggers[0].when.trait',
    ])
  })
})

describe('occasions', () => {
  test('a change to the same value', () => {
    expect(inTrigger({ when: { kind: 'changes', trait: 'tier', from: 'a', to: 'a' } })).toEqual([
      'error never triggers[0].when.to',
    ])
    expect(inTrigger({ when: { kind: 'changes', trait: 'tier', from: 'a', to: null } })).toEqual([])
  })
  test('a gap that the whole chain is shorter than', () => {
    const steps = [{ event: added }, { event: ordered, gap: '1h' }]
    const when = { kind: 'sequence', steps, within: '1h' } as const
    expect(inTrigger({ when })).toEqual(['warning redundant triggers[0].when.steps[1].gap'])
    expect(inTrigger({ when: { ...when, within: '2h' } })).toEqual([])
  })
  test('a segment that nobody enters, or leaves', () => {
    const condition = { ...did, count: { op: 'gte', value: 0 } } as const
    const segments: SegmentInput[] = [{ specVersion: 1, kind: 'dynamic', id: 'all', condition }]
    const when = (kind: 'enters' | 'leaves') => ({ triggers: [{ ...base, when: { kind, segment: 'all' } }] })
    expect(found({ segments, ...when('leaves') })).toEqual([
      'error never triggers[0].when.segment',
      'warning always segments[0].condition.count',
    ])
    // Everyone enters once.
    expect(found({ segments, ...when('enters') })).toEqual(['warning always segments[0].condition.count'])
  })
  test('local times without a zone in the plan', () => {
    const when = { kind: 'at', trait: 'birthday', time: '09:00' } as const
    const traits = { birthday: 'date' } as const
    expect(found({ plan: { specVersion: 1, traits }, triggers: [{ ...base, when }] })).toEqual([
      'warning unknown-name policy.zoneTrait',
    ])
    const zoned = { ...traits, timezone: 'string' } as const
    expect(found({ plan: { specVersion: 1, traits: zoned }, triggers: [{ ...base, when }] })).toEqual([])
  })
})

describe('journeys', () => {
  const wait = { kind: 'wait', for: '1d' } as const
  test('steps after an exit, or after ways that all end in one', () => {
    expect(inJourney([email, { kind: 'exit' }, wait, email])).toEqual([
      'warning unreachable triggers[0].journey[2]',
    ])
    const branch = {
      kind: 'branch',
      condition: did,
      yes: [{ kind: 'exit' }],
      no: [{ kind: 'exit' }],
    } as const
    expect(inJourney([branch, email])).toEqual(['warning unreachable triggers[0].journey[1]'])
    expect(inJourney([{ ...branch, no: [] }, email])).toEqual([])
  })
  test('the way that a branch never takes', () => {
    const always = { ...did, count: { op: 'gte', value: 0 } } as const
    expect(inJourney([{ kind: 'branch', condition: always, yes: [email], no: [email] }])).toEqual([
      'warning always triggers[0].journey[0].condition.count',
      'warning unreachable triggers[0].journey[0].no',
    ])
  })
  test('what cannot come before the timeout', () => {
    const occasion = {
      kind: 'without',
      base: { kind: 'on', event: added },
      event: ordered,
      for: '2d',
    } as const
    expect(inJourney([{ kind: 'waitFor', occasion, timeout: '1d', yes: [email] }])).toEqual([
      'warning unreachable triggers[0].journey[0].occasion',
      'warning unreachable triggers[0].journey[0].yes',
    ])
    expect(inJourney([{ kind: 'waitFor', occasion, timeout: '2d', yes: [email] }])).toEqual([])
  })
  test('an arm without weight', () => {
    const arms = [
      { weight: 1, steps: [] },
      { weight: 0, steps: [email] },
    ]
    expect(inJourney([{ kind: 'split', arms }])).toEqual([
      'warning unreachable triggers[0].journey[0].arms[1]',
    ])
  })
  test('a goal of a journey that does not wait', () => {
    const goals = [{ event: ordered, within: '7d' }]
    expect(inJourney([email], { goals })).toEqual(['warning unreachable triggers[0].goals[0]'])
    expect(inJourney([email, wait], { goals })).toEqual([])
    // A send may wait for the end of the quiet hours.
    expect(inJourney([email], { goals, quietHours: { from: '21:00', to: '08:00' } })).toEqual([])
  })
})

describe('limits', () => {
  const wait = (length: string) => ({ kind: 'wait', for: length }) as const
  test('waits longer than the time to the next entry', () => {
    const parallel = { reentry: 'parallel' } as const
    expect(inJourney([wait('7d'), email], { ...parallel, cooldown: '1d' })).toEqual([
      'warning reentry triggers[0].cooldown',
    ])
    expect(inJourney([wait('7d'), email], { ...parallel, atMost: [{ count: 1, per: '1d' }] })).toEqual([
      'warning reentry triggers[0].atMost[0].per',
    ])
    expect(inJourney([wait('7d'), email], { ...parallel, cooldown: '7d' })).toEqual([])
  })
  test('limits that the journey makes useless', () => {
    expect(inJourney([wait('7d')], { cooldown: '7d' })).toEqual(['warning reentry triggers[0].cooldown'])
    expect(inJourney([wait('7d')], { cooldown: '8d' })).toEqual([])
    expect(inJourney([wait('7d')], { cooldown: '7d', goals: [{ event: ordered }] })).toEqual([])
    expect(inTrigger({ cooldown: '1d', atMost: [{ count: 7, per: '7d' }] })).toEqual([
      'warning reentry triggers[0].atMost[0]',
    ])
    expect(inTrigger({ cooldown: '1d', atMost: [{ count: 6, per: '7d' }] })).toEqual([])
    const early = { kind: 'branch', condition: did, yes: [{ kind: 'exit' }] } as const
    expect(inJourney([early, wait('7d')], { cooldown: '7d' })).toEqual([])
  })

  const caps = (
    list: NonNullable<NonNullable<DefinitionsInput['policy']>['caps']>,
    ...triggers: Partial<TriggerInput>[]
  ) =>
    found({
      policy: { caps: list },
      triggers: triggers.map((each, index) => ({ ...base, id: `t${index}`, ...each })),
    })
  const daily = { cooldown: '1d', journey: [email] }
  test('a cap above the most sends that all triggers can make', () => {
    expect(caps([{ count: 14, per: '7d' }], daily, daily)).toEqual(['warning idle-cap policy.caps[0]'])
    expect(caps([{ count: 13, per: '7d' }], daily, daily)).toEqual([])
    expect(caps([{ count: 14, per: '7d' }], daily, { journey: [email] })).toEqual([])
    expect(caps([{ channel: 'sms', count: 1, per: '7d' }], daily)).toEqual([
      'warning idle-cap policy.caps[0].channel',
    ])
    expect(caps([{ count: 1, per: '1d' }], { journey: [email], transactional: true })).toEqual([
      'warning idle-cap policy.caps[0]',
    ])
  })
  test('a cap behind a stricter one', () => {
    const often = { journey: [email] }
    expect(
      caps(
        [
          { count: 2, per: '7d' },
          { channel: 'email', count: 3, per: '7d' },
        ],
        often,
      ),
    ).toEqual(['warning idle-cap policy.caps[1]'])
    expect(
      caps(
        [
          { count: 2, per: '7d' },
          { count: 2, per: '7d' },
        ],
        often,
      ),
    ).toEqual(['warning idle-cap policy.caps[1]'])
    expect(
      caps(
        [
          { count: 2, per: '1d' },
          { count: 3, per: '7d' },
        ],
        often,
      ),
    ).toEqual([])
  })
  test('a channel in which nobody sends', () => {
    const backoff = [{ channel: 'emial', base: '1d', factor: 2, max: '7d' }]
    expect(
      examine({ specVersion: 1, policy: { backoff }, triggers: [{ ...base, journey: [email] }] }),
    ).toMatchObject([
      {
        rule: 'idle-cap',
        path: 'policy.backoff[0].channel',
        message: expect.stringContaining('did you mean "email"?') as string,
      },
    ])
  })
})

describe('names and classes', () => {
  test('names that break the rule of the plan, with what to write', () => {
    const written = {
      specVersion: 1,
      events: { product_added: { productId: 'string', 'items[].sku': 'string' }, 'Signed Up': {} },
      traits: { LifetimeValue: 'number', x1: 'string' },
      naming: { events: 'Title Case', properties: 'snake_case', traits: { pattern: '[a-z][A-Za-z]*' } },
    } as const
    const findings = examine({ specVersion: 1, plan: written })
    expect(findings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'plan.events.product_added "product_added" is not Title Case; write "Product Added"',
      'plan.events.product_added.properties.productId "productId" is not snake_case; write "product_id"',
      'plan.traits.LifetimeValue "LifetimeValue" is not the pattern [a-z][A-Za-z]*; rename it',
      'plan.traits.x1 "x1" is not the pattern [a-z][A-Za-z]*; rename it',
    ])
  })
  test('an inactivity that a passive event ends', () => {
    const passive: PlanInput = {
      specVersion: 1,
      events: { 'Subscription Renewed': { properties: {}, class: 'passive' }, 'Product Added': {} },
    }
    expect(found({ plan: passive, triggers: [{ ...base, when: { kind: 'inactive', for: '7d' } }] })).toEqual([
      'warning passive triggers[0].when.of',
    ])
    expect(
      found({ plan: passive, triggers: [{ ...base, when: { kind: 'inactive', for: '7d', of: added } }] }),
    ).toEqual([])
  })
})
