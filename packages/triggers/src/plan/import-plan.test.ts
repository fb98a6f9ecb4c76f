import { describe, expect, test } from 'vitest'
import { parsePlan } from '../definition/normalise.ts'
import { planFromSchemas } from './plan-from-schemas.ts'
import { planFromSegment } from './plan-from-segment.ts'

const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
})
/** What becomes of one property; the places of the notes are told relative to it. */
function property(schema: unknown) {
  const { plan, notes } = planFromSchemas({ events: { E: object({ p: schema }) } })
  return {
    types: plan.events['E']?.properties,
    notes: notes.map(({ path, because }) => `${path.replace('events.E.properties.p', '')}: ${because}`),
  }
}

describe('from JSON Schemas', () => {
  test.each([
    ['text', { type: 'string' }, { p: 'string' }],
    ['a day', { type: 'string', format: 'date' }, { p: 'date' }],
    ['a moment', { type: 'string', format: 'date-time' }, { p: 'instant' }],
    ['a number', { type: 'number' }, { p: 'number' }],
    ['a whole number', { type: ['integer'] }, { p: 'integer' }],
    ['whole or not', { type: ['integer', 'number'] }, { p: 'number' }],
    ['a flag, or null', { type: ['boolean', 'null'] }, { p: 'boolean' }],
    ['text, or null', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { p: 'string' }],
    ['texts', { type: 'array', items: { type: 'string' } }, { p: 'strings' }],
    ['numbers', { type: 'array', items: { type: 'number' } }, { 'p[]': 'number' }],
    ['a list of anything', { type: 'array' }, { p: 'object' }],
    ['an object of anything', { type: 'object' }, { p: 'object' }],
    [
      'an object',
      object({ a: { type: 'string' }, b: object({ c: { type: 'number' } }) }),
      { 'p.a': 'string', 'p.b.c': 'number' },
    ],
    ['objects', { type: 'array', items: object({ id: { type: 'string' } }) }, { 'p[].id': 'string' }],
    [
      'all of several',
      { type: 'object', allOf: [object({ a: { type: 'string' } }), object({ b: { type: 'number' } })] },
      { 'p.a': 'string', 'p.b': 'number' },
    ],
  ])('%s is held', (_, schema, types) => {
    expect(property(schema)).toEqual({ types, notes: [] })
  })

  test.each([
    [
      'permitted values',
      { enum: ['a', 'b'] },
      { p: 'string' },
      ': the permitted values: a plan holds types only',
    ],
    [
      'a pattern and a length',
      { type: 'string', pattern: 'a', maxLength: 3 },
      { p: 'string' },
      ': pattern, maxLength: a plan holds types only',
    ],
    [
      'another format',
      { type: 'string', format: 'email' },
      { p: 'string' },
      ': format "email": a plan holds types only',
    ],
    [
      'several types',
      { type: ['string', 'number'] },
      {},
      ': has several types (string, number); it is not declared',
    ],
    [
      'a choice',
      { oneOf: [{ type: 'string' }, { type: 'number' }] },
      {},
      ': is a choice of several types; it is not declared',
    ],
    ['no type', {}, {}, ': has no type; it is not declared'],
    ['anything', true, {}, ': has no type; it is not declared'],
    [
      'another document',
      { $ref: 'https://example.com/a.json' },
      {},
      ': refers to https://example.com/a.json, which is not in this document; it is not declared',
    ],
  ])('%s: with a note', (_, schema, types, because) => {
    expect(property(schema)).toEqual({ types, notes: [because] })
  })

  test('references within a schema are followed, circles end', () => {
    const schema = {
      ...object({ owner: { $ref: '#/$defs/person' } }),
      $defs: { person: object({ name: { type: 'string' }, boss: { $ref: '#/$defs/person' } }) },
    }
    const { plan, notes } = planFromSchemas({ events: { 'Team Made': schema } })
    expect(plan.events['Team Made']?.properties).toEqual({ 'owner.name': 'string' })
    expect(notes).toEqual([
      {
        path: 'events["Team Made"].properties.owner.properties.boss',
        because: 'refers to itself (#/$defs/person); what is inside is not declared',
      },
    ])
  })

  test('what is required, down to elements of lists; what has no type cannot be', () => {
    const items = object({ id: { type: 'string' } }, ['id'])
    const schema = object({ total: { type: 'number' }, items: { type: 'array', items }, odd: {} }, [
      'total',
      'items',
      'odd',
    ])
    const { plan, notes } = planFromSchemas({
      events: { E: schema },
      traits: object({ plan: { type: 'string' } }, ['plan']),
    })
    expect(plan.events['E']?.required).toEqual(['items[].id', 'total', 'items'])
    expect(plan.requiredTraits).toEqual(['plan'])
    expect(notes.map(({ because }) => because)).toEqual([
      'has no type; it is not declared',
      '"odd" is required, but has no type that a plan can hold',
    ])
  })

  test('names that no path can have, and descriptions', () => {
    const schema = object({ 'a.b': { type: 'string' }, c: { type: 'string', description: 'C' } })
    const { plan, notes } = planFromSchemas({ events: { E: schema } })
    expect(plan.events['E']?.properties).toEqual({ c: 'string' })
    expect(notes).toHaveLength(2)
    expect(notes[1]).toEqual({ path: 'events.E', because: 'descriptions (1): a plan holds none' })
  })
})

