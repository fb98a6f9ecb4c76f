import { createNames, type Names } from '@tripline/kit'
import {
  coerceToField,
  sameValue,
  type Field,
  type FieldType,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import type { SegmentOptions } from '../options.ts'
import { collapsed } from './events.ts'

const source = 'https://segment.com/docs/connections/spec/identify/#traits'

/**
 * Traits that Segment reserves, with the type it gives them. Canonical names are Segment's own, so every name stays; an
 * account renames by `fieldNames`.
 */
export const profileFields = {
  address: 'object',
  age: 'number',
  avatar: 'string',
  birthday: 'date',
  company: 'object',
  createdAt: 'instant',
  description: 'string',
  email: 'string',
  firstName: 'string',
  gender: 'string',
  id: 'string',
  lastName: 'string',
  name: 'string',
  phone: 'string',
  title: 'string',
  username: 'string',
  website: 'string',
} as const satisfies Readonly<Record<string, FieldType>>
/** The same of groups. https://segment.com/docs/connections/spec/group/#traits */
export const groupFields = {
  address: 'object',
  avatar: 'string',
  createdAt: 'instant',
  description: 'string',
  email: 'string',
  employees: 'string',
  id: 'string',
  industry: 'string',
  name: 'string',
  phone: 'string',
  plan: 'string',
  website: 'string',
} as const satisfies Readonly<Record<string, FieldType>>

export interface ReadTraits {
  readonly traits: Record<string, Value>
  readonly fieldChangedAt: Record<string, string>
}
/** A trait as the Profile API answers with `verbose=true`. */
export interface VerboseTrait {
  readonly value?: unknown
  readonly updated_at?: unknown
}
export interface ProfileMapper {
  /** The traits to send: with `before`, only what differs. Undefined when nothing does. */
  toTraits(set: Values, before: Values | undefined, losses: Loss[]): Values | undefined
  /** Canonical traits; a value that does not fit its declared type counts as missing. */
  fromTraits(found: Readonly<Record<string, VerboseTrait>>, fields: readonly string[]): ReadTraits
  vendorName(name: string): string
  canonicalName(vendorName: string): string
}

export function createProfileMapper(options: SegmentOptions): ProfileMapper {
  const names: Names = createNames({
    vendor: 'segment',
    declared: (options.fields ?? []).filter(({ of }) => of !== 'event').map(({ name }) => name),
    ...(options.fieldNames && { renames: options.fieldNames }),
  })
  const declared = new Map<string, Field>()
  for (const field of options.fields ?? []) if (field.of === 'user') declared.set(field.name, field)
  const skipUnchanged = options.skipUnchanged ?? true
  return {
    vendorName: (name) => names.to(name),
    canonicalName: (vendorName) => names.from(vendorName),
    toTraits(set, before, losses) {
      const traits = Object.create(null) as Record<string, Value>
      let isChanged = before === undefined || !skipUnchanged
      for (const name in set) {
        const value = set[name] as Value
        if (before && skipUnchanged && isSame(before[name], value, name, declared.get(name))) continue
        isChanged = true
        if (name === 'phone' && value !== null && !isE164(value)) losses.push(noPhone)
        else if (names.to(name) in traits) losses.push(collapsed(`set.${name}`, names.to(name)))
        else {
          traits[names.to(name)] = value
          if (value === null) losses.push(notCleared(name))
        }
      }
      return isChanged ? traits : undefined
    },
    fromTraits(found, fields) {
      const traits: Record<string, Value> = {}
      const fieldChangedAt: Record<string, string> = {}
      for (const name of fields) {
        const trait = found[names.to(name)]
        const value = trait?.value
        if (value === undefined || value === null) continue
        const field = declared.get(name)
        const read = field ? coerceToField(value, field) : { ok: true as const, value: value as Value }
        if (!read.ok) continue
        traits[name] = read.value
        if (typeof trait?.updated_at === 'string') fieldChangedAt[name] = trait.updated_at
      }
      return { traits, fieldChangedAt }
    },
  }
}

/** Addresses are kept as given, and compared without case. */
function isSame(old: Value | undefined, value: Value, name: string, field: Field | undefined): boolean {
  if (name === 'email') return sameValue(old, value, 'string', { text: 'folded' })
  return sameValue(old, value, field?.type ?? 'object')
}

const isE164 = (value: Value): boolean => typeof value === 'string' && /^\+[1-9]\d{1,14}$/.test(value)
const noPhone: Loss = {
  path: 'set.phone',
  kind: 'dropped',
  because: 'not E.164, e.g. +4915112345678; there is no default country',
  source,
}
const notCleared = (name: string): Loss => ({
  path: `set.${name}`,
  kind: 'coerced',
  because: 'Segment removes no trait: it is kept with the value null',
  source,
})
