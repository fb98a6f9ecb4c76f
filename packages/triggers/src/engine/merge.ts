import { TriplineError } from '@tripline/model'
import { withTimeLine, writeDifferences } from './change-time-line.ts'
import type { EmitLine, History } from './engine.ts'
import { laterGoal } from './engagement.ts'
import type { EnginePlan } from './engine-plan.ts'
import { replay } from './replay.ts'
import type { Run } from './run.ts'
import type { Sent } from './sent.ts'
import type { State } from './state.ts'
import { takeFact } from './take-fact.ts'

/** See `Engine.merge`. */
export function mergeStates(
  engine: EnginePlan,
  state: State,
  other: State,
  history: History,
  emit: EmitLine,
): State {
  const { userId, untilMs } = state
  if (other.untilMs !== untilMs) throw unequal(state, other)
  const runs = [...state.runs, ...other.runs].toSorted((left, right) => left.entryMs - right.entryMs)
  const replayed = replay(engine, userId, history, untilMs, withOneWindow(runs))
  writeDifferences(state, replayed.members, untilMs, 'late', emit)
  const joined: State = {
    ...state,
    entries: mergeEntries(state.entries, other.entries),
    sends: mergeSends(state.sends, other.sends),
    goals: mergeGoals(state.goals, other.goals),
    known: undefined,
  }
  const next = withTimeLine(engine, joined, replayed, history.facts)
  for (const fact of history.facts ?? []) {
    if (fact.kind !== 'membership' && fact.kind !== 'traits') takeFact(next, fact, engine.core)
  }
  return next
}

/** Open arbitration windows of one channel become one, with the earlier end. Those of hold-out runs are their own. */
function withOneWindow(runs: readonly Run[]): Run[] {
  const ends = new Map<string, number>()
  for (const run of runs) {
    const channel = contendedChannel(run)
    if (channel !== undefined) ends.set(channel, Math.min(run.pause.dueMs, ends.get(channel) ?? Infinity))
  }
  return runs.map((run): Run => {
    const dueMs = ends.get(contendedChannel(run) ?? '')
    return dueMs === undefined ? run : { ...run, pause: { ...run.pause, dueMs } }
  })
}

function contendedChannel({ pause, plan, node, heldOut }: Run): string | undefined {
  const step = plan.journey.nodes[node]
  return pause.kind === 'contending' && !heldOut && step?.kind === 'send' ? step.channel : undefined
}

function mergeEntries(left: State['entries'], right: State['entries']): State['entries'] {
  if (left === undefined || right === undefined) return left ?? right
  const merged = new Map(left)
  for (const [trigger, times] of right) {
    merged.set(
      trigger,
      [...(left.get(trigger) ?? []), ...times].toSorted((one, two) => one - two),
    )
  }
  return merged
}

function mergeSends(left: Sent[] | undefined, right: Sent[] | undefined): Sent[] | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return [...left, ...right].toSorted((one, two) => one.atMs - two.atMs)
}

function mergeGoals(left: State['goals'], right: State['goals']): State['goals'] {
  if (left === undefined || right === undefined) return left ?? right
  const merged = new Map(left)
  for (const [channel, goal] of right) merged.set(channel, laterGoal(left.get(channel), goal))
  return merged
}

function unequal(state: State, other: State): TriplineError {
  return new TriplineError('triggers', {
    code: 'invalid',
    message: `user "${state.userId}" is read until ${state.untilMs}, user "${other.userId}" until ${other.untilMs}`,
  })
}
