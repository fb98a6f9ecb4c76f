import type { TrackingPlan } from '../definition/plan.ts'

/** Something of the source that the plan does not hold, or holds otherwise. */
export interface PlanNote {
  /** In the source: `events["Order Completed"].properties.total`, `rules[3].jsonSchema`. */
  readonly path: string
  readonly because: string
}
/** A plan from elsewhere, in its normal form, with a note for everything of the source that it does not hold. */
export interface ImportedPlan {
  readonly plan: TrackingPlan
  readonly notes: readonly PlanNote[]
}
