import { fieldTypes } from '@tripline/model'
import type { Naming, NamingRule, PlannedEvent, PropertyTypes, TrackingPlan } from '../plan.ts'
import { at, defaulted, isRecord, named, optional, reader, refuse, required, type Read } from './reader.ts'
import { list, object, oneOf, record } from './structures.ts'
import { readOneOf, readPath, readText } from './scalars.ts'

const styles = ['Title Case', 'snake_case', 'camelCase'] as const

const readTypes: Read<PropertyTypes> = record(readOneOf(fieldTypes), readPath)
const readRequired = defaulted<readonly string[]>(list(readPath), [])
const readWhole: Read<PlannedEvent> = object<PlannedEvent>({
  properties: required(readTypes),
  required: readRequired,
  class: defaulted(readOneOf(['active', 'passive']), 'active'),
})

/** The whole form has `properties`; anything else is the types alone. */
const readEvent: Read<PlannedEvent> = reader(
  (input, place) => {
    if (!isRecord(input) || !isRecord(input['properties'])) {
      const properties = readTypes(input, place)
      return properties && { properties, required: [], class: 'active' }
    }
    const event = readWhole(input, place)
    if (event) refuseUndeclared(event.required, event.properties, at(place, 'required'))
    return event
  },
  (names) => oneOf([readTypes.describe(names), readWhole.describe(names)]),
)

const readPattern: Read<string> = reader(
  (input, place) => {
    try {
      if (typeof input === 'string' && input !== '') return new RegExp(input, 'u').source
    } catch {
      // What is wrong with it follows.
    }
    return refuse(place, 'is no regular expression')
  },
  () => ({ type: 'string', minLength: 1, format: 'regex' }),
)
const readStyle = readOneOf(styles)
const readOwn = object<Extract<NamingRule, object>>({ pattern: required(readPattern) })
const readRule: Read<NamingRule> = reader(
  (input, place) => (isRecord(input) ? readOwn(input, place) : readStyle(input, place)),
  (names) => oneOf([readStyle.describe(names), readOwn.describe(names)]),
)
const readNaming: Read<Naming> = object<Naming>({
  events: optional(readRule),
  properties: optional(readRule),
  traits: optional(readRule),
})

const readForm: Read<TrackingPlan> = object<TrackingPlan>({
  specVersion: required(readOneOf([1])),
  events: defaulted(record(readEvent, readText), {}),
  traits: defaulted(readTypes, {}),
  requiredTraits: readRequired,
  naming: optional(readNaming),
})
export const readPlan: Read<TrackingPlan> = named(
  'TrackingPlan',
  reader((input, place) => {
    const plan = readForm(input, place)
    if (plan) refuseUndeclared(plan.requiredTraits, plan.traits, at(place, 'requiredTraits'))
    return plan
  }, readForm.describe),
)

function refuseUndeclared(
  names: readonly string[] | undefined,
  declared: PropertyTypes | undefined,
  place: Parameters<typeof refuse>[0],
): void {
  const paths = Object.keys(declared ?? {})
  for (const [index, name] of (names ?? []).entries()) {
    if (typeof name !== 'string' || paths.some((path) => isAtOrBelow(path, name))) continue
    refuse(at(place, index), 'is not declared', paths)
  }
}

function isAtOrBelow(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[]`)
}
