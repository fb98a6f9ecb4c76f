import type { Field } from '../field.ts'
import type { Coerced, WireForm } from './coerced.ts'
import { coerceToField, wrongType } from './coerce-to-field.ts'

const decimalText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const integerText = /^-?\d+$/

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fromText(text: string, field: Field, form: WireForm): unknown {
  switch (field.type) {
    case 'string':
      return text
    case 'number':
    case 'integer':
      return decimalText.test(text) ? Number(text) + 0 : undefined
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'date':
    case 'instant':
      return form.epoch !== undefined && integerText.test(text) ? Number(text) : text
    case 'strings':
      return text.split(form.separator ?? ';').filter((part) => part !== '')
    case 'money':
    case 'object':
      return parseJson(text)
  }
}

/**
 * The canonical value behind a text, by the field's declared type; for vendors that answer every value as text (HubSpot).
 *
 * - `null` and `undefined` are `null`: the vendor holds nothing. `''` is `''` in a `string` field and `null` in any
 *   other; a vendor that cannot hold `''` maps it before.
 * - `strings`: split at `form.separator`, empty parts left out. `object` and `money`: JSON.
 * - What does not fit the type is a finding, never a guess.
 * @example readBack('12.50', { of: 'user', name: 'ltv', type: 'number' }) // => { ok: true, value: 12.5 }
 */
export function readBack(text: string | null | undefined, field: Field, form: WireForm = {}): Coerced {
  if (text === null || text === undefined) return { ok: true, value: null }
  if (text === '' && field.type !== 'string') return { ok: true, value: null }
  const value = fromText(text, field, form)
  return value === undefined ? wrongType(field) : coerceToField(value, field, form)
}
