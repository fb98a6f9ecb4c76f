import { foldProperties, foldValue } from './fold-properties.ts'
import { isObject } from './ingest-input.ts'
import type { MixpanelLimits } from './limits.ts'
import type { Properties } from './state.ts'

/** What each operation wants of its value. https://developer.mixpanel.com/reference/profile-set and its siblings */
const operations = {
  $set: { takes: isObject, says: 'must be an object' },
  $set_once: { takes: isObject, says: 'must be an object' },
  $add: { takes: objectOf((value) => typeof value === 'number'), says: 'must be an object of numbers' },
  $append: { takes: isObject, says: 'must be an object' },
  $union: {
    takes: objectOf((value) => Array.isArray(value) && value.length > 0),
    says: 'must be an object of lists',
  },
  $remove: {
    takes: objectOf((value) => typeof value !== 'object'),
    says: 'must be an object of single values',
  },
  $unset: { takes: isNames, says: 'must be a list of property names' },
  $delete: { takes: () => true, says: '' },
} as const
export type Operation = keyof typeof operations
export const userOperations = Object.keys(operations) as Operation[]
/** `/groups` knows no `$add` and no `$append`. https://developer.mixpanel.com/reference/group-set-property */
export const groupOperations = userOperations.filter((name) => name !== '$add' && name !== '$append')

function objectOf(test: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => isObject(value) && Object.values(value).every(test)
}
function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

/** Undefined when the value fits. */
export const operationFlaw = (name: Operation, value: unknown): string | undefined =>
  operations[name].takes(value) ? undefined : `${name}, ${operations[name].says}`

/**
 * The profile after one operation; undefined after `$delete`. A list operation on something that is no list, and an
 * addition to something that is no number, leave it as it is (assumed).
 */
export function applyOperation(
  before: Properties,
  name: Operation,
  value: unknown,
  limits: MixpanelLimits,
): Properties | undefined {
  if (name === '$delete') return undefined
  if (name === '$unset') {
    const gone = new Set(value as readonly string[])
    return Object.fromEntries(Object.entries(before).filter(([key]) => !gone.has(key)))
  }
  const change = value as Properties
  if (name === '$set') return { ...before, ...fold(change, limits) }
  if (name === '$set_once') return { ...fold(change, limits), ...before }
  const after = { ...before }
  for (const [key, part] of Object.entries(change))
    after[key] = combine(name, before[key], foldPart(part, limits))
  return fold(after, limits)
}

const fold = (properties: Properties, limits: MixpanelLimits): Properties =>
  foldProperties(properties, limits.stringBytes, limits.profileObjectBytes)
const foldPart = (part: unknown, limits: MixpanelLimits): unknown =>
  Array.isArray(part)
    ? part.map((item) => foldValue(item, limits.stringBytes, limits.profileObjectBytes))
    : foldValue(part, limits.stringBytes, limits.profileObjectBytes)

function combine(name: '$add' | '$append' | '$union' | '$remove', before: unknown, part: unknown): unknown {
  if (name === '$add')
    return before === undefined || typeof before === 'number' ? (before ?? 0) + Number(part) : before
  if (before !== undefined && !Array.isArray(before)) return before
  const list: readonly unknown[] = before ?? []
  if (name === '$append') return [...list, part]
  if (name === '$remove') return before === undefined ? undefined : list.filter((item) => item !== part)
  return [...new Set([...list, ...(part as readonly unknown[])])]
}
