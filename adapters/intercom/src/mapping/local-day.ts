const dayMs = 86_400_000

/**
 * The Unix second at which the calendar day around `seconds` begins in a time zone.
 * @param timeZone IANA name; one that this machine does not know counts as UTC
 * @example startOfDay(1_764_588_600, 'America/Los_Angeles') // => 1764576000
 */
export function startOfDay(seconds: number, timeZone: string): number {
  const formatter = formatterFor(timeZone)
  const atMs = seconds * 1_000
  const localDay = Math.floor((atMs + offsetMs(formatter, atMs)) / dayMs)
  const midnightMs = localDay * dayMs
  // The offset may differ between the guess and the result where clocks change in between.
  const guessMs = midnightMs - offsetMs(formatter, midnightMs)
  return Math.floor((midnightMs - offsetMs(formatter, guessMs)) / 1_000)
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const parts = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts })
  } catch {
    return new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', hourCycle: 'h23', ...parts })
  }
}

/** Milliseconds that local time is ahead of UTC at this moment. */
function offsetMs(formatter: Intl.DateTimeFormat, atMs: number): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatter.formatToParts(atMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1_000) * 1_000
}
