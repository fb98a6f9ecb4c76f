import type { Value, Values } from '@tripline/model'
import { isObject } from './canonical-text.ts'

/** Values of nested objects with their paths joined by dots. `isWhole` says which objects stay one value. */
export function* leavesOf(
  values: Values,
  isWhole: (path: string, value: Values) => boolean,
  prefix = '',
): Generator<readonly [path: string, value: Value]> {
  for (const [name, value] of Object.entries(values)) {
    const path = prefix + name
    if (isObject(value) && !isWhole(path, value)) yield* leavesOf(value, isWhole, `${path}.`)
    else yield [path, value]
  }
}
