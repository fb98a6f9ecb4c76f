/** All declared types, for checks and lists of allowed values. */
export const fieldTypes = [
  'string',
  'number',
  'integer',
  'boolean',
  'date',
  'instant',
  'strings',
  'money',
  'object',
] as const
/**
 * The declared type of a field. `date` is a calendar day without a zone, `instant` a moment in UTC, `strings` a set
 * (order and repeats do not count), `money` a decimal in major units with its ISO 4217 currency.
 */
export type FieldType = (typeof fieldTypes)[number]

/** One entry of the field registry. Its place in the registry is its importance: the last ones are dropped first. */
export interface Field {
  readonly of: 'user' | 'group' | 'event'
  /** The event it belongs to, for `of: 'event'`; absent: every event. */
  readonly event?: string
  /** Canonical name. Vendor names come from the adapter's table or its fold. */
  readonly name: string
  readonly type: FieldType
  /** The value identifies one person (or group). @default false */
  readonly unique?: boolean
}
