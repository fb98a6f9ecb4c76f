import { anchorKeyOf, type MatcherEvent } from '../matcher/event.ts'
import type { MatcherUser } from '../matcher/user.ts'
import type { History } from './engine.ts'
import type { EnginePlan } from './engine-plan.ts'
import { effectKey } from './effects.ts'
import type { Run } from './run.ts'
import { ReplayedScopes } from './replay-scopes.ts'
import { byMillisecond, type EffectPlace } from './time-line.ts'

/** What the matcher makes of a whole history: its state, what fired in it, and the memberships at its end. */
export interface Replayed {
  readonly matcher: MatcherUser
  /** In the order of the law. */
  readonly fires: readonly ReplayedFire[]
  /** Ids of the segments, sorted. */
  readonly members: readonly string[]
  /** The events in the order of the time line. */
  readonly events: readonly MatcherEvent[]
  /** The running journeys given, with what they wait for read again. */
  readonly runs: readonly Run[]
}
export interface ReplayedFire {
  /** Index into the plans of the engine. */
  readonly trigger: number
  readonly atMs: number
  readonly anchorKey: string
}

/** Reads a history again, with what is due before `untilMs`, and decides nothing. */
export function replay(
  engine: EnginePlan,
  userId: string,
  history: History,
  untilMs: number,
  runs: readonly Run[] = [],
): Replayed {
  const reading = new Replay(engine, userId, untilMs, new ReplayedScopes(runs))
  engine.silence.isOn = true
  try {
    reading.readAll(history)
  } finally {
    engine.silence.isOn = false
  }
  const { matcher, fires, members, events, scopes } = reading
  const waiting = runs.map((run) => scopes.again(run))
  return { matcher, fires, members: [...members].toSorted(), events, runs: waiting }
}

class Replay {
  readonly matcher: MatcherUser
  readonly fires: ReplayedFire[] = []
  readonly members = new Set<string>()
  readonly events: MatcherEvent[] = []
  readonly scopes: ReplayedScopes
  readonly #engine: EnginePlan
  readonly #untilMs: number

  constructor(engine: EnginePlan, userId: string, untilMs: number, scopes: ReplayedScopes) {
    this.scopes = scopes
    this.matcher = engine.core.createUser(userId)
    this.#engine = engine
    this.#untilMs = untilMs
  }

  readAll(history: History): void {
    for (const { atMs, facts, events, effects } of byMillisecond(history)) {
      this.#endBefore(atMs)
      this.scopes.passBefore(atMs)
      for (const fact of facts) this.#engine.core.applyFact(this.matcher, fact)
      for (const [index, event] of events.entries()) this.#read(event, index === events.length - 1)
      if (events.length === 0) this.#end(atMs)
      this.scopes.passTimers(atMs)
      for (const [index, effect] of effects.entries()) this.#apply(effect, index)
    }
    this.#endBefore(this.#untilMs)
    this.scopes.passBefore(Infinity)
  }

  #endBefore(atMs: number): void {
    const endMs = Math.min(atMs, this.#untilMs)
    for (;;) {
      const dueMs = Math.min(this.#engine.core.nextDueMs(this.matcher), this.scopes.nextDueMs())
      if (dueMs >= endMs) return
      this.scopes.passBefore(dueMs)
      this.#end(dueMs)
    }
  }

  #read(event: MatcherEvent, last: boolean): void {
    const { core, collector } = this.#engine
    core.apply(this.matcher, event, collector)
    this.events.push(event)
    this.scopes.event(this.matcher, event)
    if (last) this.#end(event.atMs)
    else this.#take(event.atMs)
    this.scopes.passPlace(event.atMs, event.messageId)
  }

  #apply(effect: EffectPlace, place: number): void {
    if ('event' in effect) {
      this.#read(effect.event, true)
      return
    }
    const { core, collector } = this.#engine
    const { atMs } = effect.fact
    core.applyFact(this.matcher, effect.fact, collector)
    this.scopes.change(this.matcher, atMs)
    this.#end(atMs)
    this.scopes.passPlace(atMs, effectKey(place))
  }

  #end(atMs: number): void {
    const { core, collector } = this.#engine
    if (atMs < this.#untilMs) {
      core.endDue(this.matcher, atMs, collector)
      this.scopes.time(this.matcher, atMs)
    }
    this.#take(atMs)
  }

  #take(atMs: number): void {
    const { core, collector } = this.#engine
    const { fires, changes } = collector.take()
    for (const { segment, entered } of changes) {
      const id = core.segments[segment] as string
      if (entered) this.members.add(id)
      else this.members.delete(id)
    }
    fires.sort((left, right) => left.trigger - right.trigger || left.anchor.sequence - right.anchor.sequence)
    for (const { trigger, anchor, dueMs } of fires) {
      this.fires.push({ trigger, atMs, anchorKey: anchorKeyOf(anchor, dueMs) })
    }
  }
}
