import type { Item, ItemResult, Value, Values } from '@tripline/model'

/** One item and what its connector said became of it. */
export interface Delivered {
  readonly item: Item
  readonly result: ItemResult
}
/** An event in the vendor's words. */
export interface PictureEvent {
  /** See `Picture.facts`. */
  readonly person: string
  readonly name: string
  /** ISO 8601 UTC at the vendor's resolution; undefined: the time of arrival, which nobody outside knows. */
  readonly at: string | undefined
  readonly properties: Values
}
export interface EventCount {
  readonly event: PictureEvent
  /** How often it is stored at least; more than `least` only where a result was `unknown`, `retry` or `maybeTwice`. */
  readonly least: number
  readonly most: number
}
/** What a vendor holds, or must hold, in a form in which both can be compared. */
export interface Picture {
  readonly vendor: string
  /** By canonical text. */
  readonly events: ReadonlyMap<string, EventCount>
  /**
   * About whom → what → the values it may have (one, unless a write is in doubt); null is absent. About whom:
   * `user:<userId>`, `anonymous:<anonymousId>`, `vendor:<id>`, `group:<groupId>`. What: an attribute by the vendor's
   * name, `in segment <id>`, `in group <groupId>`, `consent <channel or topic>`.
   */
  readonly facts: ReadonlyMap<string, ReadonlyMap<string, readonly Value[]>>
}
