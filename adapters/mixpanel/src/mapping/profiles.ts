import { createNames, isRecord, type Names } from '@tripline/kit'
import {
  coerceToField,
  sameValue,
  TriplineError,
  type Field,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { MixpanelOptions } from '../options.ts'
import { fitValue, type Findings } from './values.ts'

const source = 'https://docs.mixpanel.com/docs/data-structure/user-profiles'
const maxObjectBytes = maxOf('profile.objectBytes')
const maxNameChars = maxOf('propertyName.chars')

/** Canonical trait → Mixpanel's own profile property, and the form it wants. Everything else keeps its name. */
export const profileFields = {
  email: { to: '$email', form: 'text' },
  phone: { to: '$phone', form: 'e164' },
  firstName: { to: '$first_name', form: 'text' },
  lastName: { to: '$last_name', form: 'text' },
  name: { to: '$name', form: 'text' },
  username: { to: '$username', form: 'text' },
  avatar: { to: '$avatar', form: 'text' },
  createdAt: { to: '$created', form: 'instant' },
  timeZone: { to: '$timezone', form: 'text' },
  'address.city': { to: '$city', form: 'text' },
  'address.state': { to: '$region', form: 'text' },
  'address.country': { to: '$country_code', form: 'text' },
} as const satisfies Readonly<
  Record<string, { readonly to: string; readonly form: 'text' | 'e164' | 'instant' }>
>
type Form = (typeof profileFields)[keyof typeof profileFields]['form']

const forms: Readonly<Record<Form, { readonly fits: (value: Value) => boolean; readonly wants: string }>> = {
  text: { fits: (value) => typeof value === 'string', wants: 'text' },
  e164: {
    fits: (value) => typeof value === 'string' && /^\+[1-9]\d{1,14}$/.test(value),
    wants: 'E.164, e.g. +4915112345678',
  },
  instant: {
    fits: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
    wants: 'a moment, ISO 8601',
  },
}

/** What only Mixpanel writes, or what its library takes out of a record (`ip`). */
const reserved: ReadonlySet<string> = new Set([
  '$last_seen',
  '$geo_source',
  '$distinct_id',
  '$token',
  '$ip',
  '$time',
  '$ignore_time',
  '$ignore_alias',
  '$transactions',
  'ip',
  '__proto__',
])
export const isReserved = (name: string): boolean => reserved.has(name) || name.startsWith('mp_')

/** Values to set and names to take away. */
export interface TraitChange {
  readonly set: Record<string, Value>
  readonly unset: string[]
}
export interface ProfileMapper {
  /** Only what differs from `before`; null becomes a name to take away. */
  toChange(set: Values, before: Values | undefined, findings: Findings): TraitChange
  /** Canonical traits from a read profile. A value that is not of its declared type is left out. */
  fromProfile(properties: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, Value>
  vendorName(name: string): string
  canonicalName(vendorName: string): string
}

/** @throws {TriplineError} code `invalid`: two names become one, or a declared name is Mixpanel's own */
export function createProfileMapper(options: MixpanelOptions, of: 'user' | 'group' = 'user'): ProfileMapper {
  const declared = (options.fields ?? []).filter((field) => field.of === of)
  const table =
    of === 'group'
      ? { name: '$name' }
      : Object.fromEntries(Object.entries(profileFields).map(([name, { to }]) => [name, to]))
  const names: Names = createNames({
    vendor: 'mixpanel',
    table,
    ...(options.fieldNames && { renames: options.fieldNames }),
    declared: declared.map(({ name }) => name),
  })
  for (const { name } of declared)
    if (isReserved(names.to(name))) {
      const message = `"${name}" would become "${names.to(name)}", which only Mixpanel writes: rename it`
      throw new TriplineError('mixpanel', { code: 'invalid', message, path: name })
    }
  const fields = new Map(declared.map((field) => [field.name, field]))
  const skipUnchanged = options.skipUnchanged ?? true
  return {
    toChange(set, before, findings) {
      const change: TraitChange = { set: {}, unset: [] }
      const entriesOf = (values: Values): Iterable<readonly [string, Value]> =>
        of === 'user' ? expandAddress(values) : Object.entries(values)
      const stored = new Map(before && entriesOf(before))
      for (const [name, value] of entriesOf(set)) {
        const old = before && (stored.get(name) ?? lookUp(before, name))
        if (before && skipUnchanged && isSame(old, value, name, fields.get(name))) continue
        const to = names.to(name)
        if (isReserved(to)) lose(findings.losses, name, `only Mixpanel writes "${to}"`)
        else if (to.length > maxNameChars)
          lose(findings.losses, name, `names have at most ${maxNameChars} characters and are never cut`)
        else if (Object.hasOwn(change.set, to))
          lose(findings.losses, name, `another name became "${to}" before`)
        else if (value === null) change.unset.push(to)
        else if (fits(name, value, of, findings.losses)) {
          const kept = fitValue(value, 'set', name, maxObjectBytes, findings)
          if (kept !== undefined) change.set[to] = kept
        }
      }
      return change
    },
    fromProfile(properties, wanted) {
      const traits: Record<string, Value> = {}
      for (const name of wanted) {
        const value = readTrait(properties[names.to(name)], fields.get(name))
        if (value !== undefined) traits[name] = value
      }
      return traits
    },
    vendorName: (name) => names.to(name),
    canonicalName: (vendorName) => names.from(vendorName),
  }
}

/** `address.city` and the like are rows of the table; the rest of a nested address stays an object. */
function* expandAddress(set: Values): Generator<readonly [string, Value]> {
  for (const [name, value] of Object.entries(set)) {
    if (name !== 'address' || !isRecord(value)) {
      yield [name, value]
      continue
    }
    const rest: Record<string, Value> = {}
    for (const [part, entry] of Object.entries(value)) {
      if (Object.hasOwn(profileFields, `address.${part}`)) yield [`address.${part}`, entry]
      else rest[part] = entry
    }
    if (Object.keys(rest).length > 0) yield ['address', rest]
  }
}
function lookUp(values: Values, path: string): Value | undefined {
  const direct = values[path]
  if (direct !== undefined) return direct
  const dot = path.indexOf('.')
  const inner = dot < 0 ? undefined : values[path.slice(0, dot)]
  return isRecord(inner) ? lookUp(inner, path.slice(dot + 1)) : undefined
}

/** Addresses are kept as given, and compared without case. */
function isSame(old: Value | undefined, value: Value, name: string, field: Field | undefined): boolean {
  if (name === 'email') return sameValue(old, value, 'string', { text: 'folded' })
  return sameValue(old, value, field?.type ?? 'object')
}

function fits(name: string, value: Value, of: 'user' | 'group', losses: Loss[]): boolean {
  // A group's phone is no property of Mixpanel's own, but a phone all the same.
  if (of === 'group' ? name !== 'phone' : !Object.hasOwn(profileFields, name)) return true
  const { form } = profileFields[name as keyof typeof profileFields]
  if (forms[form].fits(value)) return true
  lose(losses, name, `Mixpanel wants ${forms[form].wants} here`)
  return false
}
const lose = (losses: Loss[], name: string, because: string): void =>
  void losses.push({ path: `set.${name}`, kind: 'dropped', because, source })

/** Mixpanel answers moments as `2026-11-01T10:00:00`, without a zone: UTC (assumed). */
function readTrait(value: unknown, field: Field | undefined): Value | undefined {
  if (value === undefined || value === null) return undefined
  if (!field) return value as Value
  const isMoment = field.type === 'instant' || field.type === 'date'
  const zoned =
    isMoment && typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(value) ? `${value}Z` : value
  const read = coerceToField(zoned, field)
  return read.ok ? read.value : undefined
}
