import { typeOf } from './attribute-values.ts'
import { isoOf, readInstant } from './instants.ts'
import { count, type Tally } from './profile.ts'
import type { BrazeSeed, BrazeTally } from './state.ts'
import type { BrazeStore } from './store.ts'

/** Puts data in as if it had always been there: nothing is billed, nothing is validated, nothing waits. */
export function seedStore(store: BrazeStore, seed: BrazeSeed, now: number): void {
  for (const attribute of seed.custom_attributes ?? []) store.attributes.set(attribute.name, attribute)
  for (const segment of seed.segments ?? []) store.segments.set(segment.id, segment)
  for (const campaign of seed.campaigns ?? []) store.campaigns.set(campaign.id, campaign)
  for (const canvas of seed.canvases ?? []) store.canvases.set(canvas.id, canvas)
  for (const group of seed.subscription_groups ?? []) store.groups.set(group.id, group)
  for (const profile of seed.profiles ?? []) seedProfile(store, profile, now)
  for (const event of seed.events ?? []) seedEvent(store, event, now)
}

/** A profile whose external id is known already is added to. */
function seedProfile(
  store: BrazeStore,
  given: NonNullable<BrazeSeed['profiles']>[number],
  now: number,
): void {
  const known = given.external_id === undefined ? undefined : store.profiles.byExternalId(given.external_id)
  const profile = known ?? store.profiles.create(readInstant(given.created_at ?? '') ?? now)
  for (const old of given.deprecated_external_ids ?? []) store.profiles.rename(profile, old)
  if (given.external_id !== undefined && !known) store.profiles.rename(profile, given.external_id)
  for (const { alias_label, alias_name } of given.user_aliases ?? [])
    store.profiles.aliases.add(profile, alias_label, alias_name)
  for (const [name, value] of Object.entries(given.standard ?? {}))
    store.profiles.setStandard(profile, name, value)
  for (const [name, value] of Object.entries(given.custom_attributes ?? {})) {
    profile.custom.set(name, value)
    if (!store.attributes.has(name)) store.attributes.set(name, { name, type: typeOf(value, true) })
  }
  for (const [group, state] of Object.entries(given.subscription_groups ?? {}))
    profile.groups.set(group, state)
  seedTallies(profile.events, store.eventNames, given.custom_events ?? [], now)
  seedTallies(profile.purchases, store.productIds, given.purchases ?? [], now)
  profile.revenue += given.total_revenue ?? 0
}

function seedTallies(
  into: Map<string, Tally>,
  names: Set<string>,
  tallies: readonly BrazeTally[],
  now: number,
): void {
  for (const { name, first, last, count: times } of tallies) {
    names.add(name)
    into.set(name, { first: readInstant(first) ?? now, last: readInstant(last) ?? now, count: times })
  }
}

function seedEvent(store: BrazeStore, event: NonNullable<BrazeSeed['events']>[number], now: number): void {
  const profile = store.profiles.byExternalId(event.external_id) ?? store.profiles.create(now)
  if (profile.externalId === undefined) store.profiles.identify(profile, event.external_id)
  const at = readInstant(event.time) ?? now
  store.eventNames.add(event.name)
  count(profile.events, event.name, at)
  const { external_id, name, properties = {} } = event
  store.events.push({ braze_id: profile.brazeId, external_id, name, time: isoOf(at), properties })
}
