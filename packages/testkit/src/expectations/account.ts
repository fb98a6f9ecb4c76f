import type { CanonicalEvent, EventItem, Field, Values } from '@tripline/model'
import type { LossBook } from './loss-book.ts'

/** What the connector's options say and the expectation must know, too. */
export interface ExpectedAccount {
  /** The field registry that the connector has. @default [] */
  readonly fields?: readonly Field[]
  /** Canonical event name → the vendor's. @default {} */
  readonly eventNames?: Readonly<Record<string, string>>
  /** Canonical trait → the vendor's. @default {} */
  readonly fieldNames?: Readonly<Record<string, string>>
}

/** A page or screen becomes an event with its name in it, where a vendor has only events. */
export function eventNameOf(event: CanonicalEvent, { eventNames = {} }: ExpectedAccount): string {
  const name =
    event.type === 'track'
      ? event.event
      : `Viewed ${event.event} ${event.type === 'page' ? 'Page' : 'Screen'}`
  return Object.hasOwn(eventNames, name) ? (eventNames[name] ?? name) : name
}
export const isOrder = ({ event, backfill }: EventItem): boolean =>
  event.type === 'track' && event.event === 'Order Completed' && backfill !== true

/** What of the context must be stored; vendors that hold none say so. */
export function contextOf({ event: { context = {} } }: EventItem, book: LossBook): Values {
  const left = Object.entries(context).filter(([name]) => !book.dropped(`event.context.${name}`))
  return left.length === 0 ? {} : { '(context)': Object.fromEntries(left) }
}

/** An instant in one spelling. */
export const isoOf = (text: string): string => new Date(text).toISOString()
