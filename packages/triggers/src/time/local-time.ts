/** A local day and time, without a zone. */
export interface LocalTime {
  readonly year: number
  /** From 1. */
  readonly month: number
  /** From 1; beyond the end of the month it runs on into the next. */
  readonly day: number
  readonly hour: number
  readonly minute: number
}

const dayMs = 86_400_000

/** A zone with what is known of its offsets: per day of UTC the one offset, or the instant at which it changes. */
interface Zone {
  readonly format: Intl.DateTimeFormat
  readonly days: Map<number, Day>
}
interface Day {
  readonly beforeMs: number
  /** The first instant with `afterMs`; `Infinity` on a day without a change. */
  readonly changeMs: number
  readonly afterMs: number
}

const zones = new Map<string, Zone | null>()

/** Whether the runtime's time zone database knows the name. Offsets such as `+02:00` are no names. */
export function isZone(name: string): boolean {
  return zoneNamed(name) !== null
}

/**
 * The instant of a local time. One that the clock skips moves on by the length of the gap, one that it repeats is its
 * first occurrence. Throws `RangeError` for an unknown zone.
 * @example instantOf({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, 'Europe/Berlin') // 01:30 UTC = 03:30 there
 */
export function instantOf({ year, month, day, hour, minute }: LocalTime, zone: string): number {
  const wallMs = Date.UTC(year, month - 1, day, hour, minute)
  const before = offsetAt(wallMs - dayMs, zone)
  const after = offsetAt(wallMs + dayMs, zone)
  if (before === after) return wallMs - before
  const first = Math.min(wallMs - before, wallMs - after)
  if (first + offsetAt(first, zone) === wallMs) return first
  const second = Math.max(wallMs - before, wallMs - after)
  return second + offsetAt(second, zone) === wallMs ? second : wallMs - before
}

/** The clock of the zone at an instant, with the weekday (0 is Sunday). */
export function localTimeAt(atMs: number, zone: string): LocalTime & { readonly weekday: number } {
  const wall = new Date(atMs + offsetAt(atMs, zone))
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    weekday: wall.getUTCDay(),
  }
}

/** The next such local time (`HH:MM`) strictly later than the instant. */
export function nextLocalTime(atMs: number, time: string, zone: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const { year, month, day } = localTimeAt(atMs, zone)
  for (let later = 0; ; later++) {
    const instant = instantOf({ year, month, day: day + later, hour, minute }, zone)
    if (instant > atMs) return instant
  }
}

/** What must be added to UTC to read the zone's clock, in ms. No zone is known to change twice within a day of UTC. */
function offsetAt(atMs: number, name: string): number {
  const zone = zoneNamed(name)
  if (zone === null) throw new RangeError(`"${name}" is no time zone`)
  const number = Math.floor(atMs / dayMs)
  let day = zone.days.get(number)
  if (day === undefined) {
    day = readDay(number * dayMs, zone.format)
    zone.days.set(number, day)
  }
  return atMs < day.changeMs ? day.beforeMs : day.afterMs
}

function readDay(startMs: number, format: Intl.DateTimeFormat): Day {
  const beforeMs = readOffset(startMs, format)
  const afterMs = readOffset(startMs + dayMs, format)
  if (beforeMs === afterMs) return { beforeMs, changeMs: Number.POSITIVE_INFINITY, afterMs }
  let [low, high] = [startMs, startMs + dayMs]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (readOffset(middle, format) === beforeMs) low = middle
    else high = middle
  }
  return { beforeMs, changeMs: high, afterMs }
}

function readOffset(atMs: number, format: Intl.DateTimeFormat): number {
  const parts = format.formatToParts(atMs)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value)
  const wallMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return wallMs - Math.floor(atMs / 1000) * 1000
}

function zoneNamed(name: string): Zone | null {
  let zone = zones.get(name)
  if (zone === undefined) {
    zone = readZone(name)
    zones.set(name, zone)
  }
  return zone
}

function readZone(name: string): Zone | null {
  if (!/^[A-Za-z]/.test(name)) return null
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    return { format, days: new Map() }
  } catch {
    return null
  }
}
