import { createNames, isRecord, type Names } from '@tripline/kit'
import {
  coerceToField,
  readBack,
  sameValue,
  TriplineError,
  type Fault,
  type Field,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { BrazeOptions } from '../options.ts'
import { cleanNested, cut } from './values.ts'

const source = 'https://www.braze.com/docs/api/objects_filters/user_attributes_object/'
const maxNameChars = maxOf('name.chars')

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

/**
 * What names the person of an entry, and what only consent may change: a trait of such a name would write to somebody
 * else, or grant what nobody granted.
 */
const reserved: ReadonlySet<string> = new Set([
  'external_id',
  'braze_id',
  'user_alias',
  'alias_name',
  'alias_label',
  '_update_existing_only',
  'email_subscribe',
  'push_subscribe',
  'subscription_groups',
])
const standard: ReadonlySet<string> = new Set<string>(Object.values(profileFields).map(({ to }) => to))

/** Why no attribute of ours (a membership, the groups of a person) can have this name. */
export function faultOfAttribute(name: string, path: string): Fault | undefined {
  if (name.length > maxNameChars)
    return {
      code: 'too-large',
      message: `longer than ${maxNameChars} characters; names are never cut`,
      path,
    }
  if (name !== '' && !name.startsWith('$') && !reserved.has(name) && !standard.has(name)) return undefined
  const message = 'no name of a custom attribute: it is one of Braze’s own, begins with "$" or is empty'
  return { code: 'invalid', message, path }
}

export interface ProfileMapper {
  /** The attributes to send: only what differs from `before`. Empty when nothing does. */
  toAttributes(set: Values, before: Values | undefined, losses: Loss[]): Record<string, Value>
  /** Canonical traits from an exported user. */
  fromUser(user: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, Value>
  /** Braze's name of a trait, and whether it is a custom attribute. */
  vendorName(name: string): { readonly name: string; readonly custom: boolean }
}

/** @throws {TriplineError} code `invalid`: two names become one, or a declared name is Braze's own */
export function createProfileMapper(options: BrazeOptions): ProfileMapper {
  const declared = (options.fields ?? []).filter((field) => field.of === 'user')
  const fields = new Map(declared.map((field) => [field.name, field]))
  const table = Object.fromEntries(Object.entries(profileFields).map(([name, row]) => [name, row.to]))
  const names: Names = createNames({
    vendor: 'braze',
    table,
    fold: foldName,
    ...(options.fieldNames && { renames: options.fieldNames }),
    declared: [...fields.keys()],
  })
  for (const name of fields.keys()) refuseReserved(name, names.to(name))
  const skipUnchanged = options.skipUnchanged ?? true
  return {
    toAttributes(set, before, losses) {
      const attributes: Record<string, Value> = {}
      const stored = new Map(before && expandAddress(before))
      for (const [name, value] of expandAddress(set)) {
        const old = stored.get(name) ?? (before && lookUp(before, name))
        if (before && skipUnchanged && isSame(old, value, name, fields.get(name))) continue
        if (value === null && before && (old === undefined || old === null)) continue // clearing what is not there is billed
        const to = names.to(name)
        if (isLost(name, to, attributes, losses)) continue
        const fitted = fitValue(name, value, losses)
        if (fitted !== undefined) attributes[to] = fitted
      }
      return attributes
    },
    fromUser(user, wanted) {
      const custom = (user['custom_attributes'] ?? {}) as Readonly<Record<string, Value>>
      const traits: Record<string, Value> = {}
      for (const name of wanted) {
        const to = names.to(name)
        const value = readTrait(standard.has(to) ? user[to] : custom[to], fields.get(name))
        if (value !== undefined) traits[name] = value
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

/** Leading dollar signs are Braze's own. */
const foldName = (name: string): string => name.replace(/^\$+/, '')

function refuseReserved(name: string, to: string): void {
  if (!reserved.has(to)) return
  const message = `"${name}" would become "${to}", which is no trait at Braze: rename it`
  throw new TriplineError('braze', { code: 'invalid', message, path: name })
}

/** Whether no attribute can be made of this name; a changed name is a loss, too. */
function isLost(
  name: string,
  to: string,
  attributes: Readonly<Record<string, Value>>,
  losses: Loss[],
): boolean {
  const lost = (kind: Loss['kind'], because: string) =>
    losses.push({ path: `set.${name}`, kind, because, source })
  if (reserved.has(to)) return lost('dropped', `"${to}" names a person or a consent, it is no trait`) > 0
  if (to === '') return lost('dropped', 'an attribute needs a name') > 0
  if (Object.hasOwn(attributes, to)) return lost('collapsed', `another value is already "${to}"`) > 0
  if (name.startsWith('$') && to === foldName(name)) lost('renamed', `written as "${to}"`)
  return false
}

/** As Braze would keep both: an address in another case is no change, nor is a list in another order. */
function isSame(old: Value | undefined, value: Value, name: string, field: Field | undefined): boolean {
  if (old === value) return true
  const row = rowOf(name)
  if (!row) return sameValue(old, value, field?.type ?? 'object')
  const fit = (given: Value | undefined): Value | undefined =>
    given === undefined || given === null ? null : forms[row.form].fit(given)
  const fitted = fit(value)
  return fitted !== undefined && fit(old) === fitted
}
const rowOf = (name: string): (typeof profileFields)[keyof typeof profileFields] | undefined =>
  Object.hasOwn(profileFields, name) ? profileFields[name as keyof typeof profileFields] : undefined

function fitValue(name: string, value: Value, losses: Loss[]): Value | undefined {
  if (value === null) return null
  const row = rowOf(name)
  const path = `set.${name}`
  if (row) {
    const fitted = forms[row.form].fit(value)
    if (fitted === undefined)
      losses.push({ path, kind: 'dropped', because: `Braze wants ${forms[row.form].wants} here`, source })
    else if (fitted !== value) losses.push({ path, kind: 'coerced', because: `sent as ${row.form}`, source })
    return fitted
  }
  if (name.length > maxNameChars) {
    losses.push({
      path,
      kind: 'dropped',
      because: `attribute names have at most ${maxNameChars} characters; names are never cut`,
      source,
    })
    return undefined
  }
  return typeof value === 'string' ? cut(value, path, losses) : cleanNested(value, path, losses)
}

/** Braze may answer text where a number was first written as text; the declared type decides, what does not fit is missing. */
function readTrait(value: unknown, field: Field | undefined): Value | undefined {
  if (value === undefined || value === null) return undefined
  if (!field) return value as Value
  const isText = typeof value === 'string' && scalars.has(field.type)
  const read = isText ? readBack(value, field) : coerceToField(value, field)
  return read.ok ? (read.value ?? undefined) : undefined
}
const scalars: ReadonlySet<string> = new Set(['number', 'integer', 'boolean'])
