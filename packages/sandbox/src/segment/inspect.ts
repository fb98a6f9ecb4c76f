import { refreshWindows } from './audience/compute.ts'
import { audienceBody } from './audience/lifecycle.ts'
import { type Context, toIso } from './context.ts'
import { regulationStatus } from './regulations.ts'
import type {
  Destination,
  Drop,
  Duplicate,
  Profile,
  Rejection,
  Source,
  Space,
  StoredMessage,
  TrackingRule,
} from './store-types.ts'
import { settleAll } from './unify/settle.ts'

/** Everything the workspace holds, as plain data, at the sandbox's present time. */
export interface SegmentState {
  readonly sources: readonly Source[]
  /** Accepted messages in order of arrival. */
  readonly messages: readonly StoredMessage[]
  readonly rejected: readonly Rejection[]
  readonly dropped: readonly Drop[]
  readonly duplicates: readonly Duplicate[]
  readonly lost: number
  /** Accepted, but not yet in profiles. */
  readonly pending: number
  readonly profiles: readonly SegmentProfileState[]
  readonly audiences: readonly SegmentAudienceState[]
  readonly regulations: readonly {
    readonly id: string
    readonly regulationType: string
    readonly subjectIds: readonly string[]
    readonly status: string
  }[]
  readonly suppressed: readonly string[]
  readonly trackingPlans: readonly {
    readonly id: string
    readonly name: string
    readonly rules: readonly TrackingRule[]
  }[]
  readonly destinations: readonly Destination[]
}
export interface SegmentProfileState {
  readonly id: string
  readonly spaceId: string
  readonly collection: 'users' | 'accounts'
  readonly traits: Readonly<Record<string, unknown>>
  readonly externalIds: readonly { readonly type: string; readonly id: string }[]
  readonly events: readonly {
    readonly event: string
    readonly properties: unknown
    readonly timestamp: string
    readonly messageId: string
  }[]
  readonly links: readonly string[]
  readonly consent: Readonly<Record<string, boolean | 'conflict'>>
  readonly merges: number
}
export interface SegmentAudienceState {
  readonly id: string
  readonly spaceId: string
  readonly key: string
  readonly name: string
  readonly status: string
  readonly query: string
  readonly cadence: 'REALTIME' | 'BATCH'
  /** Profile ids. */
  readonly members: readonly string[]
}

export function inspectState(state: Context): SegmentState {
  settleAll(state)
  const { store } = state
  const spaces = [...store.spaces.values()]
  for (const space of spaces) refreshWindows(state, space, space.profiles.values())
  return {
    sources: [...store.sources.values()],
    messages: [...store.messages],
    rejected: [...store.rejected],
    dropped: [...store.dropped],
    duplicates: [...store.duplicates],
    lost: store.lost,
    pending: spaces.reduce((sum, space) => sum + space.pending.length - space.nextPending, 0),
    profiles: spaces.flatMap((space) =>
      [...space.profiles.values()].map((profile) => describeProfile(space, profile)),
    ),
    audiences: spaces.flatMap((space) => describeAudiences(state, space)),
    regulations: [...store.regulations.values()].map((regulation) => ({
      id: regulation.id,
      regulationType: regulation.regulationType,
      subjectIds: regulation.subjectIds,
      status: regulationStatus(regulation),
    })),
    suppressed: [...store.suppressed],
    trackingPlans: [...store.trackingPlans.values()].map(({ id, name, rules }) => ({
      id,
      name,
      rules: [...rules.values()],
    })),
    destinations: [...store.destinations.values()],
  }
}

const describeProfile = (space: Space, profile: Profile): SegmentProfileState => ({
  id: profile.id,
  spaceId: space.id,
  collection: profile.collection,
  traits: Object.fromEntries([...profile.traits].map(([name, { value }]) => [name, value])),
  externalIds: profile.externalIds.map(({ type, id }) => ({ type, id })),
  events: profile.events.map(({ event, properties, atMs, message }) => ({
    event,
    properties,
    timestamp: toIso(atMs),
    messageId: message.messageId,
  })),
  links: [...profile.links],
  consent: Object.fromEntries(profile.consent),
  merges: profile.merges,
})

const describeAudiences = (state: Context, space: Space): SegmentAudienceState[] =>
  [...space.audiences.values()].map((audience) => {
    const { status } = audienceBody(state, space, audience, 'full', false) as { readonly status: string }
    const { id, key, name, query, cadence, members } = audience
    return { id, spaceId: space.id, key, name, status, query, cadence, members: [...members] }
  })
