import { truncateChars } from '@tripline/kit'
import { coerceToField, type Field, type Loss, type Value } from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { IntercomOptions } from '../options.ts'
import { toSeconds } from './seconds.ts'

const source = 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml POST /data_attributes'
const maxChars = maxOf('attribute.chars')

export type AttributeType = 'string' | 'integer' | 'float' | 'boolean' | 'date' | 'datetime'
/** A custom attribute as the workspace defines it. */
export interface Definition {
  readonly name: string
  readonly type: AttributeType
  /** Only these values are taken. */
  readonly options?: readonly string[]
}
/** By name in lower case. Undefined: not known (no permission, or a dry run), so nothing can be checked. */
export type Definitions = ReadonlyMap<string, Definition> | undefined

export type Scalar = string | number | boolean | null
export type FittedValue =
  | { readonly ok: true; readonly value: Scalar }
  /** A list that is not to be sent. */
  | { readonly ok: true; readonly value: undefined }
  | { readonly ok: false; readonly because: string }

/** Attribute names may not hold `.` or `$`. Source: sheet of Segment's destination, rudderlabs/rudder-transformer. */
export const foldAttribute = (name: string): string => name.replaceAll(/[.$]/g, '_')

/** How lists and long text are written. */
export type ValueRules = Pick<IntercomOptions, 'lists' | 'listSeparator'>

/**
 * A canonical value as a custom attribute: by its declared type, then by what the workspace's definition wants. Text is
 * never guessed into a date or a number; where the definition says date, the text must be one.
 */
export function fitAttribute(
  value: Value,
  { field, definition, path }: { field: Field | undefined; definition: Definition | undefined; path: string },
  rules: ValueRules,
  losses: Loss[],
): FittedValue {
  if (value === null) return { ok: true, value: null }
  const plain = toScalar(value, field, path, rules, losses)
  if (!plain.ok || plain.value === undefined || plain.value === null) return plain
  return definition
    ? fitDefinition(plain.value, definition, path, losses)
    : { ok: true, value: cut(plain.value, path, losses) }
}

function toScalar(
  value: Value,
  field: Field | undefined,
  path: string,
  rules: ValueRules,
  losses: Loss[],
): FittedValue {
  if (Array.isArray(value))
    return { ok: true, value: joinList(value as readonly Value[], path, rules, losses) }
  if (typeof value === 'object') return { ok: true, value: undefined } // only empty objects come here
  const isCompound = field?.type === 'money' || field?.type === 'object' || field?.type === 'strings'
  if (!field || isCompound) return { ok: true, value }
  const coerced = coerceToField(value, field)
  if (!coerced.ok) return { ok: false, because: coerced.finding.message }
  if (field.type !== 'date' && field.type !== 'instant') return { ok: true, value: coerced.value as Scalar }
  return { ok: true, value: secondsOf(coerced.value, path, losses) ?? null }
}

function secondsOf(value: Value, path: string, losses: Loss[]): number | undefined {
  const read = toSeconds(value)
  if (read?.rounded) losses.push({ path, kind: 'rounded', because: 'Intercom keeps whole seconds', source })
  return read?.seconds
}

/** A list as one text, as the account wants it; undefined: not sent. Lists of objects are never sent. */
export function joinList(
  list: readonly Value[],
  path: string,
  { lists = 'join', listSeparator = ', ' }: ValueRules,
  losses: Loss[],
): string | undefined {
  const isPlain = list.every((each) => typeof each !== 'object')
  if (lists === 'drop' || !isPlain) {
    losses.push({ path, kind: 'dropped', because: 'Intercom holds no lists', source })
    return undefined
  }
  losses.push({ path, kind: 'coerced', because: 'Intercom holds no lists: joined to one text', source })
  return list.map(String).join(listSeparator)
}

function fitDefinition(
  value: string | number | boolean,
  definition: Definition,
  path: string,
  losses: Loss[],
): FittedValue {
  const mismatch: FittedValue = {
    ok: false,
    because: `is ${typeof value === 'string' ? 'text' : `a ${typeof value}`}, but the attribute "${definition.name}" is of type ${definition.type}`,
  }
  switch (definition.type) {
    case 'string':
      return fitText(value, definition, path, losses)
    case 'integer':
      if (typeof value !== 'number') return mismatch
      if (!Number.isInteger(value))
        losses.push({ path, kind: 'rounded', because: `"${definition.name}" holds whole numbers`, source })
      return { ok: true, value: Math.round(value) }
    case 'float':
      return typeof value === 'number' ? { ok: true, value } : mismatch
    case 'boolean':
      return typeof value === 'boolean' ? { ok: true, value } : mismatch
    case 'date':
    case 'datetime': {
      if (typeof value === 'number' && Number.isInteger(value)) return { ok: true, value }
      const seconds = secondsOf(value, path, losses)
      return seconds === undefined ? mismatch : { ok: true, value: seconds }
    }
  }
}

function fitText(
  value: string | number | boolean,
  { name, options }: Definition,
  path: string,
  losses: Loss[],
): FittedValue {
  if (typeof value !== 'string')
    losses.push({ path, kind: 'coerced', because: `"${name}" holds text`, source })
  const text = String(value)
  if (options && !options.includes(text))
    return { ok: false, because: `is not among the options of the attribute "${name}"` }
  return { ok: true, value: cut(text, path, losses) }
}

function cut(value: string | number | boolean, path: string, losses: Loss[]): string | number | boolean {
  if (typeof value !== 'string' || value.length <= maxChars) return value
  const because = `text of an attribute has at most ${maxChars} characters`
  losses.push({
    path,
    kind: 'truncated',
    because,
    source: 'https://www.nbostech.com (unverified: cut or refused)',
  })
  return truncateChars(value, maxChars)
}
