import type { Value } from '@tripline/model'
import type { Bag } from './event.ts'

export type Read = (bag: Bag) => unknown

/** Names that every object has from its prototype, which are no values. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** Reads the first value at a path; `null` when there is none. */
export function compilePath(path: string): Read {
  if (path.includes('[]')) {
    const read = compileValues(path)
    return (bag) => read(bag)[0] ?? null
  }
  const [first = '', ...rest] = path.split('.')
  if (rest.length > 0) return (bag) => rest.reduce<unknown>(own, own(bag, first))
  if (inherited.has(first)) return (bag) => own(bag, first)
  return (bag) => present(bag[first])
}

/** All values at a path, missing ones left out; several where it has `[]`. */
export function compileValues(path: string): (bag: Bag) => readonly Value[] {
  const names = path.split('.')
  return (bag) => names.reduce<readonly unknown[]>(step, [bag]) as readonly Value[]
}

/** The name with which a path begins. */
export function firstName(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? ''
}

function step(found: readonly unknown[], name: string): readonly unknown[] {
  const each = name.endsWith('[]')
  const values = found.map((value) => own(value, each ? name.slice(0, -2) : name))
  const inside = each ? values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [])) : values
  return inside.filter((value) => present(value) !== null)
}

function own(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder) || !Object.hasOwn(holder, name))
    return null
  return present((holder as Bag)[name])
}

/** A number that is not finite (`1e999` as JSON) is no value. */
function present(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return value ?? null
}
