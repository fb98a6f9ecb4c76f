import { isObject } from './ingest-input.ts'

const propertyTypes = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']
const entityFields = ['$source', 'displayName', 'tags', 'hidden', 'dropped', 'contacts', 'teamContacts']
const propertyFields = ['displayName', 'hidden', 'dropped']

/** What `mixpanel/docs:openapi/lexicon-schemas.openapi.yaml` forbids in a `schemaJson`; undefined when it is fine. */
export function schemaFlaw(schema: unknown): string | undefined {
  if (!isObject(schema)) return 'schemaJson must be an object'
  const { description, properties = {}, metadata } = schema
  if (description !== undefined && typeof description !== 'string') return 'description must be a string'
  if (!isObject(properties)) return 'properties must be an object'
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property) || !propertyTypes.includes(String(property['type'])))
      return `properties.${name}.type is not known`
    const flaw = metadataFlaw(property['metadata'], propertyFields)
    if (flaw !== undefined) return `properties.${name}: ${flaw}`
  }
  return metadataFlaw(metadata, entityFields)
}

function metadataFlaw(metadata: unknown, known: readonly string[]): string | undefined {
  if (metadata === undefined) return undefined
  const own = isObject(metadata) ? (metadata['com.mixpanel'] ?? {}) : undefined
  if (!isObject(own)) return 'metadata must be an object'
  const unknown = Object.keys(own).find((name) => !known.includes(name))
  return unknown === undefined ? undefined : `metadata.com.mixpanel.${unknown} is not known`
}
