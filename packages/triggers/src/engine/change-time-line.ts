import type { LedgerLine } from '../ledger/line.ts'
import { lineId } from '../ledger/line-id.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import type { EmitLine } from './engine.ts'
import type { EnginePlan } from './engine-plan.ts'
import type { Replayed } from './replay.ts'
import type { Run } from './run.ts'
import type { State } from './state.ts'
import type { TriggerPlan } from './trigger-plan.ts'

/** The state over another time line: waits and memberships are its, runs, entries and sends stay as they are. */
export function withTimeLine(state: State, replayed: Replayed): State {
  const { matcher, events, members } = replayed
  const runs = placeRuns(replayed.runs, events)
  return { ...state, matcher, members, seen: events.length, runs }
}

/** Memberships that differ change without firing. */
export function writeDifferences(
  { userId, members }: State,
  after: readonly string[],
  atMs: number,
  because: 'late' | 'definition',
  emit: EmitLine,
): void {
  for (const segment of [...new Set([...members, ...after])].toSorted()) {
    const is = after.includes(segment)
    if (is === members.includes(segment)) continue
    emit({ kind: is ? 'member' : 'left', userId, atMs, segment, because })
  }
}

/** Runs with the places that their anchors have among these events. */
function placeRuns(runs: readonly Run[], events: readonly MatcherEvent[]): Run[] {
  if (runs.length === 0) return []
  const places = new Map<string, number>()
  for (const [index, { messageId }] of events.entries()) places.set(messageId, index + 1)
  return runs.map((run) => ({ ...run, place: placeOf(run, places, events) }))
}

function placeOf(
  { place: [seen, atMs], placeKey }: Run,
  places: ReadonlyMap<string, number>,
  events: readonly MatcherEvent[],
): Run['place'] {
  if (placeKey !== undefined) return [places.get(placeKey) ?? seen, atMs]
  return [events.filter((event) => isBeforeTimer(event, atMs)).length, atMs]
}

/** A timer comes after the events of its millisecond, and before what steps do in it. */
function isBeforeTimer(event: MatcherEvent, atMs: number): boolean {
  return event.atMs < atMs || (event.atMs === atMs && event.source !== 'tripline')
}

/** What a late event makes fire: the line that says so, and the refusal. */
export function lateLines(
  engine: EnginePlan,
  { userId }: State,
  { trigger, atMs, anchorKey }: Replayed['fires'][number],
): readonly LedgerLine[] {
  const { definition, version } = engine.plans[trigger] as TriggerPlan
  const parts = { trigger: definition.id, version, userId, anchorKey, stepPath: '' }
  const common = { ...parts, atMs, id: engine.ids.lines ? lineId(parts) : '' }
  return [
    { ...common, kind: 'fire' },
    { ...common, kind: 'refusal', reason: 'late' },
  ]
}
