import type { EmitLine, History } from './engine.ts'
import { lateLines, withTimeLine, writeDifferences } from './change-time-line.ts'
import type { EnginePlan } from './engine-plan.ts'
import { replay } from './replay.ts'
import { updateNextRun, type State } from './state.ts'

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
  const known = new Set(old.fires.map(({ trigger, anchorKey }) => `${trigger} ${anchorKey}`))
  for (const fire of now.fires) {
    if (known.has(`${fire.trigger} ${fire.anchorKey}`)) continue
    for (const line of lateLines(engine, state, fire)) emit(line)
  }
  writeDifferences(state, now.members, untilMs - 1, 'late', emit)
  const next = withTimeLine(state, now)
  updateNextRun(next)
  return next
}