describe('from a Segment tracking plan', () => {
  const rule = (type: string, key: string | null, parts: object, more: object = {}) => ({
    type,
    key,
    version: 1,
    jsonSchema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: parts },
    ...more,
  })
  const text = { type: ['string'] }

  test('TRACK, IDENTIFY and COMMON rules', () => {
    const rules = [
      rule('TRACK', 'Product Added', {
        context: {},
        traits: {},
        properties: object({ product_id: text, price: { type: 'number' } }, ['product_id']),
      }),
      rule('TRACK', 'Signed Up', {
        context: { type: 'object' },
        traits: { type: 'object' },
        properties: { type: 'object' },
      }),
      rule('IDENTIFY', null, { traits: object({ plan: text }) }),
      rule('COMMON', null, {
        properties: object({ platform: text }, ['platform']),
        traits: object({ email: text }),
      }),
    ]
    const { plan, notes } = planFromSegment({ data: { rules, pagination: { current: 'MA==' } } })
    expect(notes).toEqual([])
    expect(plan.events).toEqual({
      'Product Added': {
        properties: { product_id: 'string', price: 'number', platform: 'string' },
        required: ['product_id', 'platform'],
        class: 'active',
      },
      'Signed Up': { properties: { platform: 'string' }, required: ['platform'], class: 'active' },
    })
    expect(plan.traits).toEqual({ plan: 'string', email: 'string' })
    expect(parsePlan(plan).ok).toBe(true)
    expect(planFromSegment([{ rules: rules.slice(0, 2) }, { rules: rules.slice(2) }]).plan).toEqual(plan)
  })

  test('a note for everything that a plan cannot hold', () => {
    const { plan, notes } = planFromSegment([
      rule('TRACK', 'A', {
        context: object({ device: object({ id: text }) }),
        properties: object({ a: text }),
      }),
      rule('TRACK', 'A', { properties: object({ b: text }) }, { version: 2 }),
      rule('PAGE', 'Home', { properties: object({ a: text }) }),
      rule('GROUP', null, { traits: object({ a: text }) }),
      rule('TRACK', 'B', {}, { deprecatedAt: '2026-01-01T00:00:00.000Z' }),
      rule('TRACK', null, {}),
      { type: 'TRACK', key: 'C', version: 1, jsonSchema: null },
      rule('COMMON', null, { userId: text, properties: object({ b: { type: 'number' } }) }),
    ])
    expect(Object.keys(plan.events)).toEqual(['A', 'B', 'C'])
    expect(plan.events['A']?.properties).toEqual({ b: 'string' })
    expect(notes.map(({ path, because }) => `${path}: ${because}`)).toEqual([
      'rules[2]: PAGE: a plan holds track events and traits of users only; it is left out',
      'rules[3]: GROUP: a plan holds track events and traits of users only; it is left out',
      'rules[4]: is deprecated since 2026-01-01T00:00:00.000Z; a plan holds no such mark',
      'rules[5]: is a TRACK rule without key; it is left out',
      'rules[6]: has no jsonSchema; only its name is taken',
      'rules[0]: version 1 of "A": a plan holds one; 2 is taken',
      'rules[1].jsonSchema: "b" is string here and number in COMMON; string stays',
    ])
  })

  test('of context only what says something is noted', () => {
    const context = object({ userAgent: { type: 'string' } }, ['userAgent'])
    const { notes } = planFromSegment([
      rule('TRACK', 'A', { context }, {}),
      rule('IDENTIFY', null, { context: {}, traits: {} }),
    ])
    expect(notes.map(({ path }) => path)).toEqual(['rules[0].jsonSchema.properties.context'])
  })

  test('something else throws', () => {
    expect(() => planFromSegment({ hello: 1 })).toThrow(/no list of rules/)
  })
})
