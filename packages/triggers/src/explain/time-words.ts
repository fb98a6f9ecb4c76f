import { durationMs, type Duration } from '../definition/duration.ts'

const units = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'h', 'h'],
  [60_000, 'min', 'min'],
  [1000, 's', 's'],
  [1, 'ms', 'ms'],
] as const

/** A length of time in its greatest whole unit: `1 h`, `15 min`, `7 days`. */
export function lengthWords(lengthMs: number): string {
  const [unitMs, one, many] = units.find(([each]) => lengthMs % each === 0) ?? units[4]
  const count = lengthMs / unitMs
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}
export const durationWords = (duration: Duration): string => lengthWords(durationMs(duration))

/** The day in UTC: `2026-11-01`. */
export const dayWords = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** The time of the day in UTC; seconds and milliseconds only where there are any: `18:04`, `18:04:10`, `18:04:10.250`. */
export function clockWords(atMs: number): string {
  const text = new Date(atMs).toISOString()
  if (!text.endsWith('.000Z')) return text.slice(11, 23)
  return text.endsWith(':00.000Z') ? text.slice(11, 16) : text.slice(11, 19)
}

/** The time of the day, with the day where it is not that of `fromMs`. */
export function momentWords(atMs: number, fromMs: number): string {
  const day = dayWords(atMs)
  return day === dayWords(fromMs) ? clockWords(atMs) : `${day} ${clockWords(atMs)}`
}
