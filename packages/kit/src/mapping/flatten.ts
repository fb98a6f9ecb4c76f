import type { Value, Values } from '@tripline/model'

/** True for objects with named values (not arrays, not null). */
export const isRecord = (value: Value | undefined): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Nested objects as one level, joined with `_`: `{ address: { city } }` → `{ address_city }`. Arrays stay. */
export function flatten(values: Values, separator = '_'): Record<string, Value> {
  const flat: Record<string, Value> = {}
  const visit = (given: Values, prefix: string): void => {
    for (const [name, value] of Object.entries(given)) {
      if (isRecord(value)) visit(value, `${prefix}${name}${separator}`)
      else flat[prefix + name] = value
    }
  }
  visit(values, '')
  return flat
}

/** The `max` most important names: those of the registry first, in its order, then the rest as given. */
export function keepImportant(
  names: readonly string[],
  max: number,
  registry: ReadonlyMap<string, number>,
): readonly string[] {
  if (names.length <= max) return names
  const rank = (name: string): number => registry.get(name) ?? Number.MAX_SAFE_INTEGER
  return names
    .map((name, index) => ({ name, index }))
    .sort((a, b) => rank(a.name) - rank(b.name) || a.index - b.index)
    .slice(0, max)
    .map(({ name }) => name)
}
