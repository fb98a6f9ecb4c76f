import type { Capabilities } from '@tripline/model'

const spec = 'https://segment.com/docs/connections/spec'
const profileApi = 'https://segment.com/docs/unify/profile-api/'
const publicApi = 'https://docs.segmentapis.com/tag/Audiences'
/** "Seconds, not guaranteed". https://segment.com/docs/unify/profile-api/ */
const visibleAfterMs = 10_000
/** A messageId is recognised for 24 hours, over all sources. https://segment.com/docs/guides/duplicate-data/ */
const keyed = { repeat: 'keyed', keyForMs: 86_400_000, visibleAfterMs } as const
const profileNeeds = ['Unify', 'Profile API token'] as const
const publicNeeds = ['Unify', 'Public API token'] as const

export const segmentCapabilities = {
  event: {
    support: 'native',
    ...keyed,
    because:
      'track, page and screen in the words of the Segment Spec; a 200 only says that the request was readable',
    source: `${spec}/track/`,
  },
  profile: {
    support: 'native',
    ...keyed,
    because: 'identify; a trait cannot be removed, clearing stores null',
    source: `${spec}/identify/`,
  },
  link: {
    support: 'native',
    ...keyed,
    because: 'identify with both ids; alias would merge no profiles',
    source: `${spec}/alias/`,
  },
  group: {
    support: 'native',
    ...keyed,
    because: 'group through one of its members; Segment keeps one kind of group',
    source: `${spec}/group/`,
  },
  membership: {
    support: 'emulated',
    ...keyed,
    because: 'audiences take no members: membership is a trait, true or false, on which an audience stands',
    source: 'https://segment.com/docs/engage/audiences/',
  },
  consent: {
    support: 'native',
    ...keyed,
    because:
      'the event Segment Consent Preference Updated; categories that it does not name become false, and Segment keeps only true and false',
    source: 'https://segment.com/docs/privacy/consent-management/consent-in-unify/',
  },
  schema: {
    support: 'native',
    needs: publicNeeds,
    because:
      'names that the space has seen (alpha); nothing is created, everything comes into being with its first value',
    source: 'https://docs.segmentapis.com/tag/Space-Schema-API',
  },
  'read.since': {
    support: 'unsupported',
    because: 'the Profile API reads one known profile; profiles cannot be listed by time of change',
    source: profileApi,
  },
  'read.all': {
    support: 'unsupported',
    because: 'no interface lists profiles; the only bulk copy is Profiles Sync into a warehouse',
    source: 'https://segment.com/docs/unify/profiles-sync/',
  },
  'read.ids': {
    support: 'native',
    needs: profileNeeds,
    because: 'one profile a call, 100 calls a second; ids are looked up in lower case',
    source: profileApi,
  },
  'segments.list': {
    support: 'native',
    needs: publicNeeds,
    because: 'audiences, and boolean traits that the space has seen',
    source: publicApi,
  },
  'segments.ensure': {
    support: 'native',
    needs: [...publicNeeds, 'Audience feature'],
    because:
      'a trait that is written, and an audience on it; without the feature a person makes the audience',
    source: publicApi,
  },
  'members.all': {
    support: 'unsupported',
    because: 'no interface lists the members of an audience; it has a size, a webhook or a warehouse',
    source: publicApi,
  },
  'members.ids': {
    support: 'native',
    needs: profileNeeds,
    because: 'the audience key or the trait of one profile a call; an absent one was never evaluated',
    source: profileApi,
  },
  start: {
    support: 'native',
    ...keyed,
    because:
      'journeys start by an event, audiences by a trait; neither answers, so accepted is all there is to know',
    source: 'https://segment.com/docs/engage/journeys/v2/event-triggered-journeys/',
  },
} as const satisfies Capabilities
