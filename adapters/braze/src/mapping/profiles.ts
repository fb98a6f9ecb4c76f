import { createNames, isRecord, type Names } from '@tripline/kit'
import type { Field, FieldType, Loss, Value, Values } from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { BrazeOptions } from '../options.ts'
import { cleanNested, cut } from './values.ts'

const source = 'https://www.braze.com/docs/api/objects_filters/user_attributes_object/'

/** Canonical trait → Braze's own attribute, and the form Braze wants. Everything else is a custom attribute. */
export const profileFields = {
  email: { to: 'email', form: 'email' },
  phone: { to: 'phone', form: 'e164' },
  firstName: { to: 'first_name', form: 'text' },
  lastName: { to: 'last_name', form: 'text' },
  gender: { to: 'gender', form: 'gender' },
  birthday: { to: 'dob', form: 'date' },
  language: { to: 'language', form: 'text' },
  timeZone: { to: 'time_zone', form: 'text' },
  'address.city': { to: 'home_city', form: 'text' },
  'address.country': { to: 'country', form: 'country' },
} as const satisfies Readonly<
  Record<
    string,
    { readonly to: string; readonly form: 'email' | 'e164' | 'text' | 'gender' | 'date' | 'country' }
  >
>
type Form = (typeof profileFields)[keyof typeof profileFields]['form']

const genders: Readonly<Record<string, string>> = {
  male: 'M',
  m: 'M',
  female: 'F',
  f: 'F',
  other: 'O',
  o: 'O',
  n: 'N',
  p: 'P',
}
const forms: Readonly<
  Record<Form, { readonly fit: (value: Value) => Value | undefined; readonly wants: string }>
> = {
  text: { fit: (value) => (typeof value === 'string' ? value : undefined), wants: 'text' },
  email: {
    fit: (value) => (typeof value === 'string' ? value.trim().toLowerCase() : undefined),
    wants: 'an e-mail address',
  },
  e164: {
    fit: (value) => (typeof value === 'string' && /^\+[1-9]\d{6,14}$/.test(value) ? value : undefined),
    wants: 'E.164, e.g. +4915112345678',
  },
  gender: {
    fit: (value) => (typeof value === 'string' ? genders[value.toLowerCase()] : undefined),
    wants: 'male, female, other, N or P',
  },
  date: {
    fit: (value) =>
      typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? value.slice(0, 10) : undefined,
    wants: 'YYYY-MM-DD',
  },
  country: {
    fit: (value) =>
      typeof value === 'string' && /^[A-Za-z]{2}$/.test(value) ? value.toUpperCase() : undefined,
    wants: 'an ISO 3166 alpha-2 code',
  },
}

export interface ProfileMapper {
  /** The attributes to send: only what differs from `before`. Empty when nothing does. */
  toAttributes(set: Values, before: Values | undefined, losses: Loss[]): Record<string, Value>
  /** Canonical traits from an exported user. */
  fromUser(user: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, Value>
  /** Braze's name of a trait, and whether it is a custom attribute. */
  vendorName(name: string): { readonly name: string; readonly custom: boolean }
}

export function createProfileMapper(options: BrazeOptions): ProfileMapper {
  const table = Object.fromEntries(Object.entries(profileFields).map(([name, row]) => [name, row.to]))
  const names: Names = createNames({
    vendor: 'braze',
    table,
    fold: (name) => name.replace(/^\$+/, ''),
    ...(options.fieldNames && { renames: options.fieldNames }),
  })
  const types = new Map(
    (options.fields ?? [])
      .filter((field: Field) => field.of === 'user')
      .map((field) => [field.name, field.type]),
  )
  const standard = new Set<string>(Object.values(table))
  const skipUnchanged = options.skipUnchanged ?? true
  return {
    toAttributes(set, before, losses) {
      const attributes: Record<string, Value> = {}
      for (const [name, value] of expandAddress(set)) {
        const old = before && lookUp(before, name)
        if (before && skipUnchanged && isSame(old, value)) continue
        if (value === null && before && (old === undefined || old === null)) continue // clearing what is not there is billed
        const fitted = fitValue(name, value, losses)
        if (fitted !== undefined) attributes[names.to(name)] = fitted
      }
      return attributes
    },
    fromUser(user, fields) {
      const custom = (user['custom_attributes'] ?? {}) as Readonly<Record<string, Value>>
      const traits: Record<string, Value> = {}
      for (const field of fields) {
        const to = names.to(field)
        const value = (standard.has(to) ? user[to] : custom[to]) as Value | undefined
        if (value !== undefined && value !== null) traits[field] = readBack(value, types.get(field))
      }
      return traits
    },
    vendorName: (name) => ({ name: names.to(name), custom: !standard.has(names.to(name)) }),
  }
}

/** `address.city` and the like are rows of the table; the rest of a nested address stays an object. */
function* expandAddress(set: Values): Generator<readonly [string, Value]> {
  for (const [name, value] of Object.entries(set)) {
    if (!isRecord(value) || name !== 'address') yield [name, value]
    else {
      const rest: Record<string, Value> = {}
      for (const [part, entry] of Object.entries(value)) {
        if (`address.${part}` in profileFields) yield [`address.${part}`, entry]
        else rest[part] = entry
      }
      if (Object.keys(rest).length > 0) yield ['address', rest]
    }
  }
}
function lookUp(values: Values, path: string): Value | undefined {
  const direct = values[path]
  if (direct !== undefined || !path.includes('.')) return direct
  const [head = '', ...rest] = path.split('.')
  const inner = values[head]
  return isRecord(inner) ? lookUp(inner, rest.join('.')) : undefined
}
const isSame = (a: Value | undefined, b: Value): boolean =>
  a === b || (typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))

function fitValue(name: string, value: Value, losses: Loss[]): Value | undefined {
  if (value === null) return null
  const row = name in profileFields ? profileFields[name as keyof typeof profileFields] : undefined
  const path = `set.${name}`
  if (row) {
    const fitted = forms[row.form].fit(value)
    if (fitted === undefined)
      losses.push({ path, kind: 'dropped', because: `Braze wants ${forms[row.form].wants} here`, source })
    else if (fitted !== value) losses.push({ path, kind: 'coerced', because: `sent as ${row.form}`, source })
    return fitted
  }
  if (name.length > maxOf('name.chars')) {
    losses.push({
      path,
      kind: 'dropped',
      because: 'attribute names have at most 255 characters; names are never cut',
      source,
    })
    return undefined
  }
  return typeof value === 'string' ? cut(value, path, losses) : cleanNested(value, path, losses)
}

/** Braze may answer text where a number was first written as text; the declared type decides. */
function readBack(value: Value, type: FieldType | undefined): Value {
  if (
    (type === 'number' || type === 'integer') &&
    typeof value === 'string' &&
    value.trim() !== '' &&
    !Number.isNaN(Number(value))
  )
    return Number(value)
  // A day that was the first value of its attribute is a time since.
  if (type === 'date' && typeof value === 'string' && /^\d{4}-\d\d-\d\dT00:00:00(\.000)?Z$/.test(value))
    return value.slice(0, 10)
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
