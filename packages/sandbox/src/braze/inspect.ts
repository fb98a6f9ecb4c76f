import { isoOf } from './instants.ts'
import type { Profile, Tally } from './profile.ts'
import { sizeOf } from './segment-members.ts'
import type { BrazeProfile, BrazeState, BrazeTally } from './state.ts'
import type { BrazeStore } from './store.ts'

/** The whole workspace as plain data; nothing of it is shared with the store's own Maps. */
export function inspectStore(store: BrazeStore, queued: number): BrazeState {
  const { attributes, events, purchases } = store.points
  return {
    profiles: [...store.profiles.all()].map(profileOf),
    events: [...store.events],
    purchases: [...store.purchases],
    custom_attributes: [...store.attributes.values()],
    segments: [...store.segments.values()].map((segment) => ({ ...segment, size: sizeOf(store, segment) })),
    campaigns: [...store.campaigns.values()],
    canvases: [...store.canvases.values()],
    subscription_groups: [...store.groups.values()],
    sends: [...store.sends],
    unsent: [...store.unsent],
    send_ids: [...store.sendIds],
    exports: [...store.exports.values()].map((job) => ({
      segment_id: job.segmentId,
      object_prefix: job.prefix,
      state: job.archive ? 'ready' : 'running',
      users: job.users,
      ...(job.callback !== undefined && { callback_endpoint: job.callback }),
    })),
    data_points: { attributes, events, purchases, total: attributes + events + purchases },
    lost_values: Object.fromEntries(store.lost),
    ignored_fields: Object.fromEntries([...store.ignored].map(([endpoint, names]) => [endpoint, [...names]])),
    queued,
  }
}

const profileOf = (profile: Profile): BrazeProfile => ({
  braze_id: profile.brazeId,
  ...(profile.externalId !== undefined && { external_id: profile.externalId }),
  deprecated_external_ids: [...profile.deprecatedIds],
  user_aliases: [...profile.aliases].map(([alias_label, alias_name]) => ({ alias_name, alias_label })),
  created_at: isoOf(profile.createdAt),
  updated_at: isoOf(profile.updatedAt),
  random_bucket: profile.randomBucket,
  standard: Object.fromEntries(profile.standard),
  custom_attributes: Object.fromEntries(profile.custom),
  custom_events: talliesOf(profile.events),
  purchases: talliesOf(profile.purchases),
  total_revenue: profile.revenue,
  subscription_groups: Object.fromEntries(profile.groups),
})

const talliesOf = (tallies: ReadonlyMap<string, Tally>): readonly BrazeTally[] =>
  [...tallies].map(([name, { first, last, count }]) => ({
    name,
    first: isoOf(first),
    last: isoOf(last),
    count,
  }))
