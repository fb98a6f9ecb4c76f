const hourMs = 3_600_000

/**
 * When the next day begins in a time zone, ms since 1970.
 * @throws {RangeError} the time zone is not known
 * @example nextMidnightMs(Date.UTC(2026, 10, 1, 23, 30), 'UTC') // => Date.UTC(2026, 10, 2)
 */
export function nextMidnightMs(nowMs: number, timeZone: string): number {
  const day = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  const today = day.format(nowMs)
  let before = nowMs
  let after = nowMs + hourMs
  while (day.format(after) === today) {
    before = after
    after += hourMs
  }
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (day.format(middle) === today) before = middle
    else after = middle
  }
  return after
}
