import type { HubspotAccount } from './account.ts'
import { isObject } from './body.ts'
import { hubspotSizes } from './limits.ts'
import type { PropertyDefinition } from './property-definitions.ts'

export interface ValueError {
  readonly isValid: false
  readonly message: string
  readonly error: string
  readonly name: string
  readonly localizedErrorMessage: string
  readonly portalId: number
}
export type Checked = { readonly value: string } | { readonly error: string; readonly message: string }

/** Brings one written value to the form HubSpot stores. `""` clears. */
export function checkValue(
  account: HubspotAccount,
  definition: PropertyDefinition,
  given: unknown,
): Checked | 'ignored' {
  if (given === undefined) return 'ignored'
  if (given === null) {
    return account.nullValues === 'ignored'
      ? 'ignored'
      : { error: 'INVALID_NULL', message: `${definition.name} was null` }
  }
  if (Array.isArray(given) || isObject(given))
    return { error: 'INVALID_TYPE', message: `${definition.name} is no text` }
  if (typeof given !== 'string' && account.nonStringValues === 'refused')
    return { error: 'INVALID_TYPE', message: `${definition.name} was sent as a JSON ${typeof given}` }
  if (definition.modificationMetadata.readOnlyValue)
    return {
      error: 'READ_ONLY_VALUE',
      message: `"${definition.name}" is a read only property; its value cannot be set.`,
    }
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  if (text === '') return { value: '' }
  if (text.length > hubspotSizes.stringValueChars)
    return {
      error: 'PROPERTY_VALUE_TOO_LONG',
      message: `The maximum length of "${definition.name}" is 65536 characters`,
    }
  if (definition.name === 'email') return checkEmail(text)
  return (checksByType[definition.type] ?? accept)(text, definition)
}

const accept = (value: string): Checked => ({ value })

function checkEmail(text: string): Checked {
  const value = text.trim().toLowerCase()
  return /^[^\s@;,]+@[^\s@;,]+\.[^\s@;,.]{2,}$/.test(value)
    ? { value }
    : { error: 'INVALID_EMAIL', message: `Email address ${text} is invalid` }
}

const checksByType: Readonly<Record<string, (text: string, definition: PropertyDefinition) => Checked>> = {
  number: (text) =>
    /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)
      ? { value: text }
      : { error: 'INVALID_LONG', message: `${text} was not a valid number.` },
  bool: (text) => {
    const value = text.toLowerCase()
    return value === 'true' || value === 'false'
      ? { value }
      : { error: 'INVALID_OPTION', message: `${text} was not one of the allowed options: [true, false]` }
  },
  date: (text) => {
    const atMs = readDate(text)
    if (atMs === undefined) return { error: 'INVALID_DATE', message: `${text} was not a valid date.` }
    return atMs % 86_400_000 === 0
      ? { value: new Date(atMs).toISOString().slice(0, 10) }
      : { error: 'INVALID_DATE', message: `${text} is at ${new Date(atMs).toISOString()}, not midnight!` }
  },
  datetime: (text) => {
    const atMs = readInstant(text)
    return atMs === undefined
      ? { error: 'INVALID_LONG', message: `${text} was not a valid long.` }
      : { value: new Date(atMs).toISOString() }
  },
  enumeration: checkEnumeration,
}

function readDate(text: string): number | undefined {
  if (/^-?\d+$/.test(text)) return Number(text)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const atMs = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== text ? undefined : atMs
}

/** Epoch ms or ISO 8601 with a zone, as ms since 1970. */
export function readInstant(text: string): number | undefined {
  if (/^-?\d+$/.test(text)) return Math.abs(Number(text)) <= 8.64e15 ? Number(text) : undefined
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(text)) return undefined
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? undefined : atMs
}

/** A set of option values, in the order they were sent. `hs_additional_emails` has no options. */
function checkEnumeration(text: string, definition: PropertyDefinition): Checked {
  const multiple = definition.fieldType === 'checkbox'
  const appending = multiple && text.startsWith(';')
  const values = multiple ? text.split(';').filter((value) => value !== '') : [text]
  const legal = new Set(definition.options.map((option) => option.value))
  const unknown =
    definition.name === 'hs_additional_emails' ? undefined : values.find((value) => !legal.has(value))
  if (unknown !== undefined) {
    return {
      error: 'INVALID_OPTION',
      message: `${unknown} was not one of the allowed options: [${[...legal].join(', ')}]`,
    }
  }
  return { value: `${appending ? ';' : ''}${[...new Set(values)].join(';')}` }
}

/** What a stored value becomes when `written` arrives: a leading `;` adds options instead of replacing them. */
export function mergeOptions(stored: string | undefined, written: string): string {
  if (!written.startsWith(';')) return written
  return [
    ...new Set([...(stored ?? '').split(';'), ...written.split(';')].filter((value) => value !== '')),
  ].join(';')
}
