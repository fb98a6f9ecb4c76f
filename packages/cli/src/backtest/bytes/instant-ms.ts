import { readInstant } from '@tripline/model'

const dayMs = 86_400_000
const commonLength = '2026-11-01T10:00:00.000Z'.length
const dayLength = '2026-11-01T'.length
/** The day read last: neighbouring lines mostly share it. At first bytes that no text has. */
const lastDay = new Uint8Array(dayLength).fill(0xff)
let lastDayMs = Number.NaN

const encoder = new TextEncoder()
/** Characters are at most three bytes each. */
const scratch = new Uint8Array(3 * commonLength)

/**
 * ISO 8601 text with a zone as ms UTC; digits after the millisecond are cut. `undefined` when it is none.
 * @example readInstantMs('2026-11-01T10:00:00.000Z') // => 1793527200000
 */
export function readInstantMs(text: string): number | undefined {
  if (text.length === commonLength && encoder.encodeInto(text, scratch).written === commonLength) {
    const atMs = readCommon(scratch, 0)
    if (atMs !== -1) return atMs
  }
  return readAny(text)
}

/**
 * The same of text in bytes. The form `2026-11-01T10:00:00.000Z` is read without any allocation while the day stays the
 * same.
 */
export function readInstantBytes(bytes: Buffer, from: number, to: number): number | undefined {
  if (to - from === commonLength) {
    const atMs = readCommon(bytes, from)
    if (atMs !== -1) return atMs
  }
  return readAny(bytes.toString('utf8', from, to))
}

/** Why `readInstantMs` refused the text. */
export function instantProblem(text: string): string {
  const read = readInstant(text)
  return read.ok ? '' : read.message
}

function readAny(text: string): number | undefined {
  const read = readInstant(text)
  if (!read.ok) return undefined
  const atMs = Date.parse(read.at)
  encoder.encodeInto(read.at.slice(0, dayLength), lastDay)
  lastDayMs = Math.floor(atMs / dayMs) * dayMs
  return atMs
}

/** Of the common form on the day read last; -1 for anything else. */
function readCommon(bytes: Uint8Array, from: number): number {
  for (let at = 0; at < dayLength; at++) if (bytes[from + at] !== lastDay[at]) return -1
  const time = readTimeOfDay(bytes, from + dayLength)
  return time === -1 ? -1 : lastDayMs + time
}

/** Of `hh:mm:ss.mmmZ`; -1 for anything else. */
function readTimeOfDay(bytes: Uint8Array, at: number): number {
  const hour = twoDigits(bytes, at)
  const minute = twoDigits(bytes, at + 3)
  const second = twoDigits(bytes, at + 6)
  const hundredths = twoDigits(bytes, at + 9)
  const thousandth = (bytes[at + 11] as number) - 48
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
    bytes[at + 2] === 58 && bytes[at + 5] === 58 && bytes[at + 8] === 46 && bytes[at + 12] === 90
  if (!isInRange || !isInForm) return -1
  return ((hour * 60 + minute) * 60 + second) * 1_000 + hundredths * 10 + thousandth
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48
  const ones = (bytes[at + 1] as number) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}
