import type { Value } from '../value.ts'
import { isList } from './clean-value.ts'

/**
 * JSON with the names of every object sorted by UTF-16 code units and without white space, as RFC 8785 has it: equal
 * values give equal text, whatever order their names were written in.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 * @example canonicalJson({ b: 1, a: [true] }) // => '{"a":[true],"b":1}'
 */
export function canonicalJson(value: Value): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let text = ''
  if (isList(value)) {
    for (const element of value) text += `${text === '' ? '' : ','}${canonicalJson(element)}`
    return `[${text}]`
  }
  for (const name of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`
  }
  return `{${text}}`
}
