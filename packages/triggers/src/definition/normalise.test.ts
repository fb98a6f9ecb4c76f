import { describe, expect, test } from 'vitest'
import type { DefinitionsInput, TriggerInput } from './input.ts'
import { normalise, normaliseDefinitions, parseDefinitions, parseTrigger } from './normalise.ts'
import type { Occasion } from './occasion.ts'

const added = { type: 'track', name: 'Product Added' } as const
const ordered = { type: 'track', name: 'Order Completed' } as const
const abandoned: TriggerInput = {
  specVersion: 1,
  id: 'abandoned-cart',
  when: { kind: 'without', base: { kind: 'on', event: added }, event: ordered, for: '60m' },
  holdout: { share: 0.1 },
}

describe('the normal form', () => {
  test('has every default, and durations in their greatest unit', () => {
    expect(normalise(abandoned)).toEqual({
      specVersion: 1,
      id: 'abandoned-cart',
      when: {
        kind: 'without',
        base: { kind: 'on', event: added },
        event: ordered,
        for: '1h',
        anchor: 'last',
      },
      enabled: true,
      purpose: 'marketing',
      reentry: 'single',
      atMost: [],
      holdout: { share: 0.1, experiment: 'abandoned-cart' },
      goals: [],
      exits: [],
      priority: 0,
      transactional: false,
      migrate: 'finish',
      journey: [],
    })
  })

  test('does not change when it is normalised again', () => {
    const once = normalise(abandoned)
    expect(normalise(once)).toEqual(once)
  })

  test('writes `by` on the nodes for which it holds, the inner one first', () => {
    const when: TriggerInput['when'] = {
      kind: 'without',
      by: 'product_id',
      base: {
        kind: 'given',
        condition: { kind: 'did', event: added },
        base: { kind: 'on', event: added, by: 'cart' },
      },
      event: ordered,
      for: '1d',
    }
    const normal = normalise({ ...abandoned, when }).when
    const correlations: (string | undefined)[] = []
    for (let node: Occasion | undefined = normal; node; node = 'base' in node ? node.base : undefined) {
      correlations.push('by' in node ? node.by : undefined)
    }
    expect(correlations).toEqual(['product_id', 'product_id', 'cart'])
  })

  test('has `and` in `and` flat, and one of one without the list', () => {
    const staff = { kind: 'inSegment', segment: 'staff' } as const
    const who = { kind: 'and', conditions: [{ kind: 'and', conditions: [staff, staff] }, staff] } as const
    expect(normalise({ ...abandoned, who }).who).toEqual({ kind: 'and', conditions: [staff, staff, staff] })
    expect(normalise({ ...abandoned, who: { kind: 'or', conditions: [staff] } }).who).toEqual(staff)
  })
})

describe('mistakes are named by their path', () => {
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['a missing field', { kind: 'without', base: { kind: 'on', event: added }, event: ordered }, 'when.for'],
    ['no duration', { kind: 'times', event: added, count: 2, within: '0h' }, 'when.within'],
    ['a count of 0', { kind: 'times', event: added, count: 0, within: '1h' }, 'when.count'],
    ['an unknown kind', { kind: 'whenever' }, 'when.kind'],
    ['a field that is none', { kind: 'on', event: added, bye: 'x' }, 'when.bye'],
    ['one step', { kind: 'sequence', within: '1h', steps: [{ event: added }] }, 'when.steps'],
    [
      'more than 31 steps',
      { kind: 'sequence', within: '1h', steps: Array.from({ length: 32 }, () => ({ event: added })) },
      'when.steps',
    ],
    [
      'a gap on the first step',
      { kind: 'sequence', within: '1h', steps: [{ event: added, gap: '1m' }, { event: ordered }] },
      'when.steps[0].gap',
    ],
    [
      'a cron of six fields',
      { kind: 'schedule', cron: '* * * * * *', zone: 'UTC', segment: 's' },
      'when.cron',
    ],
    ['no zone', { kind: 'schedule', cron: '* * * * *', zone: 'Mars/Base', segment: 's' }, 'when.zone'],
    [
      'a duration over 100 years',
      { kind: 'times', event: added, count: 2, within: '100000000d' },
      'when.within',
    ],
    [
      'days of an offset over 100 years',
      { kind: 'at', trait: 'birthday', time: '09:00', offsetDays: 1_000_000_000 },
      'when.offsetDays',
    ],
    ['no local time', { kind: 'at', trait: 'birthday', time: '24:00' }, 'when.time'],
    [
      'both value and anchor',
      {
        kind: 'on',
        event: { ...added, where: { kind: 'property', property: 'a', op: 'eq', value: 1, anchor: 'a' } },
      },
      'when.event.where',
    ],
    [
      'an anchor where the anchor is made',
      { kind: 'on', event: { ...added, where: { kind: 'property', property: 'a', op: 'eq', anchor: 'a' } } },
      'when.event.where.anchor',
    ],
    [
      '`by` without an event',
      { kind: 'without', by: 'a', base: { kind: 'enters', segment: 's' }, event: added, for: '1h' },
      'when.by',
    ],
  ]
  test.each(wrong)('%s', (_, when, path) => {
    const parsed = parseTrigger({ ...abandoned, when })
    expect(parsed.ok ? [] : parsed.mistakes.map((mistake) => mistake.path)).toEqual([path])
  })

  test('quiet hours from and to the same time', () => {
    const parsed = parseTrigger({ ...abandoned, quietHours: { from: '21:00', to: '21:00' } })
    expect(parsed.ok ? [] : parsed.mistakes.map(({ path }) => path)).toEqual(['quietHours'])
  })

  test('and `normalise` throws with all of them', () => {
    const input = { ...abandoned, id: 'a b', cooldown: '1 day' }
    expect(() => normalise(input)).toThrow(/id is no id.*cooldown is no duration/)
  })
})

