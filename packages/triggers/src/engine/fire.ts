import { TriplineError } from '@tripline/model'
import { anchorKeyOf } from '../matcher/event.ts'
import type { CollectedFire } from './collector.ts'
import { isHeldOut, refusalOfFire, type Asked } from './guards.ts'
import { writeLine, type Instant, type Subject } from './instant.ts'
import type { Run } from './run.ts'
import type { State } from './state.ts'
import type { TriggerPlan } from './trigger-plan.ts'
import { journeyEnd } from './journey-node.ts'
import { proceed } from './walk.ts'

const noChannels: readonly string[] = []

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
  const entrant = isHeldOut(asked) ? { ...subject, heldOut: true } : subject
  writeLine(instant, entrant, '', { kind: 'entry' })
  recordEntry(state, plan, atMs, engine.retainMs)
  if (plan.journey.start === journeyEnd) writeLine(instant, entrant, '', { kind: 'end' })
  else start(instant, entrant, fire)
}

function start(instant: Instant, subject: Subject, { anchor }: CollectedFire): void {
  const { engine, state, atMs } = instant.millisecond
  const { plan } = subject
  if (state.runs.length >= engine.maxRuns) throw tooMany(plan.definition.id, engine.maxRuns)
  const run: Run = {
    ...subject,
    entryMs: atMs,
    values: anchor.values,
    place: anchor.sequence > 0 ? [anchor.sequence, 0] : [state.seen, atMs],
    placeKey: anchor.sequence > 0 ? anchor.key : instant.key,
    node: plan.journey.start,
    pause: { kind: 'timer', dueMs: atMs },
    ended: undefined,
    channels: noChannels,
  }
  state.runs.push(run)
  if (plan.journey.acts) keepCauses(instant, run)
  proceed(instant, run, run.node)
}

/** Of nobody in particular: errors name no user. */
function tooMany(trigger: string, maxRuns: number): TriplineError {
  const message = `a user who enters "${trigger}" has ${maxRuns.toLocaleString('en-US')} running journeys already; does a journey start itself again without end? Checking the definitions shows which`
  return new TriplineError('triggers', { code: 'invalid', message })
}

function keepCauses({ millisecond, causes }: Instant, run: Run): void {
  millisecond.entryCauses ??= new Map()
  millisecond.entryCauses.set(run, new Set([...(causes ?? []), run.plan.definition.id]))
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
  if (old > 0) entries.splice(0, old)
  entries.push(atMs)
}

/** A tick that was reached only now, and is older than it is made up for. */
function isMissed({ millisecond }: Instant, { anchor }: CollectedFire, { catchUpMs }: TriggerPlan): boolean {
  const { nowMs, readMs } = millisecond
  if (nowMs === undefined || catchUpMs === undefined || anchor.sequence > 0) return false
  const tickMs = Number(anchor.key.slice('schedule:'.length))
  return tickMs >= readMs && tickMs < nowMs - catchUpMs
}
