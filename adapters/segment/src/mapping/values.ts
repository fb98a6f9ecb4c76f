import { keepImportant } from '@tripline/kit'
import type { Fault, Loss, Value, Values } from '@tripline/model'
import { rejected, type Rejection } from '../errors.ts'

const source = 'https://segment.com/docs/unify/product-limits/'

/** Why these properties or traits cannot be sent: no object, or something in them that is no value. */
export function faultOfValues(values: Values, path: string, notObject?: Rejection): Fault | undefined {
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    return notObject ? rejected(notObject, path) : { code: 'invalid', message: 'is no object', path }
  for (const name in values) {
    const wrong = wrongPlace(values[name])
    if (wrong !== undefined)
      return {
        code: 'invalid',
        message: 'not a value: text, finite number, true, false, null, list or object',
        path: `${path}.${name}${wrong}`,
      }
  }
  return undefined
}

/**
 * Unify drops a message with more names than `maxKeys`, without a word: the most important ones stay, each other one is a
 * loss. The same object when all fit.
 * @param pathOf where a name stands in the item
 */
export function keepNames(
  values: Values,
  maxKeys: number,
  importance: ReadonlyMap<string, number>,
  pathOf: (name: string) => string,
  losses: Loss[],
): Values {
  const names = Object.keys(values)
  if (names.length <= maxKeys) return values
  const kept = new Set(keepImportant(names, maxKeys, importance))
  const because = `Unify drops a message with more than ${maxKeys} names, and says nothing`
  for (const name of names)
    if (!kept.has(name)) losses.push({ path: pathOf(name), kind: 'dropped', because, source })
  return Object.fromEntries(
    names.filter((name) => kept.has(name)).map((name) => [name, values[name] as Value]),
  )
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
