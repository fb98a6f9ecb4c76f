import { TriplineError } from '@tripline/model'
import type { MatcherEvent } from '../matcher/event.ts'
import { decideInstant } from './decide.ts'
import { effectKey, effectOfLine } from './effects.ts'
import { isEngagement } from './engagement.ts'
import type { History } from './engine.ts'
import type { Fact } from './fact.ts'
import type { Causes, Millisecond, Reading } from './instant.ts'
import type { Run } from './run.ts'
import { takeFact } from './take-fact.ts'
import { showChange, showEvent, showTime } from './waited-occasions.ts'

const noFacts: readonly Fact[] = []
const noRuns: ReadonlySet<Run> = new Set()
const never = Number.POSITIVE_INFINITY

/** Reads events and facts up to `untilMs`, and everything due before it, millisecond by millisecond. */
export function readOn(reading: Reading, { events, facts = noFacts }: History): void {
  const { engine, state, untilMs, readMs } = reading
  // What an earlier call left behind when it failed is not of this user.
  engine.collector.take()
  let nextEvent = 0
  let nextFact = 0
  for (;;) {
    const nextMs = Math.min(events[nextEvent]?.atMs ?? never, facts[nextFact]?.atMs ?? never)
    const atMs = Math.min(nextMs, engine.core.nextDueMs(state.matcher), state.nextRunMs)
    if (nextMs < readMs || (nextMs > untilMs && nextMs < never)) throw outside(reading, nextMs)
    if (atMs >= untilMs && nextMs > untilMs) break
    const firstFact = nextFact
    while ((facts[nextFact]?.atMs ?? never) === atMs) {
      const fact = facts[nextFact++] as Fact
      engine.observer?.(state.userId, { what: 'fact', atMs, fact })
      takeFact(state, fact, engine.core)
    }
    const firstEvent = nextEvent
    while ((events[nextEvent]?.atMs ?? never) === atMs) nextEvent++
    readMillisecond(reading, atMs, { events, from: firstEvent, to: nextEvent }, nextFact > firstFact)
  }
  state.untilMs = untilMs
}

interface Span {
  readonly events: readonly MatcherEvent[]
  readonly from: number
  readonly to: number
}

/** Each event is an instant; timers share that of the last, and are one of their own where there is none. */
function readMillisecond(reading: Reading, atMs: number, span: Span, hasFacts: boolean): void {
  const { engine, state, untilMs } = reading
  const timers = atMs < untilMs
  const place: Place = { reading, atMs, hasFacts, millisecond: undefined, causes: undefined }
  for (let index = span.from; index < span.to; index++) {
    const event = span.events[index] as MatcherEvent
    engine.observer?.(state.userId, { what: 'event', atMs, event })
    readEvent(place, event, timers && index === span.to - 1)
  }
  if (span.from === span.to && timers) endInstant(place, undefined, true, noRuns)
  applyEffects(place, timers)
}

/** Where is read, and the millisecond once something was to be decided in it. */
interface Place {
  readonly reading: Reading
  readonly atMs: number
  readonly hasFacts: boolean
  millisecond: Millisecond | undefined
  causes: Causes | undefined
}

function readEvent(place: Place, event: MatcherEvent, timers: boolean): void {
  const { engine, state } = place.reading
  state.seen++
  engine.core.apply(state.matcher, event, engine.collector)
  endInstant(place, event, timers, state.runs.length > 0 ? showEvent(state, event) : noRuns)
}

/** What is due is told too, if timers belong to the instant; then it is decided, where there is anything to decide. */
function endInstant(
  place: Place,
  event: MatcherEvent | undefined,
  timers: boolean,
  shown: ReadonlySet<Run>,
  key: string | undefined = event?.messageId,
): void {
  const { reading, atMs } = place
  const { engine, state } = reading
  const { core, collector } = engine
  if (timers && (event === undefined || place.hasFacts || core.nextDueMs(state.matcher) <= atMs)) {
    core.endDue(state.matcher, atMs, collector)
  }
  const isIdle = collector.isEmpty && state.runs.length === 0
  if (isIdle && (event === undefined || !isEngagement(engine, event))) return
  place.millisecond ??= { ...reading, atMs, effects: [], entryCauses: new Map() }
  const waited = timers && state.runs.length > 0 ? showTime(state, atMs, shown) : shown
  decideInstant({ millisecond: place.millisecond, event, key, causes: place.causes, waited }, timers)
}

/** Effects come after all else in the millisecond, each an instant of its own; theirs follow them. */
function applyEffects(place: Place, timers: boolean): void {
  const { engine, state } = place.reading
  for (let made = 0; ; made++) {
    const effect = place.millisecond?.effects.shift()
    if (effect === undefined) return
    const applied = effectOfLine(effect.line)
    if (applied === undefined) continue
    place.causes = effect.causes
    if ('messageId' in applied) readEvent(place, applied, timers)
    else {
      engine.core.applyFact(state.matcher, applied, engine.collector)
      endInstant(place, undefined, timers, showChange(state, place.atMs), effectKey(made))
    }
  }
}

function outside({ state, readMs, untilMs }: Reading, atMs: number): TriplineError {
  return new TriplineError('triggers', {
    code: 'invalid',
    message: `an event or fact of user "${state.userId}" at ${atMs} lies outside what is read, ${readMs} to ${untilMs}`,
  })
}
