import type { Value } from '@tripline/model'
import { canonical } from './canonical.ts'

/** A value that correlates, packed: equal when type and value are. Numbers take less room than texts. */
export type Key = number | string

const greatest = 2 ** 50
/** Begins what is no text. */
const mark = '\u0000'

/**
 * The value as key; `undefined` when it is missing. Whole numbers ≥ 0 are themselves; texts that write such a number the
 * one usual way (`'17'`, most ids are like that) are −1 − the number; other texts are themselves, all else is its JSON.
 */
export function toKey(value: unknown): Key | undefined {
  if (typeof value === 'string') return textKey(value)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  return value === null || value === undefined ? undefined : mark + canonical(value)
}

function textKey(text: string): Key {
  const { length } = text
  if (length === 0 || length > 15) return text.startsWith(mark) ? mark + JSON.stringify(text) : text
  let number = 0
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return text.startsWith(mark) ? mark + JSON.stringify(text) : text
    number = number * 10 + digit
  }
  return (length > 1 && text.charCodeAt(0) === 48) || number > greatest ? text : -1 - number
}

/** The value that a key stands for. */
export function fromKey(key: Key): Value {
  if (typeof key === 'number') return key < 0 ? String(-1 - key) : key
  return key.startsWith(mark) ? (JSON.parse(key.slice(mark.length)) as Value) : key
}
