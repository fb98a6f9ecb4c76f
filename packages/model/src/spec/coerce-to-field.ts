import type { Field, FieldType } from '../field.ts'
import type { Value } from '../value.ts'
import { isClean, isPlainObject } from './clean-value.ts'
import type { Coerced, WireForm } from './coerced.ts'
import { currencyExponent } from './currencies.ts'
import { isCalendarDate, readInstant } from './instant.ts'

const midnight = 'T00:00:00.000Z'

/** A check gives the canonical value, or `undefined` when the value has another type. */
type Check = (value: unknown, form: WireForm) => Value | undefined

function toInstant(value: unknown, form: WireForm): string | undefined {
  if (typeof value === 'string') {
    const read = readInstant(value)
    return read.ok ? read.at : undefined
  }
  if (form.epoch === undefined || typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined
  const moment = new Date(form.epoch === 'seconds' ? value * 1000 : value)
  if (Number.isNaN(moment.getTime())) return undefined
  const at = moment.toISOString()
  return at.length === 24 ? at : undefined
}

function toDate(value: unknown, form: WireForm): string | undefined {
  if (typeof value === 'string' && isCalendarDate(value)) return value
  const at = toInstant(value, form)
  return at !== undefined && at.endsWith(midnight) ? at.slice(0, 10) : undefined
}

function toStrings(value: unknown): Value | undefined {
  if (!Array.isArray(value)) return undefined
  const texts = (value as readonly unknown[]).filter((element) => typeof element === 'string')
  if (texts.length !== value.length) return undefined
  const set = new Set(texts)
  return set.size === texts.length ? (value as readonly string[]) : [...set]
}

function toMoney(value: unknown): Value | undefined {
  if (!isPlainObject(value)) return undefined
  const { amount, currency, ...rest } = value
  if (typeof amount !== 'number' || !Number.isFinite(amount) || Object.keys(rest).length > 0) return undefined
  return typeof currency === 'string' && currencyExponent(currency) !== undefined
    ? { amount, currency }
    : undefined
}

const checks: { readonly [type in FieldType]: Check } = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  integer: (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  date: toDate,
  instant: toInstant,
  strings: toStrings,
  money: toMoney,
  object: (value) => (typeof value === 'object' && isClean(value) ? value : undefined),
}

const expected: { readonly [type in FieldType]: string } = {
  string: 'text',
  number: 'a finite number',
  integer: 'a whole number within ±(2^53 − 1)',
  boolean: 'true or false',
  date: 'a calendar day, YYYY-MM-DD (a moment only at midnight UTC)',
  instant: 'a moment, ISO 8601 with a zone',
  strings: 'a list of texts',
  money: '{ amount: number, currency: ISO 4217 code }',
  object: 'an object or list of JSON values',
}

/** The finding for a value that is not of the field's type. */
export function wrongType(field: Field): Coerced {
  const message = `is not ${expected[field.type]}; it counts as missing`
  return { ok: false, finding: { field: field.name, type: field.type, message } }
}

/**
 * A value as the canonical value of its declared type. Nothing is guessed: text that looks like a number is no number.
 *
 * - `null` stays `null` in every type, `''` stays `''` in `string`.
 * - `instant`: any zone becomes UTC; digits after the millisecond are cut. `date`: also a moment at midnight UTC.
 *   Whole numbers only where `form.epoch` gives their unit.
 * - `strings`: repeats are left out, the first stays. `money`: `{ amount, currency }`, in major units.
 * - `undefined`, NaN, infinities and class instances are findings.
 * @example coerceToField('2026-11-01T12:00:00+02:00', { of: 'user', name: 'seenAt', type: 'instant' })
 * // => { ok: true, value: '2026-11-01T10:00:00.000Z' }
 */
export function coerceToField(value: unknown, field: Field, form: WireForm = {}): Coerced {
  if (value === null) return { ok: true, value }
  const canonical = checks[field.type](value, form)
  return canonical === undefined ? wrongType(field) : { ok: true, value: canonical }
}
