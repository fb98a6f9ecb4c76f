import type { Fault, Value, Values } from '@tripline/model'
import { lostInUnify, rejected, type Rejection } from '../errors.ts'

/**
 * Why these properties or traits cannot be sent: no object, more names than Unify keeps, or something in them that is no
 * value. Segment takes any JSON, so nothing is dropped or cut.
 */
export function faultOfValues(
  values: Values,
  path: string,
  maxKeys: number,
  notObject?: Rejection,
): Fault | undefined {
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    return notObject ? rejected(notObject, path) : { code: 'invalid', message: 'is no object', path }
  let count = 0
  for (const name in values) {
    count++
    const wrong = wrongPlace(values[name])
    if (wrong !== undefined)
      return {
        code: 'invalid',
        message: 'not a value: text, finite number, true, false, null, list or object',
        path: `${path}.${name}${wrong}`,
      }
  }
  if (count <= maxKeys) return undefined
  return lostInUnify(`${count} names, it keeps ${maxKeys}`, path, 'too-large')
}

/** Where inside a value something is no JSON; undefined when all of it is. */
function wrongPlace(value: Value | undefined): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : ''
    case 'object':
      if (value === null) return undefined
      return Array.isArray(value) ? wrongInList(value as readonly Value[]) : wrongInObject(value as Values)
    default:
      return ''
  }
}
function wrongInList(list: readonly Value[]): string | undefined {
  for (let index = 0; index < list.length; index++) {
    const wrong = wrongPlace(list[index])
    if (wrong !== undefined) return `[${index}]${wrong}`
  }
  return undefined
}
function wrongInObject(values: Values): string | undefined {
  for (const name in values) {
    const wrong = wrongPlace(values[name])
    if (wrong !== undefined) return `.${name}${wrong}`
  }
  return undefined
}
