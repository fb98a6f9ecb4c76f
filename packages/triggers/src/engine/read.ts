import { TriplineError } from '@tripline/model'
import type { MatcherEvent } from '../matcher/event.ts'
import { decideInstant } from './decide.ts'
import { effectKey, effectOfLine } from './effects.ts'
import { isEngagement } from './engagement.ts'
import type { History } from './engine.ts'
import type { Fact } from './fact.ts'
import type { Causes, Instant, Millisecond, Reading } from './instant.ts'
import type { Run } from './run.ts'
import { takeFact } from './take-fact.ts'
import { showChange, showEvent, showTime } from './waited-occasions.ts'

const noFacts: readonly Fact[] = []
const noRuns: ReadonlySet<Run> = new Set()
const never = Number.POSITIVE_INFINITY

/** Reads events and facts up to `untilMs`, and everything due before it, millisecond by millisecond. */
export function readOn(reading: Reading, { events, facts = noFacts }: History): void {
  const { engine, state, untilMs, readMs } = reading
  if (!Number.isSafeInteger(untilMs)) throw notTime(untilMs)
  // What an earlier call left behind when it failed is not of this user.
  engine.collector.take()
  const place: Place = {
    reading,
    atMs: readMs,
    hasFacts: false,
    millisecond: undefined,
    knownDueMs: undefined,
  }
  let nextEvent = 0
  let nextFact = 0
  for (;;) {
    const nextMs = Math.min(timeAt(events, nextEvent), timeAt(facts, nextFact))
    const dueMs = place.knownDueMs ?? engine.core.nextDueMs(state.matcher)
    const atMs = Math.min(nextMs, dueMs, state.nextRunMs)
    // Written so that a time that is no number is refused too.
    if (!(nextMs >= readMs) || (nextMs > untilMs && nextMs < never)) throw outside(reading, nextMs)
    if (atMs >= untilMs && nextMs > untilMs) break
    begin(place, atMs)
    while (timeAt(facts, nextFact) === atMs) {
      const fact = facts[nextFact++] as Fact
      engine.observer?.(state.userId, { what: 'fact', atMs, fact })
      takeFact(state, fact, engine.core)
      place.hasFacts = true
    }
    const firstEvent = nextEvent
    while (timeAt(events, nextEvent) === atMs) nextEvent++
    const timers = atMs < untilMs
    for (let index = firstEvent; index < nextEvent; index++) {
      const event = events[index] as MatcherEvent
      engine.observer?.(state.userId, { what: 'event', atMs, event })
      readEvent(place, event, timers && index === nextEvent - 1, undefined)
    }
    if (firstEvent === nextEvent && timers) endInstant(place, timers, { ...timerPlace, waited: noRuns })
    if (place.millisecond !== undefined) applyEffects(place, place.millisecond, timers)
  }
  state.untilMs = untilMs
}

function timeAt(list: readonly { readonly atMs: number }[], index: number): number {
  return index < list.length ? (list[index] as (typeof list)[number]).atMs : never
}

/** The millisecond that is read: each event is an instant; timers share that of the last, or are one of their own. */
interface Place {
  readonly reading: Reading
  atMs: number
  hasFacts: boolean
  /** Once something was to be decided in it. */
  millisecond: Millisecond | undefined
  /** When something is due next, where it was just asked and nothing has happened since. */
  knownDueMs: number | undefined
}

function begin(place: Place, atMs: number): void {
  place.atMs = atMs
  place.hasFacts = false
  place.millisecond = undefined
  place.knownDueMs = undefined
}

type Happening = Pick<Instant, 'event' | 'key' | 'causes' | 'waited'>

const timerPlace = { event: undefined, key: undefined, causes: undefined } as const

function readEvent(place: Place, event: MatcherEvent, timers: boolean, causes: Causes | undefined): void {
  const { engine, state } = place.reading
  state.seen++
  engine.core.apply(state.matcher, event, engine.collector)
  if (isQuiet(place, event, timers)) return
  const waited = state.hasOccasions ? showEvent(state, event) : noRuns
  endInstant(place, timers, { event, key: event.messageId, causes, waited })
}

/** Nothing was told, nothing is due, nothing waits: what most events are. */
function isQuiet(place: Place, event: MatcherEvent, timers: boolean): boolean {
  const { engine, state } = place.reading
  if (state.hasOccasions || !engine.collector.isEmpty || isEngagement(engine, event)) return false
  if (state.runs.length > 0 && (state.nextRunMs <= place.atMs || engine.endingsOf(event).length > 0))
    return false
  if (!timers) return true
  place.knownDueMs = engine.core.nextDueMs(state.matcher)
  return !place.hasFacts && place.knownDueMs > place.atMs
}

/** What is due is told too, if timers belong to the instant; then it is decided, where there is anything to decide. */
function endInstant(place: Place, timers: boolean, happening: Happening): void {
  const { reading, atMs, hasFacts } = place
  const { engine, state } = reading
  const { core, collector } = engine
  const { event, waited } = happening
  const isDue = timers && (event === undefined || hasFacts || core.nextDueMs(state.matcher) <= atMs)
  place.knownDueMs = undefined
  if (isDue) core.endDue(state.matcher, atMs, collector)
  place.millisecond ??= { ...reading, atMs, isContended: false, effects: [], entryCauses: undefined }
  const { millisecond } = place
  const isTime = isDue || (timers && state.nextRunMs <= atMs)
  const shown = isTime && state.hasOccasions ? showTime(state, atMs, waited) : waited
  decideInstant({ ...happening, millisecond, waited: shown }, timers)
}

/** Effects come after all else in the millisecond, each an instant of its own; theirs follow them. */
function applyEffects(place: Place, { effects }: Millisecond, timers: boolean): void {
  const { engine, state } = place.reading
  for (let made = 0; made < effects.length; made++) {
    const { line, causes } = effects[made] as Millisecond['effects'][number]
    const applied = effectOfLine(line)
    if (applied === undefined) continue
    if ('messageId' in applied) readEvent(place, applied, timers, causes)
    else {
      engine.core.applyFact(state.matcher, applied, engine.collector)
      const waited = state.hasOccasions ? showChange(state, place.atMs) : noRuns
      endInstant(place, timers, { event: undefined, key: effectKey(made), causes, waited })
    }
  }
}

function notTime(untilMs: number): TriplineError {
  return new TriplineError('triggers', { code: 'invalid', message: `${untilMs} is no time to read until` })
}

function outside({ state, readMs, untilMs }: Reading, atMs: number): TriplineError {
  return new TriplineError('triggers', {
    code: 'invalid',
    message: `an event or fact of user "${state.userId}" at ${atMs} lies outside what is read, ${readMs} to ${untilMs}`,
  })
}
