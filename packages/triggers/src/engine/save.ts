import { TriplineError } from '@tripline/model'
import type { EnginePlan } from './engine-plan.ts'
import type { Pause, Run } from './run.ts'
import type { Sent } from './sent.ts'
import { newState, updateNextRun, type Known, type State } from './state.ts'
import type { TriggerPlan } from './trigger-plan.ts'

/** Of the saved form. Another version is refused. */
export const stateVersion = 1

interface SavedUser {
  readonly version: number
  readonly program: string
  readonly user: string
  readonly matcher: unknown
  readonly untilMs: number | null
  readonly seen: number
  readonly members?: readonly string[]
  readonly runs?: readonly SavedRun[]
  readonly entries?: readonly (readonly [trigger: string, times: readonly number[]])[]
  readonly sends?: readonly SavedSent[]
  readonly goals?: readonly (readonly [channel: string, atMs: number, placeKey: string | null])[]
  readonly known?: {
    readonly suppressed: boolean
    readonly consents: readonly (readonly [purpose: string, granted: boolean])[]
    readonly unreachable: readonly string[]
  }
}
type SavedSent = readonly [
  atMs: number,
  channel: string,
  id: string,
  settled: boolean,
  placeKey: string | null,
]
interface SavedRun extends Pick<
  Run,
  'userId' | 'entryMs' | 'anchorKey' | 'values' | 'place' | 'placeKey' | 'heldOut' | 'node' | 'channels'
> {
  readonly trigger: string
  readonly version: number
  /** A scope in it is in its own saved form. */
  readonly pause: Pause
  readonly ended?: 'goal' | 'exit'
}

/** The state as text, the same for the same state however it was reached. */
export function saveState(engine: EnginePlan, state: State, fingerprint: string): string {
  const { matcher, untilMs, seen, members, runs, entries, sends, goals, known } = state
  const saved: SavedUser = {
    version: stateVersion,
    program: fingerprint,
    user: state.userId,
    matcher: engine.core.save(matcher),
    untilMs: Number.isFinite(untilMs) ? untilMs : null,
    seen,
    ...(members.length > 0 && { members }),
    ...(runs.length > 0 && { runs: runs.map(saveRun) }),
    ...(entries && { entries: [...entries].toSorted(byFirst) }),
    ...(sends?.length && { sends: sends.map(saveSent) }),
    ...(goals && {
      goals: [...goals]
        .map(([channel, { atMs, placeKey }]) => [channel, atMs, placeKey ?? null] as const)
        .toSorted(byFirst),
    }),
    ...(known && { known: saveKnown(known) }),
  }
  return JSON.stringify(saved)
}

function saveRun(run: Run): SavedRun {
  const { plan, userId, entryMs, anchorKey, values, place, placeKey, heldOut, node, pause, ended, channels } =
    run
  return {
    trigger: plan.definition.id,
    version: plan.version,
    userId,
    entryMs,
    anchorKey,
    values,
    place,
    placeKey,
    heldOut,
    node,
    channels,
    pause: withScope(run, pause, plan, 'save'),
    ...(ended && { ended }),
  }
}

/** The pause with the scope of its occasion saved, or loaded. */
function withScope(run: Pick<Run, 'node'>, pause: Pause, plan: TriggerPlan, way: 'save' | 'load'): Pause {
  const node = plan.journey.nodes[run.node]
  if (pause.kind !== 'occasion' || node?.kind !== 'waitFor') return pause
  return { ...pause, scope: node.occasion[way](pause.scope) as typeof pause.scope }
}

function saveSent({ atMs, channel, id, settled, placeKey }: Sent): SavedSent {
  return [atMs, channel, id, settled, placeKey ?? null]
}

function loadSent([atMs, channel, id, settled, placeKey]: SavedSent): Sent {
  return { atMs, channel, id, settled, placeKey: placeKey ?? undefined }
}

function saveKnown({ suppressed, consents, unreachable }: Known): NonNullable<SavedUser['known']> {
  return { suppressed, consents: [...consents].toSorted(byFirst), unreachable: [...unreachable].toSorted() }
}

function byFirst([left]: readonly [string, ...unknown[]], [right]: readonly [string, ...unknown[]]): number {
  return left < right ? -1 : 1
}

/** @throws {TriplineError} text of another version of the form, or of other definitions */
export function loadState(engine: EnginePlan, text: string, fingerprint: string): State {
  const saved = JSON.parse(text) as SavedUser
  if (saved.version !== stateVersion || saved.program !== fingerprint) {
    throw new TriplineError('triggers', {
      code: 'invalid',
      message: `state of version ${saved.version} and definitions ${saved.program} is not of these (${stateVersion}, ${fingerprint})`,
    })
  }
  const state = newState(saved.user, engine.core.load(saved.matcher))
  state.untilMs = saved.untilMs ?? Number.NEGATIVE_INFINITY
  state.seen = saved.seen
  state.members = saved.members ?? []
  state.runs = (saved.runs ?? []).map((run) => loadRun(engine, run))
  if (saved.entries !== undefined) {
    state.entries = new Map(saved.entries.map(([trigger, times]) => [trigger, [...times]]))
  }
  state.sends = saved.sends?.map(loadSent)
  if (saved.goals !== undefined) {
    const goals = saved.goals.map(
      ([channel, atMs, placeKey]) => [channel, { atMs, placeKey: placeKey ?? undefined }] as const,
    )
    state.goals = new Map(goals)
  }
  if (saved.known !== undefined) {
    const { suppressed, consents, unreachable } = saved.known
    state.known = { suppressed, consents: new Map(consents), unreachable: new Set(unreachable) }
  }
  updateNextRun(state)
  return state
}

function loadRun(engine: EnginePlan, saved: SavedRun): Run {
  const { trigger, version, pause, ended, ...rest } = saved
  const plan = planOf(engine, trigger, version)
  if (plan === undefined) throw new RangeError(`version ${version} of trigger "${trigger}" is not known`)
  return { ...rest, plan, pause: withScope(rest, pause, plan, 'load'), ended }
}

/** The compiled version; `undefined`: the engine does not know it. */
export function planOf(engine: EnginePlan, trigger: string, version: number): TriggerPlan | undefined {
  return engine.plans.find((plan) => plan.definition.id === trigger && plan.version === version)
}

/** The run under another engine that knows its version. */
export function rebind(run: Run, plan: TriggerPlan): Run {
  const saved = withScope(run, run.pause, run.plan, 'save')
  return { ...run, plan, pause: withScope(run, saved, plan, 'load') }
}
