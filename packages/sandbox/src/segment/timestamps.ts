import { toIso } from './context.ts'

const iso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/

/** Milliseconds of an ISO 8601 text; undefined for anything else, as for a number or a date in another form. */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const match = iso.exec(value)
  if (!match) return undefined
  const zoned = match.groups?.zone !== undefined || !value.includes('T')
  const ms = Date.parse(zoned ? value : `${value}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

/** Whether a text is an instant and says which zone it is in. */
export const hasZone = (text: string): boolean => iso.exec(text)?.groups?.zone !== undefined

export interface MessageTimes {
  readonly originalTimestamp: string
  readonly sentAt: string
  readonly receivedAt: string
  readonly timestamp: string
}

/**
 * The four times of a message: `timestamp = receivedAt - (sentAt - originalTimestamp)`, so that a wrong clock of the
 * sender cancels out. Without `sentAt` nothing is corrected, without `timestamp` the message is from now.
 * https://segment.com/docs/connections/spec/common/#timestamps
 */
export function correctTimes(timestamp: unknown, sentAt: unknown, receivedAtMs: number): MessageTimes {
  const originalMs = parseInstant(timestamp) ?? receivedAtMs
  const sentAtMs = parseInstant(sentAt) ?? receivedAtMs
  const hasTime = parseInstant(timestamp) !== undefined
  return {
    originalTimestamp: hasTime ? String(timestamp) : toIso(receivedAtMs),
    sentAt: toIso(sentAtMs),
    receivedAt: toIso(receivedAtMs),
    timestamp: toIso(hasTime ? receivedAtMs - (sentAtMs - originalMs) : receivedAtMs),
  }
}
