import type { Scope } from '../matcher/core.ts'
import { compareText } from '../matcher/order.ts'
import type { TriggerPlan } from './trigger-plan.ts'

/** What a run waits for. */
export type Pause =
  /** A `wait` or `waitUntil`, a `waitFor`, an engagement: its step goes on at `dueMs` if nothing comes before. */
  | { readonly kind: 'timer'; readonly dueMs: number }
  | {
      readonly kind: 'occasion'
      readonly dueMs: number
      readonly scope: Scope
      /** The instant of its step: only what comes after it counts. Absent key: no event or effect made it. */
      readonly sinceMs: number
      readonly sinceKey?: string
    }
  | { readonly kind: 'engagement'; readonly dueMs: number; readonly send: string }
  /**
   * A send in arbitration, decided at `dueMs`; `sinceMs`: when it became due. `isTimed`: at the end of a window, with the
   * timers of that millisecond, and not at the instant it became due.
   */
  | {
      readonly kind: 'contending'
      readonly dueMs: number
      readonly sinceMs: number
      readonly isTimed: boolean
      readonly deferrals: number
    }
  /** A send in quiet hours, asked again at `dueMs`. */
  | { readonly kind: 'deferred'; readonly dueMs: number; readonly deferrals: number }

/** A journey of the user that has not ended, or whose last send is still to be refused. */
export interface Run {
  readonly plan: TriggerPlan
  /** The user id at entry: ids and arms keep it through merges. */
  readonly userId: string
  readonly entryMs: number
  readonly anchorKey: string
  readonly values: readonly unknown[]
  /** Place of the anchor: number of events up to it; and the time of the fire where there is no anchor event, else 0. */
  readonly place: readonly [seen: number, atMs: number]
  /** Names the event or effect of that place; absent for the place of a timer. */
  readonly placeKey: string | undefined
  readonly heldOut: boolean
  /** Step of the journey at which it is. */
  node: number
  pause: Pause
  /** Ended by one of these while a send still waited. */
  ended: 'goal' | 'exit' | undefined
  /** Channels in which it has sent what engagements count for. */
  channels: readonly string[]
}

/** A run whose send is in arbitration. */
export type Contender = Run & { readonly pause: Extract<Pause, { readonly kind: 'contending' }> }

/** By trigger id, then by the place of the anchor. */
export function compareAnchors(left: Run, right: Run): number {
  const [leftId, rightId] = [left.plan.definition.id, right.plan.definition.id]
  if (leftId !== rightId) return leftId < rightId ? -1 : 1
  return left.place[0] - right.place[0] || left.place[1] - right.place[1]
}

/** After a merge two runs may have one place: that of the lesser user id at entry comes first. */
export function compareRuns(left: Run, right: Run): number {
  return compareAnchors(left, right) || compareText(left.userId, right.userId)
}
