import { isRecord, truncateChars } from '@tripline/kit'
import {
  coerceToField,
  readBack,
  type Field,
  type FieldType,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import { maxOf } from '../limits.ts'

const source = 'https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide'
const maxValueChars = maxOf('value.chars')

export const moneyForm = 'money is { amount: number, currency: ISO 4217 code }'

/** Where a value stands in the item, and where its losses go. */
export interface Place {
  readonly path: string
  readonly losses: Loss[]
}
export const drop = ({ path, losses }: Place, because: string, from = source): undefined => {
  losses.push({ path, kind: 'dropped', because, source: from })
  return undefined
}
const coerced = ({ path, losses }: Place, because: string): void => {
  losses.push({ path, kind: 'coerced', because, source })
}

/**
 * A value as the text that HubSpot stores; undefined when it cannot be held. `null` becomes `''`, which clears.
 * @param field the declared field: its type decides, nothing is guessed
 */
export function toText(value: Value, field: Field | undefined, place: Place): string | undefined {
  if (typeof value === 'string' && (field === undefined || field.type === 'string')) {
    if (value !== '') return cut(value, place)
    drop(place, 'HubSpot cannot hold an empty text: the value is cleared')
    return ''
  }
  if (value === null) return ''
  if (field !== undefined) {
    const canonical = coerceToField(value, field)
    if (!canonical.ok) return drop(place, `the value ${canonical.finding.message}`)
    return typed(canonical.value, field.type, place)
  }
  return typed(
    value,
    isList(value) && value.every((entry) => typeof entry === 'string') ? 'strings' : undefined,
    place,
  )
}
const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

function typed(value: Value, type: FieldType | undefined, place: Place): string | undefined {
  if (typeof value === 'number') return decimal(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (type === 'strings' && isList(value)) return joined(value as readonly string[], place)
  if (typeof value === 'string') return value
  const json = JSON.stringify(value)
  if (json.length > maxValueChars) return drop(place, `longer than ${maxValueChars} characters as JSON`)
  coerced(place, 'HubSpot has no lists of other values and no objects: kept as JSON text')
  return json
}

/** Options are joined with `;`, so none of them may hold one. An empty list clears. */
function joined(texts: readonly string[], place: Place): string | undefined {
  for (const text of texts)
    if (text.includes(';')) return drop(place, 'an entry holds ";", which separates the entries at HubSpot')
  const set = new Set(texts)
  if (set.size !== texts.length)
    place.losses.push({
      path: place.path,
      kind: 'collapsed',
      because: 'a list is a set: repeats are one',
      source,
    })
  if (set.delete(''))
    place.losses.push({ path: place.path, kind: 'dropped', because: 'an entry cannot be empty', source })
  return cut([...set].join(';'), place, true)
}

function cut(text: string, place: Place, isKey = false): string | undefined {
  if (text.length <= maxValueChars) return text
  if (isKey) return drop(place, `longer than ${maxValueChars} characters; entries are never cut`)
  const because = `HubSpot keeps ${maxValueChars} characters of a text`
  place.losses.push({ path: place.path, kind: 'truncated', because, source })
  return truncateChars(text, maxValueChars)
}

/** A decimal without exponent, as HubSpot's numbers are text. */
export function decimal(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  const [mantissa = '', exponent = '0'] = text.split('e')
  const digits = mantissa.replace(/[-.]/g, '')
  const point = (mantissa.replace('-', '').split('.')[0] ?? '').length + Number(exponent)
  const padded =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : point >= digits.length
        ? digits + '0'.repeat(point - digits.length)
        : `${digits.slice(0, point)}.${digits.slice(point)}`
  return mantissa.startsWith('-') ? `-${padded}` : padded
}

/** The canonical value behind HubSpot's text; undefined when there is none, or it is not of the declared type. */
export function fromText(text: string | null | undefined, field: Field | undefined): Value | undefined {
  if (text === null || text === undefined || text === '') return undefined
  if (field === undefined) return text
  const canonical = readBack(text, field, { epoch: 'milliseconds', separator: ';' })
  return canonical.ok && canonical.value !== null ? canonical.value : undefined
}

/** Nested objects as one level, paths joined with `.`; what is declared as one value stays one. */
export function* flatEntries(
  values: Values,
  isWhole: (path: string) => boolean,
  prefix = '',
): Generator<readonly [string, Value]> {
  for (const [name, value] of Object.entries(values)) {
    const path = prefix + name
    if (isRecord(value) && !isWhole(path)) yield* flatEntries(value, isWhole, `${path}.`)
    else yield [path, value]
  }
}
