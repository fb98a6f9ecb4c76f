import type { Call, Connector, EnsuredField, Field, FieldType, VendorField } from '@tripline/model'
import type { BrazeClient } from './client.ts'
import { createProfileMapper, profileFields } from './mapping/profiles.ts'
import type { BrazeOptions } from './options.ts'

/** `data_type` reads like `String (Automatically Detected)`. https://www.braze.com/docs/api/endpoints/export/custom_attributes/get_custom_attributes/ */
const types: Readonly<Record<string, FieldType>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  time: 'instant',
  date: 'instant',
  array: 'strings',
  object: 'object',
}

interface Attribute {
  readonly name?: unknown
  readonly data_type?: unknown
  readonly status?: unknown
}

/** Attributes can be read, not created: Braze makes one of its first value, which also fixes the type. */
export function createSchema(options: BrazeOptions, client: BrazeClient): Connector['schema'] {
  const profiles = createProfileMapper(options)
  const read = async (call?: Call): Promise<readonly VendorField[]> => {
    const session = client.transport.session(call)
    try {
      const fields: VendorField[] = Object.entries(profileFields).map(([name, row]) => ({
        of: 'user',
        name,
        type: 'string',
        vendorName: row.to,
        writable: true,
      }))
      for (let query: string | undefined = ''; query !== undefined;) {
        const answer = await session.read(
          client.request('GET /custom_attributes', { purpose: 'schema', repeat: 'read', query }),
        )
        const { attributes = [] } = answer.json() as { attributes?: readonly Attribute[] }
        for (const { name, data_type, status } of attributes) {
          const type = types[String(data_type).split(' ')[0]?.toLowerCase() ?? ''] ?? 'string'
          const writable = status !== 'Blocklisted'
          fields.push({ of: 'user', name: String(name), type, vendorName: String(name), writable })
        }
        query = nextQuery(answer.headers.get('link'))
      }
      return fields
    } finally {
      session.close()
    }
  }
  const ensure = async (wanted: readonly Field[], call?: Call): Promise<readonly EnsuredField[]> => {
    const known = new Map(call?.dryRun ? [] : (await read(call)).map((field) => [field.vendorName, field]))
    return wanted.map((field) =>
      ensured(field, field.of === 'user' ? known.get(profiles.vendorName(field.name).name) : undefined),
    )
  }
  return { read, ensure }
}

function ensured(field: Field, known: VendorField | undefined): EnsuredField {
  if (field.of === 'group') return { field, did: 'refused', note: 'Braze has no groups' }
  if (!known)
    return { field, did: 'implicit', note: 'comes into being with its first value, which fixes its type' }
  if (!known.writable)
    return { field, did: 'refused', note: 'blocklisted in the dashboard: it takes no values' }
  return { field, did: 'exists', note: `Braze holds it as ${known.type}` }
}

/** The query of `rel="next"` in a Link header. */
export function nextQuery(link: string | null): string | undefined {
  const next = link?.split(',').find((part) => /rel="?next"?/.test(part))
  return next?.match(/<[^>?]*\?([^>]*)>/)?.[1]
}
