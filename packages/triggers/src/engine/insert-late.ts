import type { EmitLine, History } from './engine.ts'
import { lateLines, withTimeLine, writeDifferences } from './change-time-line.ts'
import type { EnginePlan } from './engine-plan.ts'
import { replay, type ReplayedFire } from './replay.ts'
import type { State } from './state.ts'

/** See `Engine.insertLate`. Reads the history twice: with the late events and without them. */
export function insertLate(
  engine: EnginePlan,
  state: State,
  history: History,
  lateIds: ReadonlySet<string>,
  emit: EmitLine,
): State {
  const { userId, untilMs } = state
  const before = history.events.filter(({ messageId }) => !lateIds.has(messageId))
  for (const event of history.events) {
    if (lateIds.has(event.messageId)) engine.observer?.(userId, { what: 'event', atMs: event.atMs, event })
  }
  const old = replay(engine, userId, { ...history, events: before }, untilMs)
  const now = replay(engine, userId, history, untilMs, state.runs)
  const known = new Set(old.fires.map(nameOf))
  for (const fire of now.fires) {
    if (known.has(nameOf(fire))) continue
    for (const line of lateLines(engine, state, fire)) emit(line)
  }
  writeDifferences(state, now.members, untilMs - 1, 'late', emit)
  return withTimeLine(engine, state, now)
}

function nameOf({ trigger, atMs, anchorKey }: ReplayedFire): string {
  return `${trigger} ${atMs} ${anchorKey}`
}
