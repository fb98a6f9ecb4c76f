import type { Condition } from './condition.ts'
import type { Duration } from './duration.ts'
import type { EventMatch } from './event-match.ts'

/** At most `count` entries in any trailing `per`, of all versions. */
export interface AtMost {
  readonly count: number
  readonly per: Duration
}

/** `[from, to)` on the user's clock, `HH:MM`; over midnight when `from` is the later. */
export interface QuietHours {
  readonly from: string
  readonly to: string
  /** `defer`: to the next `to`, at most 3 times. `drop`: never sent. @default 'defer' */
  readonly action: 'defer' | 'drop'
}

export interface Holdout {
  /** Share of the users that is held out, 0 to 1. */
  readonly share: number
  /** @default the trigger's id */
  readonly experiment: string
}

/** An event after the entry that ends the journey, within this time of the entry. */
export interface Ending {
  readonly event: EventMatch
  /** @default as long as the journey runs */
  readonly within?: Duration
}

/** Guards 1 to 5, asked at the fire, and what a trigger says about its sends. */
export interface Guards {
  /** Not part of the version. @default true */
  readonly enabled: boolean
  readonly who?: Condition
  /** The consent that is asked. @default 'marketing' */
  readonly purpose: string
  /** @default 'single': who is inside does not enter again */
  readonly reentry: 'single' | 'parallel'
  /** Time from one entry to the next; exactly this long is allowed. */
  readonly cooldown?: Duration
  /** @default [] */
  readonly atMost: readonly AtMost[]
  readonly holdout?: Holdout
  /** @default [] */
  readonly goals: readonly Ending[]
  /** @default [] */
  readonly exits: readonly Ending[]
  /** Higher goes first. @default 0 */
  readonly priority: number
  /** Neither refused nor counted by caps. @default false */
  readonly transactional: boolean
  readonly quietHours?: QuietHours
  /** What runs entered in earlier versions do when this version comes: go on as they were, or end (`exit`). @default 'finish' */
  readonly migrate: 'finish' | 'exit'
}
