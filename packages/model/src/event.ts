import type { Values } from './value.ts'

/** Something a person did, in the words of the Segment Spec. `identify`, `group` and `alias` become other item kinds. */
export interface CanonicalEvent {
  readonly type: 'track' | 'page' | 'screen'
  /** Event name, e.g. `Order Completed`; for `page` and `screen` the page's name. */
  readonly event: string
  readonly properties: Values
  readonly context?: Values
}
