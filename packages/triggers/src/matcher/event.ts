/** One event of a user, as the matcher reads it. Duplicates are already dropped: that is the reader's work. */
export interface MatcherEvent {
  readonly messageId: string
  readonly type: 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias'
  /** Of a track event its name, of a page or screen its name where it has one. */
  readonly name?: string
  /** Event time, whole milliseconds UTC; per user never less than before. */
  readonly atMs: number
  /** The properties; for `identify` the traits. */
  readonly properties: Bag
  /** Reported by a vendor about our own sends: matched by name, never by `any`. @default false */
  readonly fromVendor?: boolean
}
export interface Bag {
  readonly [name: string]: unknown
}

/** An occasion that happened: what guards and journeys decide on next. */
export interface Fire {
  readonly trigger: string
  readonly userId: string
  readonly atMs: number
  /** `messageId` of the anchor event; for a fire by timer followed by `@` and the due time in ms. */
  readonly anchorKey: string
}
export type Emit = (fire: Fire) => void

/** What of an anchor event outlives it: its place, its id and the values that the definition names. */
export interface Anchor {
  /** The user's events are numbered from 1: the place in the time line. */
  readonly sequence: number
  readonly messageId: string
  /** By index of the trigger's anchor paths; `null` is missing. */
  readonly values: readonly unknown[]
}
