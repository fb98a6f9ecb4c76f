import type { FieldType } from '@tripline/model'
import type { Definitions } from '../definition.ts'
import type { EventMatch } from '../event-match.ts'
import type { PropertyTypes } from '../plan.ts'

/**
 * The declared type at a path: `unknown` for what is inside a declared `object`, `undefined` for what is not declared.
 * `tags[]` asks for the elements of `strings`.
 */
export function declaredType(path: string, types: PropertyTypes): FieldType | 'unknown' | undefined {
  const type = Object.hasOwn(types, path) ? types[path] : undefined
  if (type !== undefined) return type
  if (path.endsWith('[]') && typeAt(path.slice(0, -2), types) === 'strings') return 'string'
  const parents = [...path.matchAll(/\[\]|\./g)].map(({ index }) => path.slice(0, index))
  return parents.some((parent) => typeAt(parent, types) === 'object') ? 'unknown' : undefined
}

function typeAt(path: string, types: PropertyTypes): FieldType | undefined {
  return Object.hasOwn(types, path) ? types[path] : undefined
}

/** The declared properties of an event; of an `identify` the traits. `undefined`: nothing is declared about such events. */
export function typesOfEvent(
  event: EventMatch,
  { plan }: Pick<Definitions, 'plan'>,
): PropertyTypes | undefined {
  if (event.type === 'identify') return declaredTraits({ plan })
  if (event.type !== 'track' || !Object.hasOwn(plan.events, event.name)) return undefined
  return plan.events[event.name]?.properties
}

/** `undefined`: the plan declares no traits at all. */
export function declaredTraits({ plan }: Pick<Definitions, 'plan'>): PropertyTypes | undefined {
  return Object.keys(plan.traits).length === 0 ? undefined : plan.traits
}
