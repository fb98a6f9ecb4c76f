/** One event of a user, as the matcher reads it. Duplicates are already dropped: that is the reader's work. */
export interface MatcherEvent {
  readonly messageId: string
  readonly type: 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias'
  /** Of a track event its name, of a page or screen its name where it has one. */
  readonly name?: string
  /** Event time, whole milliseconds UTC; per user never less than before. */
  readonly atMs: number
  /**
   * The properties; for `identify` the traits: what JSON can say, nested no deeper than some 1,000 levels (deeper lists and
   * objects throw a `RangeError` where they are compared). Numbers that are not finite are no values.
   */
  readonly properties: Bag
  /**
   * Absent: the user's own. `vendor`: reported by a vendor about our own sends; `tripline`: the effect of a step. Both
   * are matched by name, never by `any`, and lengthen no session. An `identify` of theirs writes traits, and is no event
   * that `identify` matches.
   */
  readonly source?: 'vendor' | 'tripline'
}
export interface Bag {
  readonly [name: string]: unknown
}

/** An occasion that happened, as the plain matcher tells it. */
export interface Fire {
  readonly trigger: string
  readonly userId: string
  readonly atMs: number
  /** `messageId` of the anchor event; for a fire by timer followed by `@` and the due time in ms. */
  readonly anchorKey: string
}
export type Emit = (fire: Fire) => void

/** What of the origin of an occasion outlives it: its place, its key and the values that the definition names. */
export interface Anchor {
  /** The user's events are numbered from 1: the place in the time line. 0 for an occasion without an event. */
  readonly sequence: number
  /** The event's `messageId`; else `segment:<id>:<entered|left>:<ms>`, `date:<trait>:<value>:<ms>`, `schedule:<ms>`. */
  readonly key: string
  /** By index of the trigger's anchor paths; `null` is missing. Empty when the trigger names none. */
  readonly values: readonly unknown[]
}

/** The anchor key of a fire. `dueMs`: the due time when a `without` fired it, else `undefined`. */
export function anchorKeyOf(anchor: Anchor, dueMs: number | undefined): string {
  return dueMs === undefined ? anchor.key : `${anchor.key}@${dueMs}`
}
