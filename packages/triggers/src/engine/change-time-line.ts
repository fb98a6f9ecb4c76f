import type { LedgerLine } from '../ledger/line.ts'
import { lineId } from '../ledger/line-id.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import type { EmitLine } from './engine.ts'
import type { EnginePlan } from './engine-plan.ts'
import type { Fact } from './fact.ts'
import type { Replayed } from './replay.ts'
import type { Run } from './run.ts'
import { settleAgain } from './engagement.ts'
import { placeAmong } from './place.ts'
import { updateNextRun, type State } from './state.ts'
import type { TriggerPlan } from './trigger-plan.ts'

/** The state over another time line: waits and memberships are its, runs, entries and sends stay as they are. */
export function withTimeLine(
  engine: EnginePlan,
  state: State,
  replayed: Replayed,
  facts: readonly Fact[] = [],
): State {
  const { matcher, events, members } = replayed
  const runs = replayed.runs.map((run) => withPlace(run, events))
  const changed = { ...state, matcher, members, seen: events.length, runs }
  settleAgain(engine, changed, { events, facts })
  updateNextRun(changed)
  return changed
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

/** The run with the place that its anchor has among these events. */
function withPlace(run: Run, events: readonly MatcherEvent[]): Run {
  const { placeKey } = run
  const [seen, atMs] = run.place
  if (atMs > 0) return { ...run, place: [placeAmong({ atMs, placeKey }, events), atMs] }
  const index = events.findLastIndex(({ messageId }) => messageId === placeKey)
  return { ...run, place: [index >= 0 ? index + 1 : seen, 0] }
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
