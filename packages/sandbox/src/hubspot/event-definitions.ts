import { invalid, Refusal } from './errors.ts'
import { hubspotSizes } from './limits.ts'
import type { Portal } from './portal.ts'
import type { PropertyDefinition } from './property-definitions.ts'
import type { StoredEventDefinition } from './store.ts'

/** Object types an event may belong to. The sandbox keeps contacts and companies only. */
const primaryObjects: Readonly<Record<string, string>> = { CONTACT: '0-1', COMPANY: '0-2' }

export interface NewEventDefinition {
  readonly name: string
  readonly label: string
  readonly description?: string
  readonly primaryObject: string
  readonly properties: readonly PropertyDefinition[]
  readonly matching?: StoredEventDefinition['matching']
  readonly id?: string
}

/** @throws {Refusal} 400 over a limit, 409 when the name is taken; a deleted name stays taken. */
export function addEventDefinition(portal: Portal, given: NewEventDefinition): StoredEventDefinition {
  const { store, account } = portal
  if (!/^[a-z][a-z0-9_-]*$/.test(given.name))
    throw invalid(`Event name "${given.name}" must match ^[a-z][a-z0-9_-]*$`)
  if (store.eventNames.has(given.name) || store.retiredEventNames.has(given.name))
    throw new Refusal(409, `An event definition named '${given.name}' already exists.`, {
      category: 'CONFLICT',
    })
  if (store.eventDefinitions.size >= hubspotSizes.eventDefinitions)
    throw invalid(`You have reached the limit of ${hubspotSizes.eventDefinitions} event definitions`, {
      category: 'LIMIT_EXCEEDED',
    })
  const primaryObjectId = primaryObjects[given.primaryObject]
  if (primaryObjectId === undefined) throw invalid(`primaryObject ${given.primaryObject} is not known`)
  const id = given.id ?? portal.newId()
  const definition: StoredEventDefinition = {
    id,
    name: given.name,
    fullyQualifiedName: `pe${account.portalId}_${given.name}`,
    objectTypeId: `6-${id}`,
    label: given.label,
    primaryObject: given.primaryObject,
    primaryObjectId,
    properties: new Map(),
    createdAtMs: portal.clock.now(),
    updatedAtMs: portal.clock.now(),
    ...(given.description !== undefined && { description: given.description }),
    ...(given.matching && { matching: given.matching }),
  }
  for (const property of given.properties) addEventProperty(definition, property)
  store.eventDefinitions.set(definition.fullyQualifiedName, definition)
  store.eventNames.set(given.name, definition.fullyQualifiedName)
  return definition
}

export function addEventProperty(definition: StoredEventDefinition, property: PropertyDefinition): void {
  if (definition.properties.has(property.name))
    throw new Refusal(409, `A property named '${property.name}' already exists.`, {
      category: 'OBJECT_ALREADY_EXISTS',
    })
  const custom = [...definition.properties.values()].filter((other) => !other.hubspotDefined)
  if (!property.hubspotDefined && custom.length >= hubspotSizes.eventProperties)
    throw invalid(`An event definition has no more than ${hubspotSizes.eventProperties} properties`, {
      category: 'LIMIT_EXCEEDED',
    })
  definition.properties.set(property.name, property)
}

/** By internal or fully qualified name: HubSpot's description says internal, its guides show the other. */
export function findEventDefinition(portal: Portal, name: string): StoredEventDefinition | undefined {
  return portal.store.eventDefinitions.get(portal.store.eventNames.get(name) ?? name)
}

export function showEventDefinition(definition: StoredEventDefinition): object {
  const { id, name, fullyQualifiedName, objectTypeId, label, description, primaryObject, primaryObjectId } =
    definition
  return {
    id,
    name,
    fullyQualifiedName,
    objectTypeId,
    labels: { singular: label, plural: label },
    ...(description !== undefined && { description }),
    primaryObject,
    primaryObjectId,
    properties: [...definition.properties.values()],
    associations: [],
    archived: false,
    trackingType: 'MANUAL',
    createdAt: new Date(definition.createdAtMs).toISOString(),
    updatedAt: new Date(definition.updatedAtMs).toISOString(),
  }
}
