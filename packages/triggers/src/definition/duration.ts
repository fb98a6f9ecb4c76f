/**
 * A length of time as text: a whole number > 0 and `ms`, `s`, `m`, `h` or `d` (24 h), at most 100 years (36,525 d). Normal
 * form: the greatest unit.
 */
export type Duration = string

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const
/** 100 years: so everything that is due has a date. */
export const maxDays = 36_525
const maxDurationMs = maxDays * 86_400_000
const durationText = /^([1-9]\d{0,15})(ms|s|m|h|d)$/

/**
 * The length in ms, or `undefined` when the text is no duration: zero, signs, fractions, spaces and lengths over
 * 100 years are refused.
 * @example readDuration('48h') // => 172800000
 */
export function readDuration(text: string): number | undefined {
  const [, count = '', unit] = durationText.exec(text) ?? []
  const unitMs = units.find(([name]) => name === unit)?.[1]
  if (unitMs === undefined) return undefined
  const lengthMs = Number(count) * unitMs
  return lengthMs <= maxDurationMs ? lengthMs : undefined
}

/** The length in ms of a duration of a normalised definition. Throws on text that is no duration. */
export function durationMs(duration: Duration): number {
  const lengthMs = readDuration(duration)
  if (lengthMs === undefined) throw new RangeError(`"${duration}" is no duration`)
  return lengthMs
}

/** The duration in its greatest whole unit. @example writeDuration(3_600_000) // => '1h' */
export function writeDuration(lengthMs: number): Duration {
  const [name, unitMs] = units.find(([, each]) => lengthMs % each === 0) ?? ['ms', 1]
  return `${lengthMs / unitMs}${name}`
}
