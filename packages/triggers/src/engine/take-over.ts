import { TriplineError } from '@tripline/model'
import { canonical } from '../matcher/canonical.ts'
import { lineId } from '../ledger/line-id.ts'
import { withTimeLine, writeDifferences } from './change-time-line.ts'
import type { EmitLine, History } from './engine.ts'
import type { EnginePlan } from './engine-plan.ts'
import { replay } from './replay.ts'
import { compareRuns, type Run } from './run.ts'
import { planOf, rebind } from './save.ts'
import type { State } from './state.ts'
import type { TriggerPlan } from './trigger-plan.ts'

/** See `Engine.takeOver`. */
export function takeOver(
  engine: EnginePlan,
  state: State,
  history: History,
  atMs: number,
  emit: EmitLine,
): State {
  const known = (run: Run) =>
    isLeftBehind(engine, run) ? undefined : planOf(engine, run.plan.definition.id, run.plan.version)
  const runs = state.runs.flatMap((run) => {
    const plan = known(run)
    return plan === undefined ? [] : [rebind(run, checkVersion(run, plan))]
  })
  const replayed = replay(engine, state.userId, history, atMs + 1, runs)
  writeDifferences(state, replayed.members, atMs, 'definition', emit)
  const removed = state.runs.filter((run) => known(run) === undefined)
  for (const run of removed.toSorted(compareRuns)) endRun(engine, state, run, atMs, emit)
  return { ...withTimeLine(engine, state, replayed), untilMs: atMs + 1 }
}

/** A version is one definition: a run could not find its step again in another. */
function checkVersion(run: Run, plan: TriggerPlan): TriggerPlan {
  const [entered, given] = [run.plan, plan].map(({ definition }) =>
    canonical({ ...definition, enabled: true }),
  )
  if (entered === given) return plan
  throw new TriplineError('triggers', {
    code: 'invalid',
    message: `version ${plan.version} of trigger "${plan.definition.id}" is another definition than the one its runs were entered in`,
  })
}

/** The run is of an earlier version, and the new one wants such runs ended. */
function isLeftBehind(engine: EnginePlan, { plan: { definition, version } }: Run): boolean {
  const index = engine.core.triggers.indexOf(definition.id)
  const current = engine.plans[index]
  return index !== -1 && current?.definition.migrate === 'exit' && current.version !== version
}

/** The trigger, or this version of it, is no more: the run ends, and a send that waits in it is refused with it. */
function endRun(engine: EnginePlan, state: State, run: Run, atMs: number, emit: EmitLine): void {
  const { plan, userId, anchorKey, ended } = run
  const lineOf = (stepPath: string) => {
    const parts = { trigger: plan.definition.id, version: plan.version, userId, anchorKey, stepPath }
    const id = engine.ids.lines ? lineId(parts) : ''
    const heldOut = run.heldOut ? { heldOut: true as const } : {}
    return { ...parts, userId: state.userId, atMs, id, ...heldOut }
  }
  if (ended === undefined) emit({ kind: 'exit', ...lineOf('') })
  const node = plan.journey.nodes[run.node]
  const waits = run.pause.kind === 'contending' || run.pause.kind === 'deferred'
  if (!waits || node?.kind !== 'send') return
  const reason = ended === 'goal' ? 'goal-reached' : 'exit'
  emit({ kind: 'refusal', reason, channel: node.channel, ...lineOf(node.path) })
}
