import type { Capabilities } from '@tripline/model'

const reference = 'https://developer.mixpanel.com/reference'
const docs = 'https://docs.mixpanel.com/docs'
const importNeeds = ['service account: admin or owner']
const queryNeeds = ['plan: Growth']
const engage = `${reference}/profile-set`
const profileQuery = `${reference}/engage-query`

export const mixpanelCapabilities = {
  event: {
    support: 'native',
    repeat: 'keyed',
    keyForMs: 86_400_000,
    visibleAfterMs: 60_000,
    needs: importNeeds,
    because:
      'strict import with $insert_id: queries show one of equal event, time, person and id at once, storage those of one calendar day; the raw export shows every copy',
    source: `${reference}/import-events`,
  },
  profile: {
    support: 'native',
    repeat: 'natural',
    because:
      'profile properties are set or unset by the project token; a wrong token is answered with success',
    source: engage,
  },
  link: {
    support: 'native',
    repeat: 'keyed',
    keyForMs: 86_400_000,
    visibleAfterMs: 60_000,
    needs: importNeeds,
    because:
      'an event with both ids joins them, also for earlier events; the first user to claim a device keeps it, and that is not told',
    source: `${docs}/tracking-methods/id-management/identifying-users-simplified`,
  },
  group: {
    support: 'native',
    repeat: 'natural',
    needs: ['add-on: Group Analytics'],
    because:
      'group profiles for the keys in the option groupKeys; a key that the project lacks is lost silently. Members hold the ids in a list',
    source: `${reference}/group-set-property`,
  },
  membership: {
    support: 'emulated',
    repeat: 'natural',
    because: 'cohorts are computed: membership is a flag on the profile, unset on leaving',
    source: `${docs}/users/cohorts`,
  },
  consent: {
    support: 'emulated',
    repeat: 'natural',
    because:
      'Mixpanel sends nothing and enforces nothing: consent is kept as profile properties, and whoever sends must read them',
    source: engage,
  },
  schema: {
    support: 'native',
    because: 'the Lexicon describes properties; they come into being with their first value, of any type',
    source: `${reference}/lexicon-schemas-api`,
  },
  'read.since': {
    support: 'unsupported',
    because:
      'profiles carry no time of change: $last_seen is the last visit, and writes like ours do not move it',
    source: engage,
  },
  'read.all': {
    support: 'native',
    needs: queryNeeds,
    because: 'one of 60 queries an hour for all pages; no snapshot, rows may shift between pages',
    source: profileQuery,
  },
  'read.ids': {
    support: 'native',
    needs: queryNeeds,
    because: '2,000 ids a query, 60 queries an hour',
    source: profileQuery,
  },
  'segments.list': {
    support: 'native',
    needs: queryNeeds,
    because: 'saved cohorts with their size; their rules cannot be read by the public API',
    source: `${reference}/cohorts-list`,
  },
  'segments.ensure': {
    support: 'manual',
    because:
      'the flag needs no creation, the cohort on it is built by a person; the option experimentalCohorts makes it by an API of Mixpanel’s own tools',
    source: 'mixpanel/terraform-provider-mixpanel:gen/refined_manifest.json',
  },
  'members.all': {
    support: 'native',
    needs: queryNeeds,
    because: 'members of a cohort, or everybody with the flag; one of 60 queries an hour',
    source: profileQuery,
  },
  'members.ids': {
    support: 'native',
    needs: queryNeeds,
    because: 'the flag of 2,000 given people a query; not for cohorts',
    source: profileQuery,
  },
  start: {
    support: 'emulated',
    repeat: 'keyed',
    keyForMs: 86_400_000,
    because:
      'no campaigns or journeys since 2022: an event or a flag for the cohort behind a sync, which runs every 30 minutes',
    source: `${docs}/cohort-sync/webhooks`,
  },
} as const satisfies Capabilities
