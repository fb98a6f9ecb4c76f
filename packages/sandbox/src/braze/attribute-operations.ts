import { deepMerge, leaves, nested, unique, validElement } from './attribute-values.ts'
import { isList, isObject, jsonBytes, type Json, type JsonObject } from './json.ts'
import { sizeLimits } from './limits.ts'
import type { AttributeType } from './state.ts'

/** What a written attribute becomes; `lost` says why Braze, having answered 201, stores nothing. */
export type Written =
  | { readonly value: Json; readonly type: AttributeType; readonly points: number }
  | { readonly lost: string }

interface Rules {
  readonly merge: boolean
  readonly longArrays: 'drop' | 'cut'
}
const lost = (because: string): Written => ({ lost: because })

/** Applies `{"inc"}`, `{"add"}`, `{"remove"}`, `{"$add", "$update", "$remove"}`; undefined when the value is none of these. */
export function operate(before: Json | undefined, given: Json, rules: Rules): Written | undefined {
  if (!isObject(given)) return undefined
  const names = Object.keys(given)
  if (names.length === 0) return undefined
  if (names.length === 1 && names[0] === 'inc') return increment(before, given['inc'])
  if (names.every((name) => name === 'add' || name === 'remove')) return changeElements(before, given, rules)
  if (names.every((name) => name === '$add' || name === '$update' || name === '$remove'))
    return changeObjects(before, given)
  return undefined
}

function increment(before: Json | undefined, by: Json | undefined): Written {
  if (!Number.isInteger(by)) return lost('inc needs an integer')
  if (before !== undefined && !Number.isInteger(before)) return lost('inc needs an integer attribute')
  return { value: Number(before ?? 0) + Number(by), type: 'Number', points: 1 }
}

/** `add` puts an element that is there already at the end. */
function changeElements(before: Json | undefined, { add, remove }: JsonObject, rules: Rules): Written {
  const [added, removed] = [add ?? [], remove ?? []]
  if (!isList(added) || !isList(removed)) return lost('add and remove need arrays')
  if (before !== undefined && !isList(before)) return lost('add and remove need an array attribute')
  const kept = [...(before ?? []), ...added].filter((element) => !removed.includes(element))
  const written = plainArray(kept, rules)
  return 'lost' in written ? written : { ...written, points: added.length + removed.length }
}

/** A whole array: each element once, at most 500. */
export function plainArray(values: readonly Json[], { longArrays }: Pick<Rules, 'longArrays'>): Written {
  if (!values.every(validElement))
    return lost('an element is not text up to 255 characters, a number or a boolean')
  const elements = unique(values)
  const { max } = sizeLimits.arrayElements
  if (elements.length > max && longArrays === 'drop') return lost('more than 500 elements')
  return { value: elements.slice(-max), type: 'Array', points: 1 }
}

interface Change {
  readonly key: string
  readonly value: Json
  readonly newObject: JsonObject
}
function readChanges(list: Json | undefined, update: boolean): readonly Change[] | undefined {
  if (list === undefined) return []
  if (!isList(list)) return undefined
  const changes = list.map((item) => {
    if (!isObject(item)) return undefined
    const { $identifier_key: key, $identifier_value: value, $new_object: newObject } = item
    if (typeof key !== 'string' || value === undefined) return undefined
    if (update && !isObject(newObject)) return undefined
    return { key, value, newObject: isObject(newObject) ? newObject : {} }
  })
  return changes.includes(undefined) ? undefined : (changes as Change[])
}

/** In Braze's order: add, remove, update. https://www.braze.com/docs/user_guide/data/activation/attributes/array_of_objects/ */
function changeObjects(before: Json | undefined, given: JsonObject): Written {
  const [added, removed, updated] = [
    given['$add'] ?? [],
    readChanges(given['$remove'], false),
    readChanges(given['$update'], true),
  ]
  if (!isList(added) || !removed || !updated || !added.every(isObject))
    return lost('malformed array-of-objects operation')
  if (before !== undefined && !isList(before)) return lost('not an array of objects')
  const fits = (item: Json, change: Change): boolean => isObject(item) && item[change.key] === change.value
  const kept = [...(before ?? []), ...added]
    .filter((item) => !removed.some((change) => fits(item, change)))
    .map((item) =>
      updated.reduce<Json>(
        (current, change) =>
          fits(current, change) && isObject(current) ? deepMerge(current, change.newObject) : current,
        item,
      ),
    )
  const value = nested(kept)
  const cost = leaves(added) + leaves(updated.map((change) => change.newObject)) + removed.length
  return value === undefined
    ? lost('an invalid nested value, or more than 100 KB')
    : { value, type: 'Object Array', points: cost }
}

/** A whole object or array of objects, or a merge into the stored one. */
export function nestedValue(before: Json | undefined, given: Json, { merge }: Pick<Rules, 'merge'>): Written {
  const stored = nested(given)
  if (stored === undefined) return lost('an invalid nested value, or more than 100 KB')
  const merged = merge && isObject(before) && isObject(stored) ? deepMerge(before, stored) : stored
  if (jsonBytes(merged) > sizeLimits.nestedBytes.max)
    return lost('an invalid nested value, or more than 100 KB')
  return { value: merged, type: isList(merged) ? 'Object Array' : 'Object', points: leaves(stored) }
}
