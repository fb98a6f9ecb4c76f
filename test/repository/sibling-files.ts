/** Every adapter has these, by the same names. */
export const siblingFiles = [
  'package.json',
  'tsconfig.json',
  'README.md',
  'CHANGELOG.md',
  'src/index.ts',
  'src/connector.ts',
  'src/options.ts',
  'src/client.ts',
  'src/capabilities.ts',
  'src/limits.ts',
  'src/errors.ts',
  'src/deliver.ts',
  'src/read-profiles.ts',
  'src/segments.ts',
  'src/start.ts',
  'src/check.ts',
  'src/schema.ts',
  'src/dry-run.ts',
  'src/mapping/events.ts',
  'src/mapping/profiles.ts',
  'src/mapping/segments.ts',
  'src/mapping/orders.ts',
  'src/compliance.test.ts',
  'src/types.test-d.ts',
] as const

/** Sources that only one or some adapters need, each with its reason. Tests and fixtures are free. */
export const extraFiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  segment: {
    'src/oauth.ts': 'sources may ask for a token, which is got for an assertion that we sign',
    'src/public-api.ts': 'lists of the configuration interface, which a workspace may not have',
    'src/mapping/identifier.ts': 'Unify makes some values no id, and says so nowhere',
    'src/mapping/values.ts': 'values are checked before sending, because a 200 hides every refusal',
  },
  mixpanel: {
    'src/import.ts': 'a refused batch may be stored in part, and its answer is read in four shapes',
    'src/engage.ts':
      'a profile record holds one operation, so a person’s changes are folded, split and read back by record',
    'src/profile-records.ts': 'the SDK builds those records, with its own sending taken out',
    'src/profile-query.ts': 'reads of profiles and of members page through one expiring session',
    'src/expression.ts': 'filters are expressions, which are built from a tree and never joined from texts',
    'src/mapping/context.ts': 'a context becomes default properties, as far as the event leaves room',
    'src/mapping/identifier.ts': 'two identity modes, and ids that are refused or changed',
    'src/mapping/values.ts':
      'lengths, depth and size of values are cut here, because they are lost or refused there',
  },
  hubspot: {
    'src/endpoints.ts':
      'every endpoint has a path in four generations, an ability and a meaning of its 403 and 404',
    'src/tools.ts': 'the look-ups, definitions and names that deliver, start and the reads share',
    'src/lookup.ts':
      'events, list members and links need record ids, which a batch read finds and a cache keeps',
    'src/people.ts': 'somebody unknown is refused or made, the same for events, members and links',
    'src/contacts.ts': 'upserts are answered row by row, matched and judged one by one',
    'src/repair-contacts.ts':
      'refused rows without their bad properties, adopted contacts, steps back of the life-cycle',
    'src/upsert-answer.ts': 'the rows of contacts and companies are matched by trace id, not by their order',
    'src/companies.ts': 'a group is a company and an association: two kinds of write',
    'src/memberships.ts': 'members of a list leave in one request per list, both ways',
    'src/consent.ts': 'consent belongs to an address and has calls of its own',
    'src/event-definitions.ts':
      'events need their definition, and properties that it lacks are lost silently',
    'src/send-events.ts': 'events leave in batches or alone, checked against their definitions',
    'src/tally.ts': 'accounts without custom events count them in properties of the contact',
    'src/profile-rows.ts': 'all three reads and the members make the same rows of contacts',
    'src/read-since.ts': 'search ends at 10,000, lags behind and sorts by one property',
    'src/property-types.ts': 'the types of properties and of event properties, both ways',
    'src/property-wishes.ts': 'the properties that fields, ids and counted events ask for',
    'src/ensure-properties.ts': 'properties are made in a group and never change their type',
    'src/ensure-events.ts': 'event definitions are made, and given the properties that they lack',
    'src/next-midnight.ts': 'the daily limit ends at midnight of the account, in its time zone',
    'src/mapping/identifier.ts': 'a person is named by our id, a record id, an address or a cookie',
    'src/mapping/names.ts': 'names are folded to what HubSpot takes, and checked at start',
    'src/mapping/values.ts': 'every value is text at HubSpot, by its declared type',
  },
  braze: {
    'src/track.ts':
      'one request carries events, purchases and attributes, packed by their common and own limits',
    'src/data-points.ts': 'Braze bills by data points, and only what differs is worth sending',
    'src/export-segment.ts':
      'all profiles come only as an asynchronous export, which is started, awaited and fetched',
    'src/zip.ts': 'that export is a zip of files of JSON lines',
    'src/mapping/identifier.ts': 'exactly one of four kinds of id names a person in an object',
    'src/mapping/values.ts': 'one bad leaf voids a whole update, so values are checked leaf by leaf',
  },
  intercom: {
    'src/writers.ts':
      'ids of contacts, seconds of events and attributes are known to deliver and start alike',
    'src/contacts.ts':
      'there is no upsert: the ladder from an identity to a contact, and back from a conflict',
    'src/save-contact.ts': 'several writes of one person leave as one, and must not cost each other',
    'src/attribute-definitions.ts': 'custom attributes must exist, so they are read before values are mapped',
    'src/track.ts':
      'one request per event, our own because of the cost of the SDK, and contacts made when missing',
    'src/tags.ts': 'many are tagged in one call by name, one by id, and untagged one by one',
    'src/companies.ts': 'a company and its people are two writes, by ids that have to be looked up',
    'src/subscriptions.ts': 'what consent to a topic means depends on the consent type of the topic',
    'src/outcomes.ts': 'one request per value: what a request came to is what the value came to',
    'src/link.ts': 'a lead becomes a user, or is merged into one',
    'src/search.ts': 'reads by change and by segment are searches, whose paging has traps of its own',
    'src/in-parallel.ts': 'look-ups go one by one, ten at a time',
    'src/mapping/person.ts': 'who is known to Intercom depends on options',
    'src/mapping/attributes.ts': 'values must fit what the workspace defines',
    'src/mapping/flat-fields.ts': 'neither events nor contacts hold objects, and losses need the path',
    'src/mapping/seconds.ts': 'all times are whole Unix seconds',
    'src/mapping/same-second.ts': 'a second event of one contact, name and second is ignored',
    'src/mapping/local-day.ts': 'search compares days of the workspace’s time zone',
  },
}

/** Exports that not all five have; `<vendor>` stands for the vendor's name in any spelling. */
export const extraExports: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  segment: {},
  mixpanel: {},
  hubspot: {},
  braze: {},
  intercom: {},
}

/** What every adapter exports. */
export const siblingExports = [
  'create<Vendor>',
  '<Vendor>Options',
  '<vendor>Capabilities',
  '<vendor>Limits',
] as const

/** How each vendor writes itself in our identifiers. */
export const identifiers = {
  segment: 'Segment',
  mixpanel: 'Mixpanel',
  hubspot: 'HubSpot',
  braze: 'Braze',
  intercom: 'Intercom',
} as const

export const readmeHeadings = [
  '## Install',
  '## Use',
  '## Options',
  '## What it can do',
  '## Limits',
  '## Errors',
  '## Sources',
] as const
