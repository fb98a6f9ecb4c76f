import { readInstant } from '@tripline/model'

const dayMs = 86_400_000
/** The day read last: neighbouring lines mostly share it. */
let lastDay = ''
let lastDayMs = Number.NaN

/**
 * ISO 8601 text with a zone as ms UTC; digits after the millisecond are cut. `undefined` when it is none.
 * The form `2026-11-01T10:00:00.000Z` is read without any allocation while the day stays the same.
 * @example readInstantMs('2026-11-01T10:00:00.000Z') // => 1793527200000
 */
export function readInstantMs(text: string): number | undefined {
  if (text.length === 24 && lastDay !== '' && text.startsWith(lastDay)) {
    const time = readTimeOfDay(text)
    if (time !== -1) return lastDayMs + time
  }
  const read = readInstant(text)
  if (!read.ok) return undefined
  const atMs = Date.parse(read.at)
  lastDay = read.at.slice(0, 11)
  lastDayMs = Math.floor(atMs / dayMs) * dayMs
  return atMs
}

/** Why `readInstantMs` refused the text. */
export function instantProblem(text: string): string {
  const read = readInstant(text)
  return read.ok ? '' : read.message
}

/** Of `…Thh:mm:ss.mmmZ`; -1 for anything else. */
function readTimeOfDay(text: string): number {
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const hundredths = twoDigits(text, 20)
  const thousandth = text.charCodeAt(22) - 48
  const isInRange =
    hour >= 0 &&
    hour < 24 &&
    minute >= 0 &&
    minute < 60 &&
    second >= 0 &&
    second < 60 &&
    hundredths >= 0 &&
    thousandth >= 0 &&
    thousandth <= 9
  const isInForm =
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    text.charCodeAt(19) === 46 &&
    text.charCodeAt(23) === 90
  if (!isInRange || !isInForm) return -1
  return ((hour * 60 + minute) * 60 + second) * 1_000 + hundredths * 10 + thousandth
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}
