import type { MatcherUser } from '../matcher/user.ts'
import type { NamedPlace } from './place.ts'
import type { Pause, Run } from './run.ts'
import type { Sent } from './sent.ts'
import type { EngineUser } from './user.ts'

/**
 * All that the engine keeps of one user beside the matcher's state: running journeys, entries as far back as cool-downs
 * and `atMost` of the trigger ask, sends as far back as caps and back-off ask (see `SendRules`), and what facts said.
 */
export interface State extends EngineUser {
  readonly userId: string
  matcher: MatcherUser
  /** What is due before it is done; events up to it are read. */
  untilMs: number
  /** Number of events read. */
  seen: number
  /** Ids of the segments that the ledger says the user is in, sorted. */
  members: readonly string[]
  /** In the order of their entries. */
  runs: Run[]
  /** None of them has something to do before; `Infinity`: none ever has. */
  nextRunMs: number
  /** Whether a run may wait for an occasion. */
  hasOccasions: boolean
  /** Times of entries by trigger id, ascending. */
  entries: Map<string, number[]> | undefined
  sends: Sent[] | undefined
  /** The latest goal of a run that had sent in the channel. */
  goals: Map<string, NamedPlace> | undefined
  known: Known | undefined
}

/** What facts said last. */
export interface Known {
  suppressed: boolean
  /** By purpose: granted or not. */
  readonly consents: Map<string, boolean>
  readonly unreachable: Set<string>
}

const noMembers: readonly string[] = []

export function newState(userId: string, matcher: MatcherUser): State {
  return {
    userId,
    matcher,
    untilMs: Number.NEGATIVE_INFINITY,
    seen: 0,
    members: noMembers,
    runs: [],
    nextRunMs: Number.POSITIVE_INFINITY,
    hasOccasions: false,
    entries: undefined,
    sends: undefined,
    goals: undefined,
    known: undefined,
  }
}

/** The run waits. */
export function pause(state: State, run: Run, until: Pause): void {
  run.pause = until
  if (until.kind === 'occasion') state.hasOccasions = true
  state.nextRunMs = Math.min(state.nextRunMs, until.dueMs)
}

/** After the time of some run came: when the next has something to do. */
export function updateNextRun(state: State): void {
  let nextMs = Number.POSITIVE_INFINITY
  state.hasOccasions = false
  for (const { pause, plan, node } of state.runs) {
    if (pause.dueMs < nextMs) nextMs = pause.dueMs
    if (pause.kind !== 'occasion') continue
    state.hasOccasions = true
    const step = plan.journey.nodes[node]
    if (step?.kind === 'waitFor') nextMs = Math.min(nextMs, step.occasion.nextDueMs(pause.scope))
  }
  state.nextRunMs = nextMs
}
