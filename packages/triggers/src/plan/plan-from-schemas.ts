import { normalisePlan } from '../definition/normalise.ts'
import type { PlannedEventInput } from '../definition/plan.ts'
import type { ImportedPlan, PlanNote } from './imported-plan.ts'
import { readProperties } from './read-properties.ts'
import { inside, isNode, type SchemaPlace } from './schema-node.ts'

/** JSON Schemas of what events carry. */
export interface EventSchemas {
  /** By event name: the schema of the event's properties. */
  readonly events: { readonly [name: string]: unknown }
  /** The schema of the traits. @default none */
  readonly traits?: unknown
}

/**
 * A tracking plan from JSON Schemas (drafts 4 to 2020-12). `$ref` is followed within each schema. What a plan cannot hold
 * – permitted values, patterns, ranges, several types, descriptions – is left out with a note. Events are `active`.
 * @example
 * planFromSchemas({ events: { 'Signed Up': { type: 'object', properties: { plan: { type: 'string' } } } } })
 * // => { plan: { events: { 'Signed Up': { properties: { plan: 'string' }, … } }, … }, notes: [] }
 */
export function planFromSchemas({ events, traits }: EventSchemas): ImportedPlan {
  const notes: PlanNote[] = []
  const at = (path: string, schema: unknown): SchemaPlace => ({
    path,
    root: isNode(schema) ? schema : {},
    notes,
    following: [],
  })
  const planned = Object.entries(events).map(([name, schema]): readonly [string, PlannedEventInput] => {
    return [name, readProperties(schema, inside(at('events', schema), name))]
  })
  const found = readProperties(traits, at('traits', traits))
  const plan = normalisePlan({
    specVersion: 1,
    events: Object.fromEntries(planned),
    traits: found.properties,
    requiredTraits: found.required,
  })
  return { plan, notes }
}
