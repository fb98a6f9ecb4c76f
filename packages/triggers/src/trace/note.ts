import type { Value } from '@tripline/model'
import type { Condition } from '../definition/condition.ts'
import type { Fact } from '../engine/fact.ts'
import type { MatcherEvent } from '../matcher/event.ts'

/** A condition with the answer it gave and the value it had. */
export interface ConditionTrace {
  readonly condition: Condition
  readonly holds: boolean
  /** What was compared: a trait's value, a count, a total, the time of the latest event in ms; absent: no value. */
  readonly value?: Value
  /** Of `and`, `or`, `not`, and of a dynamic segment. */
  readonly parts?: readonly ConditionTrace[]
}

export type GuardName =
  | 'enabled'
  | 'who'
  | 'suppression'
  | 'consent'
  | 'reentry'
  | 'cooldown'
  | 'at-most'
  | 'holdout'
  | 'ending'
  | 'reachability'
  | 'priority'
  | 'cap'
  | 'backoff'
  | 'quiet-hours'

/** What happened inside, in order, told while it happens. `trigger` and `node` say where: `when`, `when.base`, `journey.2`. */
export type Note =
  /** An event of the user is read. */
  | { readonly what: 'event'; readonly atMs: number; readonly event: MatcherEvent }
  | { readonly what: 'fact'; readonly atMs: number; readonly fact: Fact }
  /** A node of an occasion saw something that made no fire by itself. */
  | (At & { readonly what: 'counted'; readonly count: number; readonly of: number })
  | (At & { readonly what: 'wait-started' | 'wait-restarted' | 'wait-ignored'; readonly dueMs: number })
  /** `by`: the `messageId` of the event that ended it. */
  | (At & { readonly what: 'wait-cancelled'; readonly by: string; readonly dueMs: number })
  | (At & { readonly what: 'wait-ended' })
  | (At & { readonly what: 'step-seen'; readonly step: number; readonly of: number })
  | (At & { readonly what: 'chain-completed' })
  | (At & { readonly what: 'given'; readonly condition: ConditionTrace })
  /** A guard was asked, at the fire or for a send. */
  | (At & {
      readonly what: 'guard'
      readonly guard: GuardName
      readonly passed: boolean
      readonly condition?: ConditionTrace
      /**
       * What it was decided on, times and lengths in ms. `who`: `undecidable`; `consent`: `purpose`, `consent`;
       * `cooldown`: `lastMs`, `cooldownMs`; `at-most`: `count`, `limit`, `perMs`; `holdout`: `bucket`, `share`,
       * `experiment`; `ending`: `by`; `reachability`: `channel`; `priority`: `priority`, `winner` (trigger); `cap`: `cap`
       * (index in the policy), `count`, `limit`, `perMs`; `backoff`: `ignored`, `lastMs`, `nextMs`; `quiet-hours`:
       * `local`, `from`, `to`, `zone`.
       */
      readonly facts: { readonly [name: string]: Value }
    })
  /**
   * A journey reached a step, took a way, or waits. Facts: a wait has `untilMs`, when it is over `way` or `engaged`; a
   * send that waits for others `decidedMs`; a branch `way`; a split `arm`, `bucket`.
   */
  | (At & {
      readonly what: 'step'
      readonly path: string
      readonly facts: { readonly [name: string]: Value }
      readonly condition?: ConditionTrace
    })

interface At {
  readonly atMs: number
  readonly trigger: string
  /** `when`, `when.base` …; of guards `entry` or the step path; of steps the step path. */
  readonly node: string
  /** The value of `by` for which the node of an occasion keeps its state. */
  readonly key?: Value
}

export type Observer = (userId: string, note: Note) => void
