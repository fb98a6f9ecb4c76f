import type { Value } from '../value.ts'
import { addMistake, type Findings } from './mistake.ts'
import { elementPath, memberPath } from './path.ts'

/** An object whose fields are not known yet. */
export type Fields = { readonly [name: string]: unknown }

/**
 * How deep values may be nested, in levels. A limit of Tripline's own: it keeps hostile input from exhausting the
 * stack.
 */
export const maxDepth = 100

/** `{…}` as JSON has it: no class instance, no array, no `null`. Objects of other realms count. */
export function isPlainObject(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === Object.prototype || prototype === null) return true
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

/** A list, as a type guard that keeps the elements' type. */
export function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}

/** True when the whole value is a canonical `Value`. Allocates nothing; `reportUnclean` says what is wrong. */
export function isClean(value: unknown, depth = 0): value is Value {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth >= maxDepth) return false
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (!isClean(value[index], depth + 1)) return false
    return true
  }
  if (!isPlainObject(value)) return false
  for (const name in value) if (!isClean(value[name], depth + 1)) return false
  return true
}

function refusal(value: unknown): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return 'is undefined; leave the name out, or write null to clear the value'
    case 'number':
      return Number.isFinite(value) ? undefined : 'is not a finite number'
    case 'bigint':
      return 'is a bigint; write it as text'
    case 'function':
    case 'symbol':
      return `is a ${typeof value}; only JSON values are allowed`
    case 'object':
      if (value === null || Array.isArray(value) || isPlainObject(value)) return undefined
      if (value instanceof Date) return 'is a Date; write it as ISO 8601 text (toISOString)'
      return 'is an object of a class; only plain objects, lists and JSON values are allowed'
    default:
      return undefined
  }
}

/** Adds a mistake for every part of the value that is no canonical `Value`, cycles included. */
export function reportUnclean(
  value: unknown,
  path: string,
  findings: Findings,
  ancestors: readonly unknown[] = [],
): void {
  const message = refusal(value)
  if (message !== undefined) return addMistake(findings, { path, message })
  if (typeof value !== 'object' || value === null) return
  if (ancestors.includes(value)) return addMistake(findings, { path, message: 'contains itself' })
  if (ancestors.length >= maxDepth) {
    return addMistake(findings, { path, message: `is nested deeper than ${maxDepth} levels` })
  }
  const inside = [...ancestors, value]
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      reportUnclean(value[index], elementPath(path, index), findings, inside)
    }
    return
  }
  const fields = value as Fields
  for (const name in fields) reportUnclean(fields[name], memberPath(path, name), findings, inside)
}
