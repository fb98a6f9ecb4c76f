import { test as fcTest, fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { currencyExponent } from './currencies.ts'
import { fromMinorUnits, toMinorUnits } from './money.ts'

test.each([
  [19.99, 'EUR', 1999],
  [1.1, 'EUR', 110],
  [4.35, 'USD', 435],
  [1200, 'JPY', 1200],
  [1.234, 'KWD', 1234],
  [0.0001, 'CLF', 1],
  [-19.99, 'EUR', -1999],
  [0, 'EUR', 0],
  [1e21, 'EUR', undefined],
  [1e-7, 'EUR', 0],
  ['12.50', 'EUR', 1250],
  ['90071992547409.91', 'EUR', Number.MAX_SAFE_INTEGER],
  ['90071992547409.92', 'EUR', undefined],
])('%s %s is %s minor units', (amount, currency, units) => {
  const minor = toMinorUnits(amount, currency)
  expect(minor.ok ? minor.units : undefined).toBe(units)
})

test.each([
  [1.005, 'EUR', 101],
  [1.004, 'EUR', 100],
  [-1.005, 'EUR', -101],
  [0.1 + 0.2, 'EUR', 30],
  [0.5, 'JPY', 1],
])('%s %s is rounded half away from zero, and says so', (amount, currency, units) => {
  expect(toMinorUnits(amount, currency)).toEqual({ ok: true, units, rounded: true })
})

test.each([
  [1, 'XYZ'],
  [1, 'eur'],
  [1, 'XAU'],
  [1, 'constructor'],
  [1, ''],
  [Number.NaN, 'EUR'],
  [Number.POSITIVE_INFINITY, 'EUR'],
  ['1,5', 'EUR'],
  ['', 'EUR'],
])('refuses %s %s', (amount, currency) => {
  expect(toMinorUnits(amount, currency)).toMatchObject({ ok: false })
})

const currency = fc.constantFrom('JPY', 'EUR', 'KWD', 'CLF')

fcTest.prop([fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 }), currency])(
  'minor → major → minor is the same, never rounded',
  (units, code) => {
    const amount = fromMinorUnits(units, code) ?? Number.NaN
    expect(toMinorUnits(amount, code)).toEqual({ ok: true, units: units + 0, rounded: false })
  },
)

fcTest.prop([fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 999 }), currency])(
  'decimal text is read exactly',
  (whole, thousandths, code) => {
    const minor = toMinorUnits(`${whole}.${String(thousandths).padStart(3, '0')}`, code)
    const scaled = (whole * 1000 + thousandths) * 10 ** ((currencyExponent(code) ?? 0) - 3)
    expect(minor).toMatchObject({ ok: true })
    expect(Math.abs((minor.ok ? minor.units : Number.NaN) - scaled)).toBeLessThanOrEqual(0.5)
  },
)

test('fromMinorUnits knows no unknown currency and no fraction', () => {
  expect(fromMinorUnits(1999, 'EUR')).toBe(19.99)
  expect(fromMinorUnits(1, 'XYZ')).toBeUndefined()
  expect(fromMinorUnits(1.5, 'EUR')).toBeUndefined()
})
