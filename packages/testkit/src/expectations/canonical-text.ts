import type { Value } from '@tripline/model'

/**
 * Equal values give equal text: names sorted, null the same as absent (after a round trip nobody can tell them apart),
 * -0 the same as 0.
 * @example canonicalText({ b: null, a: [1] }) // => '{"a":[1]}'
 */
export function canonicalText(value: Value): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`
  const parts: string[] = []
  for (const name of Object.keys(value).sort()) {
    const entry = value[name]
    if (entry !== undefined && entry !== null) parts.push(`${JSON.stringify(name)}:${canonicalText(entry)}`)
  }
  return `{${parts.join(',')}}`
}
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)
export const isObject = (value: unknown): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A list as a set: sorted by text, each value once. */
export function asSet(values: readonly Value[]): readonly Value[] {
  const byText = new Map(values.map((value) => [canonicalText(value), value]))
  return [...byText.keys()].sort().map((text) => byText.get(text) ?? null)
}
