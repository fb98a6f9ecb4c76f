import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { compareText, compareValues } from './order.ts'

describe('order', () => {
  // Without lone surrogates, which UTF-8 does not have.
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\uD7FF', '\uE000', '\uFFFD', '𐀀', '😀') })

  fcTest.prop([text, text])('of texts is that of their UTF-8 bytes', (left, right) => {
    const expected = Buffer.compare(Buffer.from(left), Buffer.from(right))
    expect(Math.sign(compareText(left, right))).toBe(expected)
  })

  test('amounts have one within a currency, other objects have none', () => {
    const euro = (amount: number) => ({ amount, currency: 'EUR' })
    expect(compareValues(euro(1), euro(2))).toBeLessThan(0)
    expect(compareValues(euro(1), { amount: 2, currency: 'USD' })).toBeUndefined()
    expect(compareValues({ a: 1 }, { a: 2 })).toBeUndefined()
    expect(compareValues(1, '2')).toBeUndefined()
  })
})
