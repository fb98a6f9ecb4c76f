import type { Instant } from '../value.ts'

const zero = 48
const daysBeforeLeap = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** The two digits at `at` as a number, or a negative number. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero
  const ones = text.charCodeAt(at + 1) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

function isDay(text: string): boolean {
  const century = twoDigits(text, 0)
  const yearOfCentury = twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) return false
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false
  if (month !== 2 || day !== 29) return day <= (daysBeforeLeap[month - 1] ?? 0)
  return yearOfCentury === 0 ? century % 4 === 0 : yearOfCentury % 4 === 0
}

/** True for an existing calendar day written `YYYY-MM-DD`. */
export function isCalendarDate(text: string): boolean {
  return text.length === 10 && isDay(text)
}

/** True for an existing moment written exactly as `Instant`: `2026-11-01T10:00:00.000Z`. Allocates nothing. */
export function isInstant(text: string): boolean {
  if (text.length !== 24 || !isDay(text)) return false
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false
  const lastDigit = text.charCodeAt(22) - zero
  if (twoDigits(text, 20) < 0 || lastDigit < 0 || lastDigit > 9) return false
  return (
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    text.charCodeAt(19) === 46 &&
    text.charCodeAt(23) === 90
  )
}

const isoMoment =
  /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:(Z)|([+-])(\d\d)(?::?(\d\d))?)?$/i

export type ReadInstant =
  | { readonly ok: true; readonly at: Instant; readonly rounded: boolean }
  | { readonly ok: false; readonly message: string }

const form = 'write ISO 8601 with a zone, e.g. 2026-11-01T10:00:00.000Z'

/**
 * ISO 8601 text with a zone (`Z`, `+02:00`, `+0200`, `+02`) as a canonical instant. Digits after the millisecond are
 * cut, and `rounded` says so. A leap second (`:60`) and years outside 0000–9999 are refused.
 * @example readInstant('2026-11-01T12:00:00+02:00') // => { ok: true, at: '2026-11-01T10:00:00.000Z', rounded: false }
 */
export function readInstant(text: string): ReadInstant {
  if (isInstant(text)) return { ok: true, at: text, rounded: false }
  const match = isoMoment.exec(text)
  if (match === null) {
    return {
      ok: false,
      message: isCalendarDate(text) ? `is a day without a time; ${form}` : `is no moment; ${form}`,
    }
  }
  const [
    ,
    day = '',
    hour,
    minute,
    second = '00',
    fraction = '',
    utc,
    sign,
    zoneHour = '0',
    zoneMinute = '0',
  ] = match
  if (utc === undefined && sign === undefined) return { ok: false, message: `has no zone; ${form}` }
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0')
  const local = `${day}T${hour}:${minute}:${second}.${milliseconds}Z`
  if (!isInstant(local) || Number(zoneHour) > 23 || Number(zoneMinute) > 59) {
    return { ok: false, message: `does not exist in the calendar; ${form}` }
  }
  const offsetMs = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === '-' ? -1 : 1)
  const at = new Date(Date.parse(local) - offsetMs).toISOString()
  if (at.length !== 24) return { ok: false, message: 'lies outside the years 0000–9999' }
  return { ok: true, at, rounded: /[1-9]/.test(fraction.slice(3)) }
}
