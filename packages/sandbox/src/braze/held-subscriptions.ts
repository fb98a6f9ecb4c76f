import type { BrazeContext } from './context.ts'
import { heldSubscriptionMs } from './limits.ts'
import type { Identifier } from './profile-index.ts'
import type { Profile } from './profile.ts'
import type { HeldSubscription } from './store.ts'

type Who = Exclude<Identifier, { kind: 'user_alias' }>
export type GroupState = 'Subscribed' | 'Unsubscribed'

const keyOf = ({ kind, value }: Who): string => `${kind} ${value}`

/** Keeps a state for a user who does not exist yet, for 30 days. */
export function holdSubscription(
  { store }: BrazeContext,
  who: Who,
  group: string,
  state: GroupState,
  now: number,
): void {
  const held = store.held.get(keyOf(who)) ?? new Map<string, HeldSubscription>()
  store.held.set(keyOf(who), held.set(group, { state, until: now + heldSubscriptionMs }))
}

/** Gives a new profile what was held for its identifier. */
export function takeHeldSubscriptions(
  { store }: BrazeContext,
  profile: Profile,
  who: Identifier,
  now: number,
): void {
  if (who.kind === 'user_alias') return
  const held = store.held.get(keyOf(who))
  if (!held) return
  for (const [group, { state, until }] of held) if (until > now) profile.groups.set(group, state)
  store.held.delete(keyOf(who))
}
