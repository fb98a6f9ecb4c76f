import type { Session } from '@tripline/kit'
import type { Call, Connector, EnsuredField, FieldType, VendorField } from '@tripline/model'
import type { SegmentClient } from './client.ts'
import { createEventMapper } from './mapping/events.ts'
import { createProfileMapper, groupFields, profileFields } from './mapping/profiles.ts'
import type { SegmentOptions } from './options.ts'
import { readList, type Rows } from './public-api.ts'

/** The names of types are not published; these are the words that occur. Everything else is read as text. */
const types: Readonly<Record<string, FieldType>> = {
  string: 'string',
  number: 'number',
  float: 'number',
  integer: 'integer',
  boolean: 'boolean',
  bool: 'boolean',
  array: 'strings',
  object: 'object',
  datetime: 'instant',
  timestamp: 'instant',
  date: 'instant',
}
const typeOf = (name: unknown): FieldType => types[String(name).toLowerCase()] ?? 'string'

/**
 * Names that the space has seen (alpha), after the traits that Segment reserves. Where the workspace has no schema
 * discovery, the reserved ones are all. Properties cost one call an event at 25 a minute, so only events that the field
 * registry names are asked for.
 */
export function createSchema(options: SegmentOptions, client: SegmentClient): Connector['schema'] {
  const profiles = createProfileMapper(options)
  const events = createEventMapper(options)
  const read = async (call?: Call): Promise<readonly VendorField[]> => {
    const fields = new Map<string, VendorField>()
    const add = (field: VendorField): void => {
      const key = JSON.stringify([field.of, field.event, field.vendorName])
      if (!fields.has(key)) fields.set(key, field)
    }
    const addTrait = (of: 'user' | 'group', vendorName: string, type: FieldType): void =>
      add({ of, name: profiles.canonicalName(vendorName), type, vendorName, writable: true })
    for (const [name, type] of Object.entries(profileFields)) addTrait('user', name, type)
    for (const [name, type] of Object.entries(groupFields)) addTrait('group', name, type)
    if (options.spaceId === undefined) return [...fields.values()]
    const session = client.transport.session(call)
    try {
      const parameters = { spaceId: options.spaceId }
      for (const [of, collection] of [
        ['user', 'users'],
        ['group', 'accounts'],
      ] as const) {
        const endpoint = 'GET /spaces/{spaceId}/traits'
        const rows = readAll(client, session, endpoint, 'traits', parameters, { collection })
        for await (const { trait, type } of rows) addTrait(of, String(trait), typeOf(type))
      }
      for (const event of eventsOf(options)) {
        const endpoint = 'GET /spaces/{spaceId}/events/{eventName}/properties'
        const named = { ...parameters, eventName: encodeURIComponent(events.eventName(event)) }
        for await (const { name, type } of readAll(client, session, endpoint, 'eventProperties', named, {}))
          add({
            of: 'event',
            event,
            name: profiles.canonicalName(String(name)),
            type: typeOf(type),
            vendorName: String(name),
            writable: true,
          })
      }
      return [...fields.values()]
    } finally {
      session.close()
    }
  }
  return {
    read,
    async ensure(wanted): Promise<readonly EnsuredField[]> {
      const note = 'comes into being with its first value; Segment takes any JSON and keeps no type'
      return wanted.map((field) => ({ field, did: 'implicit', note }))
    },
  }
}

const eventsOf = ({ fields = [] }: SegmentOptions): ReadonlySet<string> =>
  new Set(fields.flatMap(({ of, event }) => (of === 'event' && event !== undefined ? [event] : [])))

/** All rows of a list; none where the workspace does not have it, or has never seen the event. */
async function* readAll(
  client: SegmentClient,
  session: Session,
  endpoint: Parameters<typeof readList>[2],
  list: string,
  parameters: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
): AsyncGenerator<Rows[number], void, undefined> {
  let cursor: string | undefined
  do {
    const page = await readList(client, session, endpoint, list, {
      parameters,
      query,
      cursor,
      purpose: 'schema',
    })
    if (page.kind === 'off') return
    yield* page.rows
    cursor = page.next
  } while (cursor !== undefined)
}
