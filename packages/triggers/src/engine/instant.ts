import type { LedgerLine, TriggerLine } from '../ledger/line.ts'
import { lineId } from '../ledger/line-id.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import type { EmitLine } from './engine.ts'
import type { EnginePlan } from './engine-plan.ts'
import type { Run } from './run.ts'
import type { State } from './state.ts'
import type { TriggerPlan } from './trigger-plan.ts'

export type ActLine = Extract<LedgerLine, { readonly kind: 'act' }>
/** Triggers whose fires led here within the millisecond. */
export type Causes = ReadonlySet<string>

/** One call of `Engine.advance`. */
export interface Reading {
  readonly engine: EnginePlan
  readonly state: State
  readonly emit: EmitLine
  readonly untilMs: number
  /** What had been read before. */
  readonly readMs: number
  /** The clock, if the engine was away. */
  readonly nowMs: number | undefined
}

/** A millisecond of a user while it is decided. */
export interface Millisecond extends Reading {
  readonly atMs: number
  /** A send became due that is decided at the instant it is due. */
  isContended: boolean
  /** What steps do to the user, to be applied after its events and timers. */
  readonly effects: { readonly line: ActLine; readonly causes: Causes | undefined }[]
  /** Of the runs entered in it that may have effects, the causes of these. */
  entryCauses: Map<Run, Causes> | undefined
}

/** A place of the time line at which is decided. */
export interface Instant {
  readonly millisecond: Millisecond
  /** The event that makes it; absent for timers, facts and changes of sets. */
  readonly event: MatcherEvent | undefined
  /** Names the event or the effect that makes it, within its millisecond. */
  readonly key: string | undefined
  /** Of the effect that makes it. */
  readonly causes: Causes | undefined
  /** Runs whose `waitFor` happened at it. */
  readonly waited: ReadonlySet<Run>
}

/** What a line says about its run; a fire that did not enter has it too. */
export interface Subject {
  readonly plan: TriggerPlan
  /** At entry. */
  readonly userId: string
  readonly anchorKey: string
  readonly heldOut: boolean
}

type Body<Line> = Line extends TriggerLine
  ? Omit<Line, 'userId' | 'atMs' | 'trigger' | 'version' | 'anchorKey' | 'id' | 'stepPath' | 'heldOut'>
  : never

export function idOf(subject: Subject, stepPath: string): string {
  if (stepPath !== '') return makeId(subject, stepPath)
  if (!isSame(subject, lastSubject)) {
    lastId = makeId(subject, stepPath)
    lastSubject = subject
  }
  return lastId
}

/** Fire, entry and end mostly follow one another, and have one id. */
let lastSubject: Subject | undefined
let lastId = ''

function isSame(subject: Subject, other: Subject | undefined): boolean {
  return (
    subject.plan === other?.plan && subject.userId === other.userId && subject.anchorKey === other.anchorKey
  )
}

function makeId({ plan, userId, anchorKey }: Subject, stepPath: string): string {
  return lineId({ trigger: plan.definition.id, version: plan.version, userId, anchorKey, stepPath })
}

/** Writes a line of a run, or of a fire. Gives it back: an effect is made from it. */
export function writeLine(
  { millisecond }: Instant,
  subject: Subject,
  stepPath: string,
  body: Body<TriggerLine>,
): TriggerLine {
  const { engine, state, atMs, emit } = millisecond
  const { ids } = engine
  const needsId = ids.lines || (body.kind === 'send' && ids.sends) || (body.kind === 'act' && ids.effects)
  const line: TriggerLine & { heldOut?: true } = {
    ...body,
    userId: state.userId,
    atMs,
    trigger: subject.plan.definition.id,
    version: subject.plan.version,
    anchorKey: subject.anchorKey,
    id: needsId ? idOf(subject, stepPath) : '',
    stepPath,
  }
  if (subject.heldOut) line.heldOut = true
  emit(line)
  return line
}
