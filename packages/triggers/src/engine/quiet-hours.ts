import type { QuietHours } from '../definition/guards.ts'
import { localTimeAt, nextLocalTime } from '../time/local-time.ts'

/** When quiet hours that hold at `atMs` end next; `undefined` when none hold. `[from, to)`, over midnight if from > to. */
export function quietUntil({ from, to }: QuietHours, atMs: number, zone: string): number | undefined {
  const clock = clockAt(atMs, zone)
  const holds = from < to ? clock >= from && clock < to : clock >= from || clock < to
  return holds ? nextLocalTime(atMs, to, zone) : undefined
}

/** `HH:MM` on the clock of the zone. */
export function clockAt(atMs: number, zone: string): string {
  const { hour, minute } = localTimeAt(atMs, zone)
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}
