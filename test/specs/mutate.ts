import { fc } from '@fast-check/vitest'
import { isNode } from './json-schema.ts'

const other: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  '',
  'nonsense',
  true,
  [],
  {},
  [{}],
  '0h',
  '25:00',
  'a..b',
]

/** A value with one change somewhere: something gone, something more, or something else in its place. */
export function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    how: fc.constantFrom('remove' as const, 'add' as const, 'replace' as const),
    by: fc.constantFrom(...other),
  })
  return fc.tuple(value, change).map(([given, { place, how, by }]) => {
    const copy = structuredClone(given)
    const places = placesIn(copy)
    const chosen = places[Math.floor(place * places.length)]
    if (chosen === undefined) return by
    const { holder, name } = chosen
    if (how === 'replace') holder[name] = by
    else if (how === 'add') {
      if (Array.isArray(holder)) holder.push(by)
      else holder['surplus'] = by
    } else if (Array.isArray(holder)) holder.splice(Number(name), 1)
    else delete holder[name]
    return copy
  })
}

interface Chosen {
  readonly holder: Record<string, unknown>
  readonly name: string
}
function placesIn(value: unknown): readonly Chosen[] {
  if (!isNode(value) && !Array.isArray(value)) return []
  const holder = value as Record<string, unknown>
  return Object.entries(holder).flatMap(([name, each]) => [{ holder, name }, ...placesIn(each)])
}
