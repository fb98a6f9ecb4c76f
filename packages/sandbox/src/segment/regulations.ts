import type { Context } from './context.ts'
import type { Profile, Regulation, RegulationStatus, Space } from './store-types.ts'
import { foldId } from './unify/identifiers.ts'
import { findProfile, indexKey } from './unify/identity.ts'

export const regulationTypes = [
  'DELETE_INTERNAL',
  'DELETE_ONLY',
  'SUPPRESS_ONLY',
  'SUPPRESS_WITH_DELETE',
  'SUPPRESS_WITH_DELETE_INTERNAL',
  'UNSUPPRESS',
] as const

/** Lets due suppressions and deletions happen. */
export function settleRegulations(state: Context): void {
  const nowMs = state.clock.now()
  for (const regulation of state.store.regulations.values()) {
    if (!regulation.suppressed && regulation.suppressAtMs <= nowMs) {
      regulation.suppressed = true
      suppress(state, regulation)
    }
    if (!regulation.finished && regulation.finishAtMs <= nowMs) {
      regulation.finished = true
      if (regulation.regulationType.includes('DELETE'))
        for (const userId of regulation.subjectIds) forget(state, userId)
    }
  }
}

export const regulationStatus = (regulation: Regulation): RegulationStatus =>
  regulation.finished ? 'FINISHED' : regulation.suppressed ? 'RUNNING' : 'INITIALIZED'

function suppress({ store }: Context, { regulationType, subjectIds }: Regulation): void {
  for (const userId of subjectIds) {
    if (regulationType === 'UNSUPPRESS') store.suppressed.delete(userId)
    else if (regulationType.startsWith('SUPPRESS')) store.suppressed.add(userId)
  }
}

/** Deletes the archived messages and the profiles of a userId; other identifiers cannot be named to a regulation. */
function forget({ store, account }: Context, userId: string): void {
  store.messages = store.messages.filter((message) => message.userId !== userId)
  for (const space of store.spaces.values()) {
    const profile = findProfile(space, 'users', 'user_id', foldId(userId, account))
    if (profile) removeProfile(space, profile)
  }
}

function removeProfile(space: Space, profile: Profile): void {
  space.profiles.delete(profile.id)
  for (const { type, id } of profile.externalIds) space.index.delete(indexKey(profile.collection, type, id))
  for (const audience of space.audiences.values()) audience.members.delete(profile.id)
}
