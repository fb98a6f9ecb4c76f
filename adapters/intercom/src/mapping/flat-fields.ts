import { isRecord } from '@tripline/kit'
import type { Value, Values } from '@tripline/model'

/** A value without objects inside, where it was found, and under which name Intercom can hold it. */
export interface FlatField {
  /** Path inside the given values: `address.city`. */
  readonly path: string
  /** Names joined by `_`: `address_city`. */
  readonly name: string
  readonly value: Value
}

/** Nested objects as one level. Objects for which `isWhole` says yes stay as they are. */
export function flatFields(values: Values, isWhole?: (value: Values) => boolean): readonly FlatField[] {
  const fields: FlatField[] = []
  const visit = (given: Values, path: string, name: string): void => {
    for (const [key, value] of Object.entries(given)) {
      if (isRecord(value) && !isWhole?.(value)) visit(value, `${path}${key}.`, `${name}${key}_`)
      else fields.push({ path: path + key, name: name + key, value })
    }
  }
  visit(values, '', '')
  return fields
}
