import type { Value } from '@tripline/model'
import { parseCron } from '../cron.ts'
import { readDuration, writeDuration, type Duration } from '../duration.ts'
import { isRecord, refuse, type Read } from './reader.ts'

export const readText: Read<string> = (input, place) =>
  typeof input === 'string' && input !== '' ? input : refuse(place, 'is no text, or empty')

export const readBoolean: Read<boolean> = (input, place) =>
  typeof input === 'boolean' ? input : refuse(place, 'is neither true nor false')

export function readNumber(least: number, most = Number.MAX_VALUE): Read<number> {
  return (input, place) =>
    typeof input === 'number' && input >= least && input <= most
      ? input
      : refuse(
          place,
          most === Number.MAX_VALUE ? `is no number ≥ ${least}` : `is no number from ${least} to ${most}`,
        )
}

export function readInteger(least = Number.MIN_SAFE_INTEGER): Read<number> {
  return (input, place) =>
    Number.isSafeInteger(input) && (input as number) >= least
      ? (input as number)
      : refuse(place, least < 0 ? 'is no whole number' : `is no whole number ≥ ${least}`)
}

export function readOneOf<const Choice extends string | number>(choices: readonly Choice[]): Read<Choice> {
  return (input, place) =>
    choices.find((each) => each === input) ?? refuse(place, 'is not allowed', choices.map(String))
}

export const readId: Read<string> = (input, place) =>
  typeof input === 'string' && /^[\w.-]{1,100}$/.test(input)
    ? input
    : refuse(place, 'is no id: 1 to 100 letters, digits, "-", "_", "."')

export const readDurationText: Read<Duration> = (input, place) => {
  const lengthMs = typeof input === 'string' ? readDuration(input) : undefined
  if (lengthMs === undefined) return refuse(place, 'is no duration > 0, such as 15m, 48h or 7d')
  return writeDuration(lengthMs)
}

const pathText = /^[^.[\]\s][^.[\]]*(?:\[\])?(?:\.[^.[\]]+(?:\[\])?)*$/
export const readPath: Read<string> = (input, place) =>
  typeof input === 'string' && pathText.test(input)
    ? input
    : refuse(place, 'is no path: names joined by dots, [] for any element')

export const readLocalTime: Read<string> = (input, place) =>
  typeof input === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(input)
    ? input
    : refuse(place, 'is no local time from 00:00 to 23:59')

export const readZone: Read<string> = (input, place) =>
  typeof input === 'string' && isZone(input) ? input : refuse(place, 'is no IANA time zone')

/** True for a name of the zone database, as this machine knows it. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

export const readCron: Read<string> = (input, place) => {
  const cron = typeof input === 'string' ? parseCron(input) : undefined
  if (typeof input !== 'string' || cron === undefined) {
    return refuse(place, 'is no cron expression of five fields: minute hour day month weekday')
  }
  return input.trim().replaceAll(/\s+/g, ' ')
}

export const readValue: Read<Value> = (input, place) =>
  isValue(input) ? input : refuse(place, 'is no JSON value')

function isValue(input: unknown): input is Value {
  if (typeof input === 'number') return Number.isFinite(input)
  if (input === null || typeof input === 'string' || typeof input === 'boolean') return true
  if (Array.isArray(input)) return input.every(isValue)
  return isRecord(input) && Object.values(input).every(isValue)
}
