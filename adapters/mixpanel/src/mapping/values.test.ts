import { fc, test as fcTest } from '@fast-check/vitest'
import type { Value } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { boundOf, fitValue, type Findings } from './values.ts'

const fit = (value: Value, maxBytes = 8_192) => {
  const findings: Findings = { losses: [] }
  const kept = fitValue(value, 'event.properties', 'x', maxBytes, findings)
  return { kept, losses: findings.losses.map(({ kind, path }) => `${kind} ${path}`), fault: findings.fault }
}
const nested = (levels: number): Value => (levels === 0 ? 1 : { in: nested(levels - 1) })
const list = (length: number): Value => Array.from({ length }, (_, index) => index)
const keys = (length: number): Value =>
  Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, 1]))

describe('texts', () => {
  test.each([
    ['x'.repeat(254), 254],
    ['x'.repeat(255), 255],
    ['x'.repeat(256), 255],
    ['ü'.repeat(128), 254],
    [`${'x'.repeat(253)}🧀`, 253],
    [`${'x'.repeat(251)}🧀`, 255],
  ])('%s keeps %i bytes', (text, bytes) => {
    const { kept, losses } = fit(text)
    expect(Buffer.byteLength(kept as string)).toBe(bytes)
    expect(losses).toEqual(kept === text ? [] : ['truncated event.properties.x'])
  })
  fcTest.prop([fc.string({ unit: 'binary', maxLength: 400 })])(
    'are cut between code points, as late as possible',
    (text) => {
      const kept = fit(text).kept as string
      expect(text.startsWith(kept)).toBe(true)
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(255)
      const next = text.slice(kept.length, kept.length + 2)
      const [point = ''] = next
      if (kept.length < text.length) expect(Buffer.byteLength(kept + point)).toBeGreaterThan(255)
    },
  )
})

describe('lists and objects', () => {
  test.each([2, 3, 4])('%i levels of objects', (levels) => {
    const { losses } = fit(nested(levels))
    expect(losses).toEqual(levels > 3 ? ['dropped event.properties.x.in.in.in'] : [])
  })
  test.each([
    [253, 253],
    [254, 254],
    [255, 254],
  ])('of %i entries or keys %i stay', (given, stay) => {
    expect(fit(list(given)).kept).toHaveLength(stay)
    expect(Object.keys(fit(keys(given)).kept as object)).toHaveLength(stay)
    expect(fit(list(given)).losses).toHaveLength(given - stay)
    expect(fit(keys(given)).losses).toHaveLength(given - stay)
  })
  test('too many bytes: a list keeps its first entries, an object goes', () => {
    const entry = 'x'.repeat(98)
    expect(
      fit(
        Array.from({ length: 10 }, () => entry),
        1_011,
      ),
    ).toMatchObject({ losses: [] })
    const cut = fit(
      Array.from({ length: 10 }, () => entry),
      1_010,
    )
    expect(cut).toMatchObject({ losses: ['truncated event.properties.x'] })
    expect(cut.kept).toHaveLength(9)
    expect(fit({ a: entry }, 50)).toEqual({
      kept: undefined,
      losses: ['dropped event.properties.x'],
      fault: undefined,
    })
  })
  test('what fits is not copied', () => {
    const value = { a: [1, { b: null }] }
    expect(fit(value).kept).toBe(value)
  })
  test('the bound counts the commas of lists in a list', () => {
    expect(boundOf([[], []], 0)).toBeGreaterThanOrEqual('[[],[]]'.length)
  })
  fcTest.prop([fc.jsonValue()])('the bound is never below the real size', (value) => {
    expect(boundOf(value as Value, 0)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(value)))
  })
})

test.each([Number.NaN, Infinity, undefined as unknown as Value, { deep: [Number.NaN] }])(
  '%s is no value: the item is dead',
  (value) => {
    expect(fit(value).fault).toMatchObject({ code: 'invalid' })
  },
)
