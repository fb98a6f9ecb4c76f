import { refusedIds, type MixpanelLimits } from './limits.ts'
import { isObject } from './ingest-input.ts'
import type { Properties } from './state.ts'

export interface Flaw {
  readonly field: string
  readonly message: string
}
export interface RawEvent {
  readonly event: string
  readonly properties: Properties
}
interface Rules {
  readonly limits: MixpanelLimits
  readonly identityMode: 'simplified' | 'original'
  readonly nowMs: number
}

/** The three events that change identities; their properties follow other rules. */
export const identityVerbs: ReadonlySet<string> = new Set(['$identify', '$create_alias', '$merge'])
const earliestMs = Date.UTC(1971, 0, 1)
const aheadMs = 3_600_000

/** Text of the specification's example where there is one; else the same form with our words. */
const flaw = (field: string, rule: string): Flaw => ({ field, message: `'${field}' is invalid: ${rule}` })

/** What strict `/import` refuses of one record. https://developer.mixpanel.com/reference/import-events */
export function validateEvent(record: unknown, rules: Rules): Flaw | undefined {
  if (!isObject(record)) return flaw('event', 'must be an object')
  const { event, properties } = record
  if (typeof event !== 'string' || event === '') return flaw('event', 'must not be missing')
  if (!isObject(properties)) return flaw('properties', 'must not be missing')
  const extra = Object.keys(record).find((name) => name !== 'event' && name !== 'properties')
  if (extra !== undefined) return flaw(extra, 'is not a field of an event')
  if (rules.identityMode === 'original' && identityVerbs.has(event)) return undefined
  return (
    validateTime(properties['time'], rules.nowMs) ??
    validateDistinctId(properties, rules.identityMode) ??
    validateInsertId(properties['$insert_id'], rules.limits) ??
    validateShape(properties, rules.limits)
  )
}

/** Seconds or milliseconds, as the vendor reads them: anything that would be after the year 5000 in seconds is milliseconds. */
export const timeToMs = (time: number): number => (time >= 1e11 ? time : time * 1_000)

export function validateTime(time: unknown, nowMs: number): Flaw | undefined {
  const rule = 'must be specified as seconds since epoch'
  if (typeof time !== 'number' || !Number.isInteger(time)) return flaw('properties.time', rule)
  const timeMs = timeToMs(time)
  if (timeMs < earliestMs) return flaw('properties.time', 'must not be before 1971-01-01')
  return timeMs > nowMs + aheadMs
    ? flaw('properties.time', 'must not be more than 1 hour in the future')
    : undefined
}

/** In a simplified project the two reserved ids can stand for it (ak--47/mixpanel-import:components/validators.js). */
function validateDistinctId(properties: Properties, mode: Rules['identityMode']): Flaw | undefined {
  const field = 'properties.distinct_id'
  const id = properties['distinct_id']
  const derived =
    mode === 'simplified' && ['$device_id', '$user_id'].some((name) => isFilled(properties[name]))
  if (id === undefined) return derived ? undefined : flaw(field, 'must not be missing')
  if (typeof id !== 'string') return flaw(field, 'must be a string')
  return isRefused(id) ? flaw(field, `must not be '${id}'`) : undefined
}

/** The empty string is legal: the event then belongs to nobody. */
const isRefused = (id: string): boolean =>
  refusedIds.has(id.trim().toLowerCase()) || (id !== '' && id.trim() === '')
const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** The charset message is quoted by mixpanel/mixpanel-utils#40. */
function validateInsertId(id: unknown, limits: MixpanelLimits): Flaw | undefined {
  const field = '$insert_id'
  if (id === undefined) return flaw(field, 'must not be missing')
  if (typeof id !== 'string') return flaw(field, 'must be a string')
  if (!/^[A-Za-z0-9-]+$/.test(id))
    return flaw(field, "must only contain alphanumeric or hyphen '-' characters")
  if (id.length > limits.insertIdBytes)
    return flaw(field, `must not be longer than ${limits.insertIdBytes} bytes`)
  return isRefused(id) ? flaw(field, `must not be '${id}'`) : undefined
}

function validateShape(properties: Properties, limits: MixpanelLimits): Flaw | undefined {
  const names = Object.keys(properties)
  if (names.length >= limits.keys) return flaw('properties', `must have fewer than ${limits.keys} properties`)
  for (const name of names) {
    const rule = shapeRule(properties[name], limits, 0)
    if (rule !== undefined) return flaw(`properties.${name}`, rule)
  }
  return undefined
}

function shapeRule(value: unknown, limits: MixpanelLimits, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const isList = Array.isArray(value)
  const parts = Object.values(value)
  if (parts.length >= limits.keys)
    return `must have fewer than ${limits.keys} ${isList ? 'elements' : 'keys'}`
  const inner = isList ? depth : depth + 1
  if (inner > limits.depth) return `must not be nested deeper than ${limits.depth}`
  for (const part of parts) {
    const rule = shapeRule(part, limits, inner)
    if (rule !== undefined) return rule
  }
  return undefined
}