describe('definitions together', () => {
  const inSegment = (segment: string) => ({ kind: 'inSegment', segment }) as const
  const dynamic = (id: string, condition: { kind: 'inSegment'; segment: string }) =>
    ({ specVersion: 1, kind: 'dynamic', id, condition }) as const
  const paths = (input: DefinitionsInput) => {
    const parsed = parseDefinitions(input)
    return parsed.ok ? [] : parsed.mistakes.map(({ path }) => path)
  }

  test('no segment refers to itself, directly or not', () => {
    const segments = [dynamic('a', inSegment('b')), dynamic('b', inSegment('a'))]
    expect(paths({ specVersion: 1, segments })).toEqual(['segments[0]', 'segments[1]'])
    expect(paths({ specVersion: 1, segments: [dynamic('a', inSegment('a'))] })).toEqual(['segments[0]'])
  })

  test('ids are unique, and named segments exist', () => {
    const triggers = [abandoned, { ...abandoned, who: inSegment('staff') }]
    expect(paths({ specVersion: 1, triggers })).toEqual(['triggers[1].id', 'triggers[1].who.segment'])
  })

  test('what a tracking plan does not declare is a mistake', () => {
    const plan = { specVersion: 1, events: { 'Product Added': { product_id: 'string' } } } as const
    const triggers = [abandoned]
    expect(paths({ specVersion: 1, plan, triggers })).toEqual(['triggers[0].when.event.name'])
  })

  test('every place that names an event, a property or a trait is held against the plan', () => {
    const plan = {
      specVersion: 1,
      events: {
        'Product Added': { product_id: 'string', price: 'number' },
        'Order Completed': { revenue: 'number' },
      },
      traits: { tier: 'string' },
    } as const
    const total = {
      kind: 'total',
      event: ordered,
      property: 'revenu',
      aggregate: 'sum',
      op: 'gt',
      value: 1,
    } as const
    const same = { kind: 'property', property: 'revenue', op: 'eq', anchor: 'prise' } as const
    const triggers: TriggerInput[] = [
      {
        specVersion: 1,
        id: 't',
        when: {
          kind: 'without',
          base: { kind: 'on', event: added, by: 'productid' },
          event: { ...ordered, where: same },
          for: '1h',
        },
        who: total,
        journey: [
          { kind: 'setTrait', trait: 'teir', value: { trait: 'plan' } },
          { kind: 'emit', event: 'Product Aded', properties: {} },
          {
            kind: 'emit',
            event: 'Product Added',
            properties: { price: { anchor: 'product_idd' }, sku: { value: 1 } },
          },
          { kind: 'send', channel: 'email', content: {}, data: { 'the id': { anchor: 'id' } } },
        ],
      },
      { specVersion: 1, id: 'opened', when: { kind: 'on', event: { type: 'track', name: 'Email Opened' } } },
    ]
    expect(paths({ specVersion: 1, plan, triggers }).toSorted()).toEqual(
      [
        'triggers[0].when.base.by',
        'triggers[0].when.event.where.anchor',
        'triggers[0].who.property',
        'triggers[0].journey[0].trait',
        'triggers[0].journey[0].value.trait',
        'triggers[0].journey[1].event',
        'triggers[0].journey[2].properties.price.anchor',
        'triggers[0].journey[2].properties.sku',
        'triggers[0].journey[3].data["the id"].anchor',
      ].toSorted(),
    )
    const parsed = parseDefinitions({ specVersion: 1, plan, triggers: [{ ...triggers[0], journey: [] }] })
    expect(parsed.ok ? '' : parsed.mistakes[0]?.message).toContain('did you mean "product_id"?')
  })

  test('what a plan declares as an object is declared with all that is inside', () => {
    const where = (property: string) => ({ kind: 'property', property, op: 'eq', value: 1 }) as const
    const events = { 'Product Added': { product: 'object', tags: 'strings' }, 'Order Completed': {} } as const
    const check = (property: string) => {
      const when = { kind: 'on', event: { ...added, where: where(property) } } as const
      const plan = { specVersion: 1, events } as const
      return paths({ specVersion: 1, plan, triggers: [{ ...abandoned, when }] })
    }
    expect(check('product.id')).toEqual([])
    expect(check('tags[]')).toEqual([])
    expect(check('tags[].id')).toEqual(['triggers[0].when.event.where.property'])
    expect(check('productid')).toEqual(['triggers[0].when.event.where.property'])
  })

  test('a segment has no anchor event, and only static ones are written', () => {
    const where = { kind: 'property', property: 'a', op: 'eq', anchor: 'a' } as const
    const condition = { kind: 'did', event: { ...added, where } } as const
    const segments = [{ specVersion: 1, kind: 'dynamic', id: 's', condition }] as const
    const journey = [{ kind: 'addTo', segment: 's' }] as const
    expect(paths({ specVersion: 1, segments, triggers: [{ ...abandoned, journey }] })).toEqual([
      'segments[0].condition.event.where.anchor',
      'triggers[0].journey[0].segment',
    ])
  })

  test('arms without any weight', () => {
    const arms = [{ weight: 0 }, { weight: 0 }].map((arm) => ({ ...arm, steps: [] }))
    const triggers = [{ ...abandoned, journey: [{ kind: 'split', arms } as const] }]
    expect(paths({ specVersion: 1, triggers })).toEqual(['triggers[0].journey[0].arms'])
  })

  test('get the default policy', () => {
    const { policy } = normaliseDefinitions({ specVersion: 1 })
    expect(policy).toMatchObject({ defaultZone: 'UTC', sessionGap: '30m', lateness: '5s' })
    expect(policy.engagements).toContain('Email Opened')
  })
})
