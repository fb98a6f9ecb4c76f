import type { Scope, ScopedOccasion } from '../matcher/core.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import type { MatcherUser } from '../matcher/user.ts'
import type { WaitForNode } from './journey-node.ts'
import type { Run } from './run.ts'

type WaitingRun = Run & { readonly pause: Extract<Run['pause'], { readonly kind: 'occasion' }> }

interface Waiting {
  readonly run: WaitingRun
  readonly occasion: ScopedOccasion
  /** Absent until the history reaches the step at which the run waits. */
  scope: Scope | undefined
}

const unheard = (): void => undefined

/**
 * What running journeys wait for, read again with a history: each from the step at which it waits. What happens in it
 * completes nothing, as it lies before what is read.
 */
export class ReplayedScopes {
  readonly #waiting: readonly Waiting[]

  constructor(runs: readonly Run[]) {
    this.#waiting = runs
      .filter((run): run is WaitingRun => run.pause.kind === 'occasion')
      .map((run) => ({
        run,
        occasion: (run.plan.journey.nodes[run.node] as WaitForNode).occasion,
        scope: undefined,
      }))
  }

  nextDueMs(): number {
    return Math.min(
      ...this.#waiting.map(({ occasion, scope }) => (scope ? occasion.nextDueMs(scope) : Infinity)),
    )
  }

  event(user: MatcherUser, event: MatcherEvent): void {
    for (const { occasion, scope } of this.#waiting) if (scope) occasion.apply(scope, user, event, unheard)
  }

  change(user: MatcherUser, atMs: number): void {
    for (const { occasion, scope } of this.#waiting) if (scope) occasion.hear(scope, user, atMs, unheard)
  }

  time(user: MatcherUser, atMs: number): void {
    for (const { occasion, scope } of this.#waiting) if (scope) occasion.endDue(scope, user, atMs, unheard)
  }

  /** A place is over: steps that were taken at it begin to wait. */
  passPlace(atMs: number, key: string): void {
    this.#start(({ sinceMs, sinceKey }) => sinceMs === atMs && sinceKey === key)
  }

  /** Events and timers of the millisecond are over, but not yet the effects of steps. */
  passTimers(atMs: number): void {
    this.#start(({ sinceMs, sinceKey }) => sinceMs === atMs && sinceKey === undefined)
  }

  /** Everything before `atMs` is over. */
  passBefore(atMs: number): void {
    this.#start(({ sinceMs }) => sinceMs < atMs)
  }

  /** The run as it waits over this history. */
  again(run: Run): Run {
    const scope = this.#waiting.find((waiting) => waiting.run === run)?.scope
    return scope === undefined || run.pause.kind !== 'occasion'
      ? run
      : { ...run, pause: { ...run.pause, scope } }
  }

  #start(isOver: (pause: WaitingRun['pause']) => boolean): void {
    for (const waiting of this.#waiting) {
      if (waiting.scope === undefined && isOver(waiting.run.pause)) waiting.scope = waiting.occasion.start()
    }
  }
}
