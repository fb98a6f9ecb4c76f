import { createAudience, readQuery } from './audience/lifecycle.ts'
import { planComputes } from './audience/compute.ts'
import type { Context } from './context.ts'
import { ingest } from './ingest.ts'
import { settleRegulations } from './regulations.ts'
import { newId, putSource } from './state.ts'
import type { AudienceOptions, Collection, Destination, Json, Source } from './store-types.ts'
import { setTraits } from './unify/apply.ts'
import { foldId } from './unify/identifiers.ts'
import { resolveProfile } from './unify/identity.ts'
import { settleSpace } from './unify/settle.ts'

/** What a workspace already holds when a test begins. Everything is in place at once, without lag. */
export interface SegmentSeed {
  readonly sources?: readonly Source[]
  readonly profiles?: readonly SeedProfile[]
  /** Tracking calls as they would be sent, each with its `type`; they go through the first source and its checks. */
  readonly messages?: readonly Json[]
  readonly audiences?: readonly SeedAudience[]
  readonly suppressed?: readonly string[]
  readonly destinations?: readonly Destination[]
}
export interface SeedProfile {
  /** @default the first space */
  readonly spaceId?: string
  /** @default 'users' */
  readonly collection?: Collection
  /** Best first: user_id, email, others. */
  readonly externalIds: readonly { readonly type: string; readonly id: string }[]
  readonly traits?: Json
}
export interface SeedAudience {
  readonly spaceId?: string
  readonly name: string
  readonly query: string
  /** @default 'USERS' */
  readonly audienceType?: 'USERS' | 'ACCOUNTS'
  readonly options?: AudienceOptions
}

/** @throws {TypeError} a query is not in the audience language, or a space is unknown */
export function applySeed(state: Context, seed: SegmentSeed): void {
  const { store } = state
  for (const source of seed.sources ?? []) putSource(store, source)
  for (const destination of seed.destinations ?? []) store.destinations.set(destination.id, destination)
  for (const userId of seed.suppressed ?? []) store.suppressed.add(userId)
  for (const profile of seed.profiles ?? []) seedProfile(state, profile)
  seedMessages(state, seed.messages ?? [])
  for (const audience of seed.audiences ?? []) seedAudience(state, audience)
}

function spaceOf(
  { store }: Context,
  spaceId: string | undefined,
): NonNullable<ReturnType<typeof store.spaces.get>> {
  const space = spaceId === undefined ? [...store.spaces.values()][0] : store.spaces.get(spaceId)
  if (!space) throw new TypeError(`seed: no space ${spaceId ?? ''}`)
  return space
}

function seedProfile(state: Context, given: SeedProfile): void {
  const { store, account, clock } = state
  const space = spaceOf(state, given.spaceId)
  const sourceId = [...store.sources.keys()][0] ?? ''
  const arrival = { atMs: clock.now(), messageId: newId(store, 'seed-'), sourceId }
  const identifiers = given.externalIds.map(({ type, id }) => ({ type, id: foldId(id, account) }))
  const profile = resolveProfile(store, space, account, given.collection ?? 'users', identifiers, arrival)
  if (profile) setTraits(space, profile, given.traits ?? {}, sourceId, clock.now())
}

function seedMessages(state: Context, messages: readonly Json[]): void {
  const source = [...state.store.sources.values()][0]
  if (!source || messages.length === 0) return
  settleRegulations(state)
  const lag = state.account.profileLagMs
  state.account = { ...state.account, profileLagMs: 0 }
  for (const [index, item] of messages.entries())
    ingest(state, { source, receivedAtMs: state.clock.now(), sentAt: undefined }, item, index)
  state.account = { ...state.account, profileLagMs: lag }
}

function seedAudience(state: Context, given: SeedAudience): void {
  const space = spaceOf(state, given.spaceId)
  const audienceType = given.audienceType ?? 'USERS'
  settleSpace(state, space)
  const parsed = readQuery(state, given.query, audienceType)
  if ('problem' in parsed) throw new TypeError(`seed: audience ${given.name}: ${parsed.problem}`)
  const { name, query, options = {} } = given
  const audience = createAudience(state, space, {
    name,
    query,
    options,
    audienceType,
    parsed,
    description: '',
    enabled: true,
  })
  audience.readyAtMs = state.clock.now()
  planComputes(space)
  settleSpace(state, space)
}
