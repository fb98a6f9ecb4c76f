import type { Policy, TriggerDefinition } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { Ending, QuietHours } from '../definition/guards.ts'
import type { Occasion } from '../definition/occasion.ts'
import type { Accepts, CompiledCondition, Compiler, TriggerCompiler } from '../matcher/core.ts'
import type { JourneyPlan } from './journey-node.ts'
import { compileJourney } from './journey-plan.ts'

/** One version of a trigger, ready to be decided on. */
export interface TriggerPlan {
  readonly definition: TriggerDefinition
  readonly version: number
  /** Place of the version among the plans of the engine. */
  readonly index: number
  readonly who: CompiledCondition | undefined
  readonly cooldownMs: number | undefined
  readonly atMost: readonly { readonly count: number; readonly perMs: number }[]
  /** Of the trigger, else of the policy; those of the policy do not hold for transactional sends. */
  readonly quietHours: QuietHours | undefined
  readonly goals: readonly EndingPlan[]
  readonly exits: readonly EndingPlan[]
  readonly journey: JourneyPlan
  /** How long ticks are made up for, of the `schedule` inside the occasion. */
  readonly catchUpMs: number | undefined
}

export interface EndingPlan {
  readonly definition: Ending
  readonly accepts: Accepts
  readonly withinMs: number
}

export interface PlanSource {
  readonly definition: TriggerDefinition
  readonly version: number
  readonly index: number
  readonly compiler: Compiler
  readonly trigger: TriggerCompiler
  readonly policy: Policy
}

export function compileTriggerPlan(source: PlanSource): TriggerPlan {
  const { definition, version, index, compiler, trigger, policy } = source
  const { who, cooldown, transactional } = definition
  const endings = (each: readonly Ending[]) => each.map((ending) => compileEnding(ending, trigger))
  return {
    definition,
    version,
    index,
    who: who === undefined ? undefined : trigger.condition(who),
    cooldownMs: cooldown === undefined ? undefined : durationMs(cooldown),
    atMost: definition.atMost.map(({ count, per }) => ({ count, perMs: durationMs(per) })),
    quietHours: definition.quietHours ?? (transactional ? undefined : policy.quietHours),
    goals: endings(definition.goals),
    exits: endings(definition.exits),
    journey: compileJourney(definition.id, definition.journey, compiler, trigger),
    catchUpMs: catchUpOf(definition.when),
  }
}

function catchUpOf(occasion: Occasion): number | undefined {
  if (occasion.kind === 'schedule') return durationMs(occasion.catchUp)
  return 'base' in occasion ? catchUpOf(occasion.base) : undefined
}

function compileEnding(definition: Ending, trigger: TriggerCompiler): EndingPlan {
  const { event, within } = definition
  const withinMs = within === undefined ? Number.POSITIVE_INFINITY : durationMs(within)
  return { definition, accepts: trigger.accepts(event), withinMs }
}
