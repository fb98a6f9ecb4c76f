import type { Capabilities } from '@tripline/model'

const description = 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml'
/** "A few minutes" until search sees a write; no number is documented, three are assumed. */
const indexLagMs = 180_000

export const intercomCapabilities = {
  event: {
    support: 'native',
    repeat: 'keyed',
    needs: ['write events', 'write contacts for people who are not there yet'],
    because:
      'one call per event; Intercom ignores a second event of one contact, name and second ("may", without an end), so a repeat with the same key does no harm. A second real event of that second is sent one second later: the same second again for the same key within a call, and for the last 100,000 events of this connector, but not after a restart',
    source: `${description} POST /events, Event de-duplication`,
  },
  profile: {
    support: 'native',
    repeat: 'natural',
    needs: ['read and write contacts'],
    because:
      'no upsert: look up, then update or create, 2 calls, or 1 while the id is in the cache; a lead that is created (option anonymousPeople) may double when its answer is lost',
    source: `${description} POST /contacts, PUT /contacts/{contact_id}`,
  },
  link: {
    support: 'emulated',
    repeat: 'natural',
    needs: ['write contacts'],
    because:
      'there are no anonymous people on the server: a lead that this connector made becomes the user, anything else is skipped',
    source: `${description} PUT /contacts/{contact_id}`,
  },
  group: {
    support: 'native',
    repeat: 'natural',
    needs: ['read and write contacts', 'write companies'],
    because:
      'companies: created or updated by company_id, then the person is attached; hidden until somebody is',
    source: `${description} POST /companies`,
  },
  membership: {
    support: 'native',
    repeat: 'natural',
    visibleAfterMs: indexLagMs,
    needs: ['read contacts', 'write tags'],
    because: 'tags; segments cannot be written. Many people are tagged in one call, but untagged one by one',
    source: `${description} POST /tags`,
  },
  consent: {
    support: 'native',
    repeat: 'natural',
    needs: ['read and write contacts', 'read and write subscriptions'],
    because:
      'e-mail as a whole by unsubscribed_from_emails, topics by the subscription types that are made in the UI',
    source: `${description} POST /contacts/{contact_id}/subscriptions`,
  },
  schema: {
    support: 'native',
    needs: ['read and write data attributes'],
    because:
      'custom attributes of contacts and companies must exist before they can be written; 250 of people',
    source: `${description} POST /data_attributes`,
  },
  'read.since': {
    support: 'native',
    visibleAfterMs: indexLagMs,
    needs: ['read contacts'],
    because:
      'search by updated_at, which compares days of the workspace’s time zone: each read begins at the day of the last one. Deleted and merged contacts do not appear',
    source: `${description} POST /contacts/search`,
  },
  'read.all': {
    support: 'native',
    needs: ['read contacts'],
    because: 'list of 150 a page',
    source: `${description} GET /contacts`,
  },
  'read.ids': {
    support: 'native',
    needs: ['read contacts'],
    because: 'one call per id, ten at a time',
    source: `${description} GET /contacts/find_by_external_id/{external_id}`,
  },
  'segments.list': {
    support: 'native',
    needs: ['read segments', 'read tags'],
    because: 'segments (read only, rules hidden) and tags (writable)',
    source: `${description} GET /segments`,
  },
  'segments.ensure': {
    support: 'native',
    needs: ['write tags'],
    because: 'a tag; a person builds the segment "Tag is …" where segment semantics are needed',
    source: `${description} POST /tags`,
  },
  'members.all': {
    support: 'native',
    visibleAfterMs: indexLagMs,
    needs: ['read contacts'],
    because: 'search by segment_id or tag_id; its index lags by a few minutes',
    source: `${description} POST /contacts/search`,
  },
  'members.ids': {
    support: 'native',
    needs: ['read contacts', 'read tags', 'read segments'],
    because: 'the tags or segments of each person, two calls per id, ten at a time',
    source: `${description} GET /contacts/{contact_id}/tags`,
  },
  start: {
    support: 'native',
    repeat: 'doubles',
    needs: ['write events', 'write tags', 'write messages (from the option adminId)'],
    because:
      'an event or a tag that a message or Series in the UI waits for, or a message sent at once, which a repeat sends again',
    source: `${description} POST /messages`,
  },
} as const satisfies Capabilities
