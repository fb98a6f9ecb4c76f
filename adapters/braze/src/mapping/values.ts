import { isRecord, truncateChars } from '@tripline/kit'
import type { Loss, Value, Values } from '@tripline/model'
import { maxOf } from '../limits.ts'

const maxValueChars = maxOf('value.chars')
const maxNameChars = maxOf('name.chars')
const source = 'https://www.braze.com/docs/api/objects_filters/event_object/'
const nestedSource =
  'https://www.braze.com/docs/user_guide/data/custom_data/custom_attributes/nested_custom_attribute_support/'

/** Cuts a text to what Braze keeps, with the loss. */
export function cut(text: string, path: string, losses: Loss[]): string {
  if (text.length <= maxValueChars) return text
  losses.push({
    path,
    kind: 'truncated',
    because: `Braze keeps ${maxValueChars} characters of a text`,
    source,
  })
  return truncateChars(text, maxValueChars)
}

/**
 * A value inside an object or array. One bad leaf would void the whole update at Braze, so bad leaves are left out here.
 * @returns undefined when nothing of it can be kept
 */
export function cleanNested(value: Value, path: string, losses: Loss[]): Value | undefined {
  if (typeof value === 'string') return cut(value, path, losses)
  if (typeof value !== 'object' || value === null) return value
  if (!isRecord(value))
    return value.flatMap((entry, index) => cleanNested(entry, `${path}[${index}]`, losses) ?? [])
  return cleanRecord(value, path, losses)
}

function cleanRecord(value: Values, path: string, losses: Loss[]): Values {
  const clean: Record<string, Value> = {}
  for (const [name, entry] of Object.entries(value)) {
    const at = `${path}.${name}`
    if (name.length > maxNameChars || /[.$\s]/.test(name)) {
      losses.push({
        path: at,
        kind: 'dropped',
        because: 'a nested name may not hold ".", "$" or spaces',
        source: nestedSource,
      })
      continue
    }
    const kept = cleanNested(entry, at, losses)
    if (kept !== undefined) clean[name] = kept
  }
  return clean
}
