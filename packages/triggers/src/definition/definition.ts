import type { Duration } from './duration.ts'
import type { Guards, QuietHours } from './guards.ts'
import type { Step } from './journey.ts'
import type { Occasion } from './occasion.ts'
import type { TrackingPlan } from './plan.ts'
import type { SegmentDefinition } from './segment.ts'

/**
 * A trigger in its normal form: every default is filled in. A breaking change of the form gets `specVersion: 2` beside it.
 * Write it as `TriggerInput`, where what has a default may be left out, and `normalise` it.
 */
export interface TriggerDefinition extends Guards {
  readonly specVersion: 1
  /** Letters, digits, `-`, `_`, `.`. */
  readonly id: string
  readonly when: Occasion
  /** @default [] */
  readonly journey: readonly Step[]
}

/** At most `count` sends in any trailing `per`; without `channel` over all channels. */
export interface Cap {
  readonly channel?: string
  readonly count: number
  readonly per: Duration
}

/** After k ignored sends in a row the next needs min(base × factor^(k−1), max) since the last. */
export interface Backoff {
  readonly channel: string
  /** @default '3d' */
  readonly responseWindow: Duration
  readonly base: Duration
  readonly factor: number
  readonly max: Duration
}

/** What holds for all triggers. */
export interface Policy {
  /** Zone of users without a known one. @default 'UTC' */
  readonly defaultZone: string
  /** The trait that holds a user's zone. @default 'timezone' */
  readonly zoneTrait: string
  /** @default '30m' */
  readonly sessionGap: Duration
  /** @default '5s' */
  readonly lateness: Duration
  /** @default [] */
  readonly caps: readonly Cap[]
  /** @default [] */
  readonly backoff: readonly Backoff[]
  /**
   * Names of track events with `source: 'vendor'` that count as open, click or reply to the send whose id is their
   * property `send_id`. @default defaultEngagements
   */
  readonly engagements: readonly string[]
  /** How long sends wait for a higher one of their channel; absent: the same instant. */
  readonly arbitrationWindow?: Duration
  /** For triggers that have none. */
  readonly quietHours?: QuietHours
}

/** Everything that decides: the same events and the same `Definitions` give the same ledger. */
export interface Definitions {
  readonly specVersion: 1
  readonly plan: TrackingPlan
  readonly segments: readonly SegmentDefinition[]
  readonly triggers: readonly TriggerDefinition[]
  readonly policy: Policy
}
