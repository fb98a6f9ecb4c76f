import { resolveId } from './identity.ts'
import type { Project } from './project.ts'
import type { Deletion, StoredEvent } from './state.ts'

/** Does what has become due on the sandbox clock: delayed profile updates, deletions. */
export function settle(project: Project): void {
  const { state, clock } = project
  const now = clock.now()
  while (state.delayed[0] && state.delayed[0].dueAtMs <= now) state.delayed.shift()?.apply()
  for (const deletion of state.deletions.values()) settleDeletion(project, deletion, now)
}

function settleDeletion(project: Project, deletion: Deletion, now: number): void {
  const { state, account } = project
  if (deletion.status === 'SUCCESS' || deletion.status === 'REVOKED') return
  const ageMs = now - deletion.requestedAtMs
  if (ageMs >= account.deletionStartsAfterMs) deletion.status = 'STARTED'
  if (ageMs < account.deletionDoneAfterMs) return
  const gone = new Set(deletion.distinctIds)
  const isGone = ({ distinctId }: StoredEvent): boolean =>
    gone.has(distinctId) || gone.has(resolveId(project, distinctId))
  state.events = state.events.filter((event) => !isGone(event))
  for (const [key, event] of state.latest) if (isGone(event)) state.latest.delete(key)
  for (const id of gone) state.profiles.delete(id)
  state.revision += 1
  deletion.status = 'SUCCESS'
}
