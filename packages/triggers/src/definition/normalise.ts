import { TriplineError, type Mistake } from '@tripline/model'
import { checkDefinitions, checkStructure } from './check/check-definitions.ts'
import { checkTrigger } from './check/check-trigger.ts'
import { correlate } from './correlate.ts'
import type { Definitions, TriggerDefinition } from './definition.ts'
import type { DefinitionsInput, SegmentInput, TriggerInput } from './input.ts'
import type { Step } from './journey.ts'
import { readDefinitions, readSegment, readTrigger } from './read/definitions.ts'
import type { PlanInput, TrackingPlan } from './plan.ts'
import { readPlan } from './read/plan.ts'
import type { Read } from './read/reader.ts'
import type { SegmentDefinition } from './segment.ts'

export type Checked<Type> =
  | { readonly ok: true; readonly definition: Type }
  /** All mistakes, never none; `path` as in `when.base.for`. */
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/** Checks one trigger and gives its normal form. References to segments are checked with `parseDefinitions`. */
export function parseTrigger(input: unknown): Checked<TriggerDefinition> {
  return parse(
    input,
    readTrigger,
    (trigger, mistakes) => checkTrigger(trigger, '', mistakes),
    correlateTrigger,
  )
}

/** Checks a tracking plan and gives its normal form. */
export function parsePlan(input: unknown): Checked<TrackingPlan> {
  return parse(
    input,
    readPlan,
    () => undefined,
    (plan) => plan,
  )
}

/** Checks one segment and gives its normal form. */
export function parseSegment(input: unknown): Checked<SegmentDefinition> {
  return parse(
    input,
    readSegment,
    () => undefined,
    (segment) => segment,
  )
}

/**
 * Checks everything together: also that ids are unique, that named segments exist, that none refers to itself, and that
 * what the tracking plan declares is there and of a type that the comparison can use.
 */
export function parseDefinitions(input: unknown): Checked<Definitions> {
  return parse(input, readDefinitions, checkDefinitions, (definitions) => ({
    ...definitions,
    triggers: definitions.triggers.map(correlateTrigger),
  }))
}

/**
 * As `parseDefinitions`, without the tracking plan, and with `by` and lists of conditions as they are written: what the
 * checks look at, so that their paths are those of the input.
 */
export function parseStructure(input: unknown): Checked<Definitions> {
  return checkAsWritten(input, readDefinitions, checkStructure)
}

/**
 * The normal form of a trigger: defaults filled in, durations in their greatest unit, nested `and` and `or` made flat,
 * `by` on every node for which it holds. Two definitions that differ only in these give the same normal form, and
 * normalising twice changes nothing. Throws `TriplineError` with all mistakes.
 * @example normalise({ specVersion: 1, id: 'hello', when: { kind: 'on', event: { type: 'track', name: 'Signed Up' } } })
 */
export function normalise(input: TriggerInput): TriggerDefinition {
  return orThrow(parseTrigger(input), input.id)
}

/** The normal form of everything together. Throws `TriplineError` with all mistakes. */
export function normaliseDefinitions(input: DefinitionsInput): Definitions {
  return orThrow(parseDefinitions(input), 'definitions')
}

/** The normal form of a segment. Throws `TriplineError` with all mistakes. */
export function normaliseSegment(input: SegmentInput): SegmentDefinition {
  return orThrow(parseSegment(input), input.id)
}

/** The normal form of a tracking plan. Throws `TriplineError` with all mistakes. */
export function normalisePlan(input: PlanInput): TrackingPlan {
  return orThrow(parsePlan(input), 'plan')
}

function parse<Type>(
  input: unknown,
  read: Read<Type>,
  check: (definition: Type, mistakes: Mistake[]) => void,
  finish: (definition: Type) => Type,
): Checked<Type> {
  const written = checkAsWritten(input, read, check)
  if (!written.ok) return written
  const definition = read(input, { path: '', mistakes: [] })
  return definition === undefined ? written : { ok: true, definition: finish(definition) }
}

function checkAsWritten<Type>(
  input: unknown,
  read: Read<Type>,
  check: (definition: Type, mistakes: Mistake[]) => void,
): Checked<Type> {
  const mistakes: Mistake[] = []
  const definition = read(input, { path: '', mistakes, asWritten: true })
  if (definition === undefined || mistakes.length > 0) return { ok: false, mistakes }
  check(definition, mistakes)
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, definition }
}

function orThrow<Type>(checked: Checked<Type>, what: string): Type {
  if (checked.ok) return checked.definition
  const list = checked.mistakes
    .map(({ path, message }) => `${path === '' ? 'it' : path} ${message}`)
    .join('; ')
  throw new TriplineError('triggers', { code: 'invalid', message: `${what}: ${list}` })
}

function correlateTrigger(trigger: TriggerDefinition): TriggerDefinition {
  return { ...trigger, when: correlate(trigger.when), journey: trigger.journey.map(correlateStep) }
}

function correlateStep(step: Step): Step {
  switch (step.kind) {
    case 'waitFor':
      return {
        ...step,
        occasion: correlate(step.occasion),
        yes: step.yes.map(correlateStep),
        no: step.no.map(correlateStep),
      }
    case 'branch':
      return { ...step, yes: step.yes.map(correlateStep), no: step.no.map(correlateStep) }
    case 'split':
      return { ...step, arms: step.arms.map((arm) => ({ ...arm, steps: arm.steps.map(correlateStep) })) }
    default:
      return step
  }
}
