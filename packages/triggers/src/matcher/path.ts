import type { Bag } from './event.ts'

export type Read = (bag: Bag) => unknown

/** Reads the one value at a path; `null` when it is missing. A path with `[]` has no one value and is refused. */
export function compilePath(path: string): Read {
  if (path.includes('[]')) throw new RangeError(`"${path}": [] is not supported where one value is needed`)
  const [first = '', ...rest] = path.split('.')
  if (rest.length === 0) return (bag) => own(bag, first)
  return (bag) => rest.reduce<unknown>(own, own(bag, first))
}

/** All values at a path, `null` and missing ones left out; several where it has `[]`. */
export function compileValues(path: string): (bag: Bag) => readonly unknown[] {
  const names = path.split('.')
  return (bag) => names.reduce<readonly unknown[]>(step, [bag])
}

function step(found: readonly unknown[], name: string): readonly unknown[] {
  const each = name.endsWith('[]')
  const values = found.map((value) => own(value, each ? name.slice(0, -2) : name))
  const inside = each ? values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [])) : values
  return inside.filter((value) => value !== null && value !== undefined)
}

function own(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return null
  return (holder as Bag)[name] ?? null
}
