import type { Value, Values } from '@tripline/model'

/** True for objects with named values (not arrays, not null). @example isRecord({ city: 'Riga' }) // => true */
export const isRecord = (value: Value | undefined): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Nested objects as one level, their names joined. Arrays stay as they are; an empty object vanishes. When two paths give
 * one name the later one wins: adapters find that at start, from the field registry (`createNames`).
 * @param separator @default '_'
 * @example flatten({ address: { city: 'Riga' } }) // => { address_city: 'Riga' }
 */
export function flatten(values: Values, separator = '_'): Record<string, Value> {
  const flat = new Map<string, Value>()
  const visit = (given: Values, prefix: string): void => {
    for (const [name, value] of Object.entries(given)) {
      if (isRecord(value)) visit(value, `${prefix}${name}${separator}`)
      else flat.set(prefix + name, value)
    }
  }
  visit(values, '')
  return Object.fromEntries(flat) // unlike an assignment it keeps a property that is called `__proto__`
}

/**
 * The `max` most important names: those of the registry first, in its order, then the rest as given. All of them, as
 * given, when they are no more than `max`.
 * @param registry name → place, 0 is the most important
 * @example keepImportant(['colour', 'plan'], 1, new Map([['plan', 0]])) // => ['plan']
 */
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
