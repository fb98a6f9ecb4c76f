import { createAttributeDefinitions, type AttributeDefinitions } from './attribute-definitions.ts'
import type { IntercomClient } from './client.ts'
import { createContacts, type Contacts } from './contacts.ts'
import { createEventMapper, type EventMapper } from './mapping/events.ts'
import { createSecondBook, type SecondBook } from './mapping/same-second.ts'
import type { IntercomOptions } from './options.ts'
import { createTrack, type Track } from './track.ts'

/** What `deliver` and `start` share: ids of contacts, definitions of attributes, seconds and names of events. */
export interface Writers {
  readonly contacts: Contacts
  readonly definitions: AttributeDefinitions
  readonly events: EventMapper
  readonly track: Track
  /** In a dry run nothing is taken from the connector's own book. */
  secondBook(dryRun: boolean): SecondBook
}

export function createWriters(options: IntercomOptions, client: IntercomClient): Writers {
  const contacts = createContacts(options, client)
  const book = createSecondBook()
  return {
    contacts,
    definitions: createAttributeDefinitions(client),
    events: createEventMapper(options),
    track: createTrack(options, client, contacts),
    secondBook: (dryRun) => (dryRun ? createSecondBook() : book),
  }
}
