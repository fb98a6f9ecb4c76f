import { isCalendarDate, readInstant, type Value } from '@tripline/model'

/** Intercom's times are whole Unix seconds, UTC. */
export interface Seconds {
  readonly seconds: number
  /** Parts of a second were cut. */
  readonly rounded: boolean
}

/** The Unix seconds of an instant (ISO 8601 with a zone) or of the beginning of a day in UTC; undefined: neither. */
export function toSeconds(value: Value): Seconds | undefined {
  if (typeof value !== 'string') return undefined
  if (isCalendarDate(value)) return { seconds: Date.parse(value) / 1_000, rounded: false }
  const read = readInstant(value)
  if (!read.ok) return undefined
  const ms = Date.parse(read.at)
  return { seconds: Math.floor(ms / 1_000), rounded: read.rounded || ms % 1_000 !== 0 }
}

export const toInstant = (seconds: number): string => new Date(seconds * 1_000).toISOString()
