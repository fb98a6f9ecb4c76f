import type { Call, Connector, EnsuredField, Field, FieldType, VendorField } from '@tripline/model'
import type { MixpanelClient } from './client.ts'
import { createProfileMapper, isReserved, profileFields, type ProfileMapper } from './mapping/profiles.ts'
import type { MixpanelOptions } from './options.ts'

/** Types of the Lexicon are those of JSON Schema. https://developer.mixpanel.com/reference/lexicon-schemas-api */
const types: Readonly<Record<string, FieldType>> = {
  string: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  array: 'strings',
  object: 'object',
}
interface LexiconEntry {
  readonly entityType?: unknown
  readonly name?: unknown
  readonly schemaJson?: { readonly properties?: Readonly<Record<string, { readonly type?: unknown }>> }
}

/** Properties come into being with their first value; the Lexicon only describes them, as far as somebody wrote it. */
export function createSchema(options: MixpanelOptions, client: MixpanelClient): Connector['schema'] {
  const profiles = createProfileMapper(options)
  const groupKeys = new Set(options.groupKeys)
  return {
    async read(call?: Call): Promise<readonly VendorField[]> {
      const session = client.transport.session(call)
      try {
        const answer = await session.read(
          client.request('GET /api/app/projects/{projectId}/schemas', { purpose: 'schema', repeat: 'read' }),
        )
        const { results = [] } = answer.json() as { readonly results?: readonly LexiconEntry[] }
        const described = results.flatMap((entry) => fieldsOf(entry, profiles))
        const known = new Set(described.filter(({ of }) => of === 'user').map(({ vendorName }) => vendorName))
        return [...standardFields().filter(({ vendorName }) => !known.has(vendorName)), ...described]
      } finally {
        session.close()
      }
    },
    // Nothing to look up: whatever the Lexicon says, any name and any type is taken.
    ensure: async (fields) => fields.map((field) => ensured(field, profiles, groupKeys)),
  }
}

const standardFields = (): readonly VendorField[] =>
  Object.entries(profileFields).map(([name, { to, form }]) => ({
    of: 'user',
    name,
    type: form === 'instant' ? 'instant' : 'string',
    vendorName: to,
    writable: true,
  }))

function fieldsOf(
  { entityType, name, schemaJson }: LexiconEntry,
  profiles: ProfileMapper,
): readonly VendorField[] {
  const isEvent = entityType === 'event'
  return Object.entries(schemaJson?.properties ?? {}).map(([vendorName, property]) => ({
    ...(isEvent ? { of: 'event', event: String(name) } : { of: 'user' }),
    name: isEvent ? vendorName : profiles.canonicalName(vendorName),
    type: types[String(property.type)] ?? 'string',
    vendorName,
    writable: !isReserved(vendorName),
  }))
}

function ensured(field: Field, profiles: ProfileMapper, groupKeys: ReadonlySet<string>): EnsuredField {
  if (field.of === 'user' && isReserved(profiles.vendorName(field.name)))
    return { field, did: 'refused', note: `only Mixpanel writes "${profiles.vendorName(field.name)}"` }
  if (field.of === 'group' && groupKeys.size === 0)
    return {
      field,
      did: 'manual',
      note: 'needs Group Analytics, a group key in the project settings, and the option groupKeys',
    }
  return { field, did: 'implicit', note: 'comes into being with its first value; Mixpanel holds any type' }
}
