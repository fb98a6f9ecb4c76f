import { test as fcTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { isClean } from './clean-value.ts'
import type { Mistake } from './mistake.ts'
import { parseMessage } from './parse-message.ts'

const at = '2026-11-01T10:00:00.000Z'
const track = { type: 'track', messageId: 'm1', userId: 'u1', event: 'Signed Up', timestamp: at }

function mistakes(message: unknown): readonly Mistake[] {
  const parsed = parseMessage(message)
  return parsed.ok ? [] : parsed.mistakes
}
const paths = (message: unknown) => mistakes(message).map((mistake) => mistake.path)

/** Walks a mistake's path; the last name may be missing, everything before it must be there. */
function leadsSomewhere(root: unknown, path: string): boolean {
  const steps = [...path.matchAll(/\[("(?:[^"\\]|\\.)*"|\d+)\]|\.?([A-Za-z_$][\w$]*)/g)].map(
    ([, quoted, plain]) => plain ?? String(JSON.parse(quoted ?? '""')),
  )
  let place: unknown = root
  for (const [index, step] of steps.entries()) {
    if (typeof place !== 'object' || place === null) return false
    if (!Object.hasOwn(place, step)) return index === steps.length - 1
    place = (place as { [name: string]: unknown })[step]
  }
  return true
}

describe('mistakes', () => {
  test('all mistakes of a message are named, each with its place', () => {
    const looped: { self?: unknown; list: unknown[] } = { list: [] }
    looped.list.push(looped)
    const found = mistakes({
      type: 'track',
      messageId: 12,
      userId: 5,
      timestamp: 'yesterday',
      event: '',
      properties: {
        a: undefined,
        b: Number.NaN,
        c: [1, Number.POSITIVE_INFINITY],
        d: { 'e.f': () => 0 },
        g: new Date(0),
        h: 1n,
        i: new Map(),
        looped,
      },
      context: 'x',
    })
    expect(found.map((mistake) => mistake.path)).toEqual([
      'userId',
      'timestamp',
      'context',
      'properties.a',
      'properties.b',
      'properties.c[1]',
      'properties.d["e.f"]',
      'properties.g',
      'properties.h',
      'properties.i',
      'properties.looped.list[0]',
      'event',
      'messageId',
    ])
  })

  test('a number as id is refused with the advice to send text', () => {
    expect(mistakes({ ...track, userId: 42 })[0]).toMatchObject({
      path: 'userId',
      message: expect.stringContaining('send ids as text') as string,
      allowed: ['text'],
    })
  })

  test('needs an id; an empty one is none, null counts as absent', () => {
    expect(paths({ ...track, userId: null })).toEqual(['userId'])
    expect(paths({ ...track, userId: '', anonymousId: 'a1' })).toEqual(['userId'])
    expect(paths({ ...track, userId: undefined, anonymousId: 'a1' })).toEqual(['userId'])
    expect(parseMessage({ ...track, userId: null, anonymousId: 'a1' })).toMatchObject({
      items: [{ who: { anonymousId: 'a1' } }],
    })
    expect(paths({ ...track, userId: 'u\uD800' })).toEqual(['userId'])
    expect(parseMessage({ ...track, userId: 'u😀' })).toMatchObject({ items: [{ lane: 'u😀' }] })
  })

  test('an unknown type names the allowed ones and still reports the rest', () => {
    const found = mistakes({ ...track, type: 'trak', properties: { a: 1n } })
    expect(found).toMatchObject([
      { path: 'type', allowed: ['track', 'identify', 'page', 'screen', 'group', 'alias'] },
      { path: 'properties.a' },
    ])
  })

  test.each([null, undefined, 'text', 5, [], new Date(), /x/])('%s is no message', (input) => {
    expect(paths(input)).toEqual([''])
  })

  test('values nested too deep are refused, not a stack overflow', () => {
    const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)
    expect(mistakes({ ...track, properties: { deep: deep(99) } })).toEqual([])
    expect(mistakes({ ...track, properties: { deep: deep(5000) } })).toMatchObject([
      { message: 'is nested deeper than 100 levels' },
    ])
  })

  test('names of Object.prototype are ordinary names', () => {
    const properties: unknown = JSON.parse('{"constructor":"x","__proto__":{"a":1},"toString":1}')
    for (const event of ['Signed Up', 'constructor', 'Product Viewed']) {
      expect(parseMessage({ ...track, event, properties })).toMatchObject({
        ok: true,
        items: [{ event: { event } }],
      })
    }
  })
})

describe('laws', () => {
  test('one mistake does not hide the others', () => {
    const properties = { total: '5', discount: Number.NaN, products: [{ price: new Date() }, { price: 'x' }] }
    expect(paths({ ...track, event: 'Order Completed', properties })).toEqual([
      'properties.discount',
      'properties.products[0].price',
      'properties.total',
      'properties.products[1].price',
    ])
  })

  test('the time for many mistakes grows with their number, not its square', () => {
    const properties = { products: Array.from({ length: 200_000 }, () => 1) }
    expect(paths({ ...track, event: 'Order Completed', properties })).toHaveLength(200_000)
  })

  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })
  const field = fc.constantFrom(
    'type',
    'messageId',
    'userId',
    'anonymousId',
    'timestamp',
    'event',
    'properties',
    'traits',
    'context',
    'name',
    'groupId',
    'previousId',
  )
  fcTest.prop([
    fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias'),
    fc.dictionary(field, anything),
    fc.constantFrom('Signed Up', 'Order Completed', 'Segment Consent Preference Updated'),
    anything,
  ])('never throws, and every mistake leads to a place in the message', (type, fields, event, inside) => {
    const message = {
      ...track,
      type,
      event,
      properties: { 'a b': [inside], total: inside, products: [inside, { price: inside }] },
      context: { consent: { categoryPreferences: inside } },
      ...fields,
    }
    const parsed = parseMessage(message)
    if (parsed.ok) {
      expect(new Set(parsed.items.map((item) => item.key)).size).toBe(parsed.items.length)
      for (const item of parsed.items) expect(isClean(item)).toBe(true)
    } else {
      expect(parsed.mistakes.length).toBeGreaterThan(0)
      for (const mistake of parsed.mistakes) expect(leadsSomewhere(message, mistake.path)).toBe(true)
      expect(new Set(parsed.mistakes.map((mistake) => mistake.path)).size).toBe(parsed.mistakes.length)
    }
  })
})
