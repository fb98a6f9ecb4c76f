const formatters = new Map<string, Intl.DateTimeFormat>()

/** Milliseconds that local time in `timeZone` is ahead of UTC at this instant. */
function offsetMs(timeZone: string, atMs: number): number {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(timeZone, formatter)
  }
  const parts: Record<string, number> = {}
  for (const { type, value } of formatter.formatToParts(atMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const wholeSecondMs = Math.floor(atMs / 1_000) * 1_000
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecondMs
}

const dayMs = 86_400_000

/** The UTC instant at which the local day number (days since 1970, local) begins. */
function startOfLocalDay(timeZone: string, localDay: number): number {
  const localMidnightMs = localDay * dayMs
  let atMs = localMidnightMs - offsetMs(timeZone, localMidnightMs)
  // The offset may differ between the guess and the result where clocks change in between.
  atMs = localMidnightMs - offsetMs(timeZone, atMs)
  return atMs
}

/** First second of the calendar day around `atSeconds` in this zone, and of the next one. Unix seconds. */
export function dayAround(
  timeZone: string,
  atSeconds: number,
): { readonly start: number; readonly next: number } {
  const atMs = atSeconds * 1_000
  const localDay = Math.floor((atMs + offsetMs(timeZone, atMs)) / dayMs)
  return {
    start: startOfLocalDay(timeZone, localDay) / 1_000,
    next: startOfLocalDay(timeZone, localDay + 1) / 1_000,
  }
}
