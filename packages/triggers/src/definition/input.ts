import type { Condition } from './condition.ts'
import type { Definitions, Policy, TriggerDefinition } from './definition.ts'
import type { Occasion } from './occasion.ts'
import type { PlanInput, TrackingPlan } from './plan.ts'
import type { SegmentDefinition } from './segment.ts'

/** Fields that have a default, by the `kind` of what holds them. */
interface DefaultsByKind {
  readonly did: 'count'
  readonly inactive: 'of'
  readonly sequence: 'reuse'
  readonly without: 'anchor'
  readonly at: 'offsetDays' | 'repeat'
  readonly schedule: 'catchUp'
  readonly static: 'members'
  readonly send: 'data'
  readonly waitFor: 'yes' | 'no'
  readonly branch: 'yes' | 'no'
  readonly emit: 'properties'
  readonly webhook: 'data'
}

type TriggerDefaults =
  | 'enabled'
  | 'purpose'
  | 'reentry'
  | 'migrate'
  | 'atMost'
  | 'goals'
  | 'exits'
  | 'priority'
  | 'transactional'
  | 'journey'

type DefaultsOf<Type> = Type extends { readonly kind: infer Kind }
  ? Kind extends keyof DefaultsByKind
    ? DefaultsByKind[Kind]
    : never
  : Type extends { readonly journey: unknown }
    ? TriggerDefaults
    : Type extends { readonly zoneTrait: unknown }
      ? keyof Policy
      : Type extends { readonly triggers: unknown }
        ? 'plan' | 'segments' | 'triggers' | 'policy'
        : Type extends { readonly share: unknown }
          ? 'experiment'
          : Type extends { readonly content: unknown }
            ? 'data'
            : Type extends { readonly responseWindow: unknown }
              ? 'responseWindow'
              : Type extends { readonly action: 'defer' | 'drop' }
                ? 'action'
                : never

/** Fields without anything inside that has a default. */
type Plain = 'value' | 'values' | 'from' | 'to' | 'where' | 'content' | 'members'

/** A definition as written: what has a default may be left out, at every depth. */
export type Loose<Type> = Type extends TrackingPlan
  ? PlanInput
  : Type extends readonly unknown[]
    ? { readonly [Index in keyof Type]: Loose<Type[Index]> }
    : Type extends object
      ? {
          readonly [Name in keyof Type as Name extends DefaultsOf<Type> ? never : Name]: LooseField<
            Type,
            Name
          >
        } & {
          readonly [Name in keyof Type as Name extends DefaultsOf<Type> ? Name : never]?: LooseField<
            Type,
            Name
          >
        }
      : Type
type LooseField<Type, Name extends keyof Type> = Name extends Plain ? Type[Name] : Loose<Type[Name]>

export type ConditionInput = Loose<Condition>
export type OccasionInput = Loose<Occasion>
export type TriggerInput = Loose<TriggerDefinition>
export type SegmentInput = Loose<SegmentDefinition>
export type DefinitionsInput = Loose<Definitions>
