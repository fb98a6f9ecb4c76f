import type { Value } from '@tripline/model'
import { isZone } from '../../time/local-time.ts'
import { parseCron } from '../cron.ts'
import { maxDays, readDuration, writeDuration, type Duration } from '../duration.ts'
import { isRecord, reader, refuse, type Read } from './reader.ts'

export const readText: Read<string> = reader(
  (input, place) =>
    typeof input === 'string' && input !== '' ? input : refuse(place, 'is no text, or empty'),
  () => ({ type: 'string', minLength: 1 }),
)

export const readBoolean: Read<boolean> = reader(
  (input, place) => (typeof input === 'boolean' ? input : refuse(place, 'is neither true nor false')),
  () => ({ type: 'boolean' }),
)

export function readNumber(least: number, most = Number.MAX_VALUE): Read<number> {
  const range = most === Number.MAX_VALUE ? `≥ ${least}` : `from ${least} to ${most}`
  return reader(
    (input, place) =>
      typeof input === 'number' && input >= least && input <= most
        ? input
        : refuse(place, `is no number ${range}`),
    () => ({ type: 'number', minimum: least, ...(most < Number.MAX_VALUE && { maximum: most }) }),
  )
}

export function readInteger(least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): Read<number> {
  const from = least === Number.MIN_SAFE_INTEGER ? '' : ` ≥ ${least}`
  const range = most === Number.MAX_SAFE_INTEGER ? from : ` from ${least} to ${most}`
  return reader(
    (input, place) =>
      Number.isSafeInteger(input) && (input as number) >= least && (input as number) <= most
        ? (input as number)
        : refuse(place, `is no whole number${range}`),
    () => ({ type: 'integer', minimum: least, maximum: most }),
  )
}

export function readOneOf<const Choice extends string | number>(choices: readonly Choice[]): Read<Choice> {
  return reader(
    (input, place) =>
      choices.find((each) => each === input) ?? refuse(place, 'is not allowed', choices.map(String)),
    () => (choices.length === 1 ? { const: choices[0] } : { enum: choices }),
  )
}

/** Text that fits a pattern. */
function readMatching(pattern: RegExp, message: string): Read<string> {
  return reader(
    (input, place) => (typeof input === 'string' && pattern.test(input) ? input : refuse(place, message)),
    () => ({ type: 'string', pattern: pattern.source }),
  )
}

export const readId = readMatching(/^[\w.-]{1,100}$/, 'is no id: 1 to 100 letters, digits, "-", "_", "."')
export const readPath = readMatching(
  /^[^.[\]\s][^.[\]]*(?:\[\])?(?:\.[^.[\]]+(?:\[\])?)*$/,
  'is no path: names joined by dots, [] for any element',
)
export const readLocalTime = readMatching(
  /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  'is no local time from 00:00 to 23:59',
)

export const readDurationText: Read<Duration> = reader(
  (input, place) => {
    const lengthMs = typeof input === 'string' ? readDuration(input) : undefined
    if (lengthMs === undefined)
      return refuse(place, `is no duration > 0 and ≤ ${maxDays}d, such as 15m, 48h or 7d`)
    return writeDuration(lengthMs)
  },
  () => ({ type: 'string', pattern: '^[1-9]\\d{0,15}(?:ms|s|m|h|d)$' }),
)

export const readZone: Read<string> = reader(
  (input, place) =>
    typeof input === 'string' && isZone(input)
      ? input
      : refuse(place, 'is no IANA time zone, such as Europe/Zurich'),
  () => ({ type: 'string', pattern: '^[A-Za-z]' }),
)

export const readCron: Read<string> = reader(
  (input, place) => {
    const cron = typeof input === 'string' ? parseCron(input) : undefined
    if (typeof input !== 'string' || cron === undefined) {
      return refuse(place, 'is no cron expression of five fields: minute hour day month weekday')
    }
    return input.trim().replaceAll(/\s+/g, ' ')
  },
  () => ({ type: 'string', pattern: '^\\s*[\\d*/,-]+(?:\\s+[\\d*/,-]+){4}\\s*$' }),
)

export const readUrl: Read<string> = reader(
  (input, place) =>
    typeof input === 'string' && URL.canParse(input) && /^https?:/.test(input)
      ? input
      : refuse(place, 'is no http or https address'),
  () => ({ type: 'string', pattern: '^https?:' }),
)

export const readValue: Read<Value> = reader(
  (input, place) => (isValue(input) ? input : refuse(place, 'is no JSON value')),
  () => true,
)

function isValue(input: unknown): input is Value {
  if (typeof input === 'number') return Number.isFinite(input)
  if (input === null || typeof input === 'string' || typeof input === 'boolean') return true
  if (Array.isArray(input)) return input.every(isValue)
  return isRecord(input) && Object.values(input).every(isValue)
}
