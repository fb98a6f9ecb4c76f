import type { Session } from '@tripline/kit'
import type { Connector, EnsuredField, Field, VendorField } from '@tripline/model'
import { ensureEvents } from './ensure-events.ts'
import { ensureProperties, readProperties, type Did } from './ensure-properties.ts'
import { listEventDefinitions } from './event-definitions.ts'
import { answerOf } from './profile-rows.ts'
import { canonicalType } from './property-types.ts'
import { companyWishes, contactWishes } from './property-wishes.ts'
import type { HubSpotTools } from './tools.ts'

/** Properties of contacts and companies and definitions of events: all must exist before something is written. */
export function createSchema(tools: HubSpotTools): Connector['schema'] {
  return {
    async read(call) {
      const session = tools.client.transport.session(call)
      try {
        return await readFields(tools, session)
      } finally {
        session.close()
      }
    },
    async ensure(fields, call) {
      const session = tools.client.transport.session(call)
      try {
        return await ensureFields(tools, session, fields)
      } finally {
        session.close()
      }
    },
  }
}

async function readFields(tools: HubSpotTools, session: Session): Promise<readonly VendorField[]> {
  const fields: VendorField[] = []
  for (const [of, type, mapper] of [
    ['user', 'contacts', tools.profiles],
    ['group', 'companies', tools.companies],
  ] as const)
    for (const property of await readProperties(tools, session, type))
      fields.push({
        of,
        name: mapper.canonicalName(property.name),
        type: canonicalType(property.type, property.fieldType),
        vendorName: property.name,
        writable: property.modificationMetadata?.readOnlyValue !== true,
        ...(property.hasUniqueValue && { unique: true }),
      })
  const definitions = await listEventDefinitions(tools.client, session)
  if ('kind' in definitions) {
    // Without an Enterprise hub there are no definitions to read.
    if (definitions.fault.code !== 'forbidden') answerOf(definitions)
    return fields
  }
  for (const { name: event, properties = [] } of definitions)
    for (const { name, type } of properties)
      fields.push({
        of: 'event',
        event,
        name,
        type: canonicalType(type, ''),
        vendorName: name,
        writable: true,
      })
  return fields
}

/** Beside the fields, our own unique properties are made: nothing can be written without them. */
async function ensureFields(
  tools: HubSpotTools,
  session: Session,
  fields: readonly Field[],
): Promise<readonly EnsuredField[]> {
  const done = new Map<Field, Did>()
  const events = fields.filter(({ of }) => of === 'event')
  const isCounted = tools.options.eventFallback === 'properties'
  await ensureProperties(tools, session, 'contacts', contactWishes(tools, fields), done)
  if (fields.some(({ of }) => of === 'group'))
    await ensureProperties(tools, session, 'companies', companyWishes(tools, fields), done)
  if (!isCounted && events.length > 0) await ensureEvents(tools, session, events, done)
  const counted: Did = {
    did: 'implicit',
    note: 'the event is counted in contact properties, its own are dropped',
  }
  return fields.map((field) => ({ field, ...(done.get(field) ?? counted) }))
}
