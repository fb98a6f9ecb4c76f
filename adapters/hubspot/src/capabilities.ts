import type { Capabilities } from '@tripline/model'

const docs = 'https://developers.hubspot.com/docs/api-reference/latest'
const events = `${docs}/events/guide`
const contacts = `${docs}/crm/objects/contacts/guide`
const lists = `${docs}/crm/lists/guide`
/** HubSpot says "seconds" for events, search and list members. */
const secondsMs = 10_000
/** "About a year", within one event type. */
const eventUuidMs = 365 * 86_400_000

export const hubspotCapabilities = {
  event: {
    support: 'native',
    repeat: 'keyed',
    keyForMs: eventUuidMs,
    visibleAfterMs: secondsMs,
    needs: [
      'Enterprise tier of any hub',
      'analytics.behavioral_events.send',
      'behavioral_events.event_definitions.read_write',
      'crm.objects.contacts.read',
    ],
    because:
      'custom events, 500 a call, a uuid of ours removes repeats; the definition must exist, and 204 only says accepted',
    source: events,
  },
  profile: {
    support: 'native',
    repeat: 'natural',
    visibleAfterMs: secondsMs,
    needs: ['crm.objects.contacts.write'],
    because:
      'upsert of 100 contacts by a unique property of ours; an address alone never makes a partial upsert',
    source: contacts,
  },
  link: {
    support: 'unsupported',
    because:
      'HubSpot has no anonymous people; its own cookie (option anonymousIdIsUtk) puts the events of visitors on their contact',
    source: events,
  },
  group: {
    support: 'native',
    repeat: 'natural',
    visibleAfterMs: secondsMs,
    needs: ['crm.objects.companies.write', 'crm.objects.companies.read', 'crm.objects.contacts.write'],
    because:
      'company by a unique property of ours, then the default association with the contact: two writes',
    source: `${docs}/crm/associations/guide`,
  },
  membership: {
    support: 'native',
    repeat: 'natural',
    visibleAfterMs: secondsMs,
    needs: ['crm.lists.write', 'crm.objects.contacts.read'],
    because: 'members of MANUAL and SNAPSHOT lists by record id; HubSpot itself decides about DYNAMIC ones',
    source: lists,
  },
  consent: {
    support: 'native',
    repeat: 'natural',
    needs: ['Marketing Hub Starter', 'communication_preferences.read_write'],
    because:
      'e-mail only, with legal basis; the topic is a subscription id, without one only a denial of everything exists',
    source: `${docs}/communication-preferences/guide`,
  },
  schema: {
    support: 'native',
    needs: ['crm.schemas.contacts.write', 'behavioral_events.event_definitions.read_write'],
    because: 'properties and event definitions must exist before they are written; both are made here',
    source: `${docs}/crm/properties/guide`,
  },
  'read.since': {
    support: 'native',
    visibleAfterMs: secondsMs,
    needs: ['crm.objects.contacts.read'],
    because: 'search by lastmodifieddate, five calls a second, seconds behind; deletions are not seen',
    source: `${docs}/crm/search-the-crm.md`,
  },
  'read.all': {
    support: 'native',
    needs: ['crm.objects.contacts.read'],
    because: 'all contacts, 100 a page',
    source: contacts,
  },
  'read.ids': {
    support: 'native',
    needs: ['crm.objects.contacts.read'],
    because: '100 ids a call; an archived contact is seen when its record id is known',
    source: contacts,
  },
  'segments.list': {
    support: 'native',
    needs: ['crm.lists.read'],
    because: 'lists of contacts',
    source: lists,
  },
  'segments.ensure': {
    support: 'native',
    needs: ['crm.lists.write', 'crm.lists.read'],
    because: 'a MANUAL list, made or adopted by its name',
    source: lists,
  },
  'members.all': {
    support: 'native',
    visibleAfterMs: secondsMs,
    needs: ['crm.lists.read', 'crm.objects.contacts.read'],
    because: '250 record ids a page, then their ids of ours',
    source: lists,
  },
  'members.ids': {
    support: 'native',
    visibleAfterMs: secondsMs,
    needs: ['crm.lists.read', 'crm.objects.contacts.read'],
    because: 'the lists of each contact, one call a person',
    source: lists,
  },
  start: {
    support: 'emulated',
    repeat: 'keyed',
    keyForMs: eventUuidMs,
    needs: ['a workflow (Professional tier) that listens to the event or the list'],
    because:
      'workflows cannot be started directly: a custom event (keyed) or joining a list (once) does it; whether one listens is only known with the option workflows, and never with a Service Key',
    source: `${docs}/automation/workflows/guide`,
  },
} as const satisfies Capabilities
