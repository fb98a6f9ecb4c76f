import type { Context } from '../context.ts'
import type { Audience, AudienceOptions, Profile, Space } from '../store-types.ts'
import { findById } from '../unify/identity.ts'
import type { Condition } from './ast.ts'
import { matches } from './evaluate.ts'

const dayMs = 86_400_000
/** https://segment.com/docs/engage/product-limits/ */
const defaultHistoryDays = 3 * 365
/** People with only other identifiers, such as anonymous_id, are not computed unless the audience asks for them. */
export const defaultExternalIds = ['user_id', 'email', 'android.idfa', 'ios.idfa']

export interface Definition {
  readonly condition: Condition
  readonly audienceType: 'USERS' | 'ACCOUNTS'
  readonly options: AudienceOptions
}

/** Whether a profile belongs to a definition; undefined when it is not looked at at all. */
export function evaluate(
  { account }: Context,
  space: Space,
  definition: Definition,
  profile: Profile,
  nowMs: number,
): boolean | undefined {
  const { condition, audienceType, options } = definition
  if ((audienceType === 'USERS') !== (profile.collection === 'users')) return undefined
  const wanted = options.filterByExternalIds ?? defaultExternalIds
  if (audienceType === 'USERS' && !profile.externalIds.some(({ type }) => wanted.includes(type)))
    return undefined
  return matches(condition, {
    profile,
    nowMs,
    booleans: account.audienceBooleans,
    earliestMs: nowMs - (options.backfillEventDataDays ?? defaultHistoryDays) * dayMs,
    members: () => [...profile.links].flatMap((id) => findById(space, id) ?? []),
  })
}

/** Real-time audiences follow each message of a profile. */
export function computeForProfile(state: Context, space: Space, profile: Profile, nowMs: number): void {
  for (const audience of space.audiences.values())
    if (audience.enabled && audience.backfilled && audience.cadence === 'REALTIME')
      assign(state, space, audience, profile, nowMs)
}

/** Real-time audiences with windows also change as time passes. */
export function refreshWindows(state: Context, space: Space, profiles: Iterable<Profile>): void {
  const audiences = [...space.audiences.values()].filter(
    ({ enabled, backfilled, cadence, timeDependent }) =>
      enabled && backfilled && timeDependent && cadence === 'REALTIME',
  )
  if (audiences.length === 0) return
  for (const profile of profiles)
    for (const audience of audiences) {
      // one that has never been computed stays so until it is touched
      if (profile.traits.has(audience.key)) assign(state, space, audience, profile, state.clock.now())
    }
}

function assign(state: Context, space: Space, audience: Audience, profile: Profile, nowMs: number): void {
  const member = evaluate(state, space, audience, profile, nowMs)
  if (member === undefined) return
  if (member) audience.members.add(profile.id)
  else audience.members.delete(profile.id)
  if (profile.traits.get(audience.key)?.value === member) return
  profile.traits.set(audience.key, {
    value: member,
    sourceId: space.id,
    updatedAtMs: nowMs,
    kind: 'audience',
  })
  profile.updatedAtMs = nowMs
}

/** Backfills and batch runs that are due at `nowMs`. */
export function runDueComputes(state: Context, space: Space, nowMs: number): void {
  for (const audience of space.audiences.values()) {
    if (!audience.enabled || nextCompute(audience) > nowMs) continue
    const first = !audience.backfilled
    audience.backfilled = true
    audience.edited = false
    if (audience.cadence === 'BATCH') audience.nextBatchAtMs = nowMs + state.account.batchComputeMs
    // without history only profiles touched from now on are computed, so the others stay without the trait
    if (first && audience.options.includeHistoricalData === false) continue
    for (const profile of space.profiles.values()) assign(state, space, audience, profile, nowMs)
  }
  planComputes(space)
}

/** When an audience is next computed as a whole; Infinity when nothing is planned. */
const nextCompute = (audience: Audience): number =>
  !audience.enabled
    ? Number.POSITIVE_INFINITY
    : !audience.backfilled
      ? audience.readyAtMs
      : audience.cadence === 'BATCH'
        ? audience.nextBatchAtMs
        : Number.POSITIVE_INFINITY

export function planComputes(space: Space): void {
  space.nextComputeAtMs = Math.min(
    Number.POSITIVE_INFINITY,
    ...[...space.audiences.values()].map(nextCompute),
  )
}
