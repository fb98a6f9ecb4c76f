import type { Definitions, TriggerDefinition } from '../definition/definition.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import { namedFields } from '../matcher/named-fields.ts'
import type { Explanation, StateAt } from './explanation.ts'
import { momentsOf } from './moments.ts'
import { atMsOf, triggerOf, type Seen } from './record.ts'
import { runsAt, waitsAt } from './state-at.ts'
import { storyOf } from './verdict.ts'

export interface ExplainOptions {
  readonly definitions: Definitions
  readonly userId: string
  /** What an engine with these definitions told of the user: see `createRecorder`. */
  readonly seen: readonly Seen[]
  /** Only this trigger, and the segments that it names. @default all */
  readonly trigger?: string
  /** Also tells how things stood after everything at this instant, and only the time line around it. */
  readonly at?: {
    readonly atMs: number
    /** Length of the time line told before and after it. @default 86_400_000 (a day) */
    readonly aroundMs?: number
    /** What held then. @default nothing is told of segments and `who` */
    readonly held?: Pick<StateAt, 'segments' | 'who'>
  }
}

const dayMs = 86_400_000

/**
 * What happened to one user and why, with words for people: what each trigger did, the time line, and how things stood.
 * @example
 * const recorder = createRecorder()
 * const engine = createEngine(definitions, { observer: recorder.observer })
 * engine.advance(engine.createUser('u1'), history, untilMs, recorder.emit)
 * explanationText(explainUser({ definitions, userId: 'u1', seen: recorder.seen }))
 */
export function explainUser({ definitions, userId, seen, trigger, at }: ExplainOptions): Explanation {
  const events = seen.flatMap(({ note }) => (note?.what === 'event' ? [note.event] : []))
  const { firstMs, lastMs } = spanOfEvents(events)
  const byTrigger = groupByTrigger(seen)
  const triggers = definitions.triggers.filter(({ id }) => trigger === undefined || id === trigger)
  const moments = momentsOf(seen, definitions, trigger)
  const { properties, traits } = namedFields({ triggers, segments: definitions.segments })
  const span = at && spanOf(at.atMs, at.aroundMs ?? dayMs)
  return {
    form: 1,
    userId,
    events: events.length,
    ...(events.length > 0 && {
      first: new Date(firstMs).toISOString(),
      last: new Date(lastMs).toISOString(),
    }),
    triggers: triggers.map((each) => {
      return storyOf(each, { own: byTrigger.get(each.id) ?? [], events, segments: definitions.segments })
    }),
    named: [...new Set([...properties, ...traits])].toSorted(),
    ...(at && { state: stateAt(at, seen, definitions, trigger) }),
    moments: span ? moments.filter((moment) => moment.at >= span.from && moment.at <= span.to) : moments,
    ...(span && { span }),
  }
}

function groupByTrigger(seen: readonly Seen[]): ReadonlyMap<string | undefined, readonly Seen[]> {
  const groups = new Map<string | undefined, Seen[]>()
  for (const each of seen) {
    const trigger = triggerOf(each)
    const group = groups.get(trigger)
    if (group === undefined) groups.set(trigger, [each])
    else group.push(each)
  }
  return groups
}

/** What came late is told late, so the last told need not be the latest. */
function spanOfEvents(events: readonly MatcherEvent[]): {
  readonly firstMs: number
  readonly lastMs: number
} {
  let [firstMs, lastMs] = [Infinity, -Infinity]
  for (const { atMs } of events) {
    firstMs = Math.min(firstMs, atMs)
    lastMs = Math.max(lastMs, atMs)
  }
  return { firstMs, lastMs }
}

function stateAt(
  { atMs, held }: NonNullable<ExplainOptions['at']>,
  seen: readonly Seen[],
  definitions: Definitions,
  trigger: string | undefined,
): StateAt {
  const own = definitions.triggers.find(({ id }) => id === trigger)
  const isAsked = (each: { readonly trigger: string }): boolean =>
    trigger === undefined || each.trigger === trigger
  return {
    at: new Date(atMs).toISOString(),
    known: seen.some((each) => atMsOf(each) <= atMs && makesUser(each)),
    segments: (held?.segments ?? []).filter(({ segment }) => own === undefined || names(own, segment)),
    waits: waitsAt(seen, atMs, definitions).filter(isAsked),
    runs: runsAt(seen, atMs, definitions).filter(isAsked),
    who: (held?.who ?? []).filter(isAsked),
  }
}

const makesUser = ({ note }: Seen): boolean =>
  note?.what === 'event' || (note?.what === 'fact' && note.fact.kind === 'traits')

/** Whether a trigger asks about a segment, enters or leaves it, or changes it. */
const names = (trigger: TriggerDefinition, segment: string): boolean =>
  JSON.stringify(trigger).includes(`"segment":${JSON.stringify(segment)}`)

const spanOf = (atMs: number, aroundMs: number): { readonly from: string; readonly to: string } => ({
  from: new Date(atMs - aroundMs).toISOString(),
  to: new Date(atMs + aroundMs).toISOString(),
})
