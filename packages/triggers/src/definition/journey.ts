import type { Value } from '@tripline/model'
import type { Path } from './comparison.ts'
import type { Condition } from './condition.ts'
import type { Duration } from './duration.ts'
import type { Occasion } from './occasion.ts'

/**
 * One step. The **step path** names it: its place in the list, then for nested steps `/yes/`, `/no/` or
 * `/<arm>/` and the place in that list: `2/yes/0`. The sends of a fallback are `1/0`, `1/1`, ….
 */
export type Step =
  | SendStep
  | FallbackStep
  | { readonly kind: 'wait'; readonly for: Duration }
  /** The next such local time strictly later. `zone` absent: the user's. */
  | { readonly kind: 'waitUntil'; readonly time: string; readonly zone?: string }
  | WaitForStep
  | BranchStep
  | SplitStep
  | { readonly kind: 'setTrait'; readonly trait: string; readonly value: DataSource }
  | { readonly kind: 'addTo' | 'removeFrom'; readonly segment: string }
  | { readonly kind: 'emit'; readonly event: string; readonly properties: Data }
  | { readonly kind: 'webhook'; readonly url: string; readonly data: Data }
  | { readonly kind: 'exit' }

/** Where data comes from. Functions never enter a definition: data is picked by paths. */
export type DataSource = { readonly anchor: Path } | { readonly trait: Path } | { readonly value: Value }
/** @default {} */
export type Data = { readonly [name: string]: DataSource }

/** A message that exists at the vendor. */
export interface Content {
  readonly kind: string
  readonly id: string
}
export interface SendStep {
  readonly kind: 'send'
  /** `email`, `sms`, `push` … */
  readonly channel: string
  /** By vendor. */
  readonly content: { readonly [vendor: string]: Content }
  readonly data: Data
}
/** The sends one after another, until the user engages with one within `ifNotEngagedIn` of it. */
export interface FallbackStep {
  readonly kind: 'fallback'
  readonly sends: readonly Omit<SendStep, 'kind'>[]
  readonly ifNotEngagedIn: Duration
}
/** Only events after the step's instant count; the timeout comes after the events of its millisecond. */
export interface WaitForStep {
  readonly kind: 'waitFor'
  readonly occasion: Occasion
  readonly timeout: Duration
  /** @default [] */
  readonly yes: readonly Step[]
  /** @default [] */
  readonly no: readonly Step[]
}
export interface BranchStep {
  readonly kind: 'branch'
  readonly condition: Condition
  /** @default [] */
  readonly yes: readonly Step[]
  /** @default [] */
  readonly no: readonly Step[]
}
export interface SplitStep {
  readonly kind: 'split'
  /** @default trigger id + '/' + step path */
  readonly experiment?: string
  readonly arms: readonly { readonly weight: number; readonly steps: readonly Step[] }[]
}
