import { anchorKeyOf } from '../matcher/event.ts'
import type { CollectedFire } from './collector.ts'
import { isHeldOut, refusalOfFire, type Asked } from './guards.ts'
import { writeLine, type Instant, type Subject } from './instant.ts'
import type { Run } from './run.ts'
import type { State } from './state.ts'
import type { TriggerPlan } from './trigger-plan.ts'
import { proceed } from './walk.ts'

/** An occasion happened: its `fire`, then its `entry` with what the run does at once, or its `refusal`. */
export function decideFire(instant: Instant, fire: CollectedFire): void {
  const { engine, state, atMs } = instant.millisecond
  const plan = engine.plans[fire.trigger] as TriggerPlan
  const anchorKey = anchorKeyOf(fire.anchor, fire.dueMs)
  const subject: Subject = { plan, userId: state.userId, anchorKey, heldOut: false }
  writeLine(instant, subject, '', { kind: 'fire' })
  const asked: Asked = { instant, plan, values: fire.anchor.values, node: 'entry' }
  const reason = isMissed(instant, fire, plan)
    ? 'missed'
    : instant.causes?.has(plan.definition.id) === true
      ? 'loop'
      : refusalOfFire(asked)
  if (reason !== undefined) {
    writeLine(instant, subject, '', { kind: 'refusal', reason })
    return
  }
  const run: Run = {
    plan,
    userId: state.userId,
    entryMs: atMs,
    anchorKey,
    values: fire.anchor.values,
    place: fire.anchor.sequence > 0 ? [fire.anchor.sequence, 0] : [state.seen, atMs],
    placeKey: fire.anchor.sequence > 0 ? fire.anchor.key : instant.key,
    heldOut: isHeldOut(asked),
    node: plan.journey.start,
    pause: { kind: 'timer', dueMs: atMs },
    ended: undefined,
    channels: [],
  }
  enter(instant, run)
}

function enter(instant: Instant, run: Run): void {
  const { state, engine, atMs, entryCauses } = instant.millisecond
  const { id } = run.plan.definition
  writeLine(instant, run, '', { kind: 'entry' })
  recordEntry(state, run.plan, atMs, engine.retainMs)
  state.runs.push(run)
  entryCauses.set(run, new Set([...(instant.causes ?? []), id]))
  proceed(instant, run, run.plan.journey.start)
}

/** Keeps the time for guard 4, and drops what cool-down and `atMost` of the trigger ask for no more. */
export function recordEntry(state: State, plan: TriggerPlan, atMs: number, retainMs: number): void {
  const { cooldownMs, atMost, definition } = plan
  const keepMs = Math.max(retainMs, cooldownMs ?? 0, ...atMost.map(({ perMs }) => perMs))
  if (keepMs === 0) return
  state.entries ??= new Map()
  const entries = state.entries.get(definition.id)
  if (entries === undefined) {
    state.entries.set(definition.id, [atMs])
    return
  }
  let old = 0
  while (old < entries.length && (entries[old] as number) <= atMs - keepMs) old++
  entries.splice(0, old)
  entries.push(atMs)
}

/** A tick that was reached only now, and is older than it is made up for. */
function isMissed({ millisecond }: Instant, { anchor }: CollectedFire, { catchUpMs }: TriggerPlan): boolean {
  const { nowMs, readMs } = millisecond
  if (nowMs === undefined || catchUpMs === undefined || anchor.sequence > 0) return false
  const tickMs = Number(anchor.key.slice('schedule:'.length))
  return tickMs >= readMs && tickMs < nowMs - catchUpMs
}
