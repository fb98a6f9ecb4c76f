import type { Fault, Item, StartItem, Value, Values } from '@tripline/model'

/** Deeper nesting is refused, as the canonical model does: it could exhaust the stack. */
const maxDepth = 100

/**
 * Why an item cannot be sent at all: something among its values is none (`undefined`, NaN, an infinity, a bigint, a
 * function). JSON would make `null` of them, which clears. The place is told, never the value. Allocates nothing for good
 * items.
 * @example const fault = faultOfValues(item); if (fault) return dead(fault)
 */
export function faultOfValues(item: Item | StartItem): Fault | undefined {
  if (!('kind' in item)) return faultIn(item.data, 'data')
  switch (item.kind) {
    case 'event':
      return (
        faultIn(item.event.properties, 'event.properties') ?? faultIn(item.event.context, 'event.context')
      )
    case 'profile':
    case 'group':
      return faultIn(item.set, 'set')
    case 'membership':
    case 'consent':
    case 'link':
      return undefined
  }
}

function faultIn(values: Values | undefined, path: string): Fault | undefined {
  if (values === undefined) return undefined
  const isObject = typeof values === 'object' && values !== null && !Array.isArray(values)
  const wrong = isObject ? wrongInObject(values, 0) : ''
  return wrong === undefined ? undefined : { code: 'invalid', message: notValue, path: path + wrong }
}
const notValue = 'not a value: text, finite number, true, false, null, list or object'

/** Where inside a value something is no JSON; undefined when all of it is. */
function wrongPlace(value: Value | undefined, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : ''
    case 'object':
      if (value === null) return undefined
      if (depth >= maxDepth) return ''
      return Array.isArray(value)
        ? wrongInList(value as readonly Value[], depth + 1)
        : wrongInObject(value as Values, depth + 1)
    default:
      return ''
  }
}
function wrongInList(list: readonly Value[], depth: number): string | undefined {
  for (let index = 0; index < list.length; index++) {
    const wrong = wrongPlace(list[index], depth)
    if (wrong !== undefined) return `[${index}]${wrong}`
  }
  return undefined
}
function wrongInObject(values: Values, depth: number): string | undefined {
  for (const name in values) {
    const wrong = wrongPlace(values[name], depth)
    if (wrong !== undefined) return `.${name}${wrong}`
  }
  return undefined
}
