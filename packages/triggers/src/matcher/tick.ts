import { parseCron, type Cron } from '../definition/cron.ts'
import type { ScheduleOccasion } from '../definition/occasion.ts'
import type { Builder, Source } from './builder.ts'
import { instantOf, localTimeAt } from '../time/local-time.ts'
import { enqueue } from './queue.ts'
import { happen, type TrackedSegment } from './segment.ts'
import { readSlot, writeSlot, type MatcherUser } from './user.ts'

/**
 * `schedule`: a source. State: the next tick while the user is a member; who is none has nothing in the queue, and is
 * put there when entering.
 */
export function tickSource(occasion: ScheduleOccasion, segment: TrackedSegment, builder: Builder): Source {
  const { cron: text, zone } = occasion
  const name = JSON.stringify(['schedule', text, zone, segment.id])
  const known = builder.sources.get(name)
  if (known !== undefined) return known
  const source: Source = { listeners: [], isScoped: false }
  builder.sources.set(name, source)
  const cron = parseCron(text)
  if (cron === undefined) throw new RangeError(`"${text}" is no schedule`)
  const nextTick = ticksOf(cron, zone)
  const slot = builder.newSlot()

  const stand = (user: MatcherUser, fromMs: number) => {
    const tickMs = nextTick(fromMs)
    writeSlot(user, slot, tickMs)
    if (tickMs !== undefined) enqueue(user, tickMs, node.number)
  }
  const node = builder.addNode('source', {
    due(_, user, atMs, out) {
      const tickMs = readSlot(user, slot) as number | undefined
      if (tickMs === undefined || tickMs > atMs) return
      if (!segment.isMember(user)) {
        writeSlot(user, slot, undefined)
        return
      }
      stand(user, tickMs + 1)
      happen(source, user, tickMs, { sequence: 0, key: `schedule:${tickMs}`, values: [] }, builder, out)
    },
    slot,
  })
  builder.listen(segment.entered, (_, user, atMs) => {
    // A tick of the millisecond of an effect came before it.
    if (readSlot(user, slot) === undefined) stand(user, builder.place.isEffect ? atMs + 1 : atMs)
  })
  return source
}

/** Beyond so many days there is none: in 40 years every weekday falls on every day of the year, leap days too. */
const mostDays = 40 * 366

/** The first tick from an instant on; `undefined` when there will be none. Days are worked out once. */
function ticksOf(cron: Cron, zone: string): (fromMs: number) => number | undefined {
  const days = new Map<number, readonly number[]>()
  const times = [...cron.hours].flatMap((hour) => [...cron.minutes].map((minute) => ({ hour, minute })))
  const ticksIn = (dayMs: number): readonly number[] => {
    let ticks = days.get(dayMs)
    if (ticks === undefined) {
      const date = new Date(dayMs)
      const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
      const holds = cron.days.has(day) && cron.months.has(month) && cron.weekdays.has(date.getUTCDay())
      ticks = holds
        ? times
            .map((time) => instantOf({ year, month, day, ...time }, zone))
            .toSorted((left, right) => left - right)
        : []
      days.set(dayMs, ticks)
    }
    return ticks
  }
  let noneFromMs = Number.POSITIVE_INFINITY
  return (fromMs) => {
    if (fromMs >= noneFromMs) return undefined
    const { year, month, day } = localTimeAt(fromMs, zone)
    // A day that the zone skipped has its ticks on the next: begun a day early, and looked a day further.
    let found: number | undefined
    let further = 2
    for (let later = -1; later < mostDays && further > 0; later++) {
      const tick = ticksIn(Date.UTC(year, month - 1, day + later)).find((each) => each >= fromMs)
      if (tick !== undefined && (found === undefined || tick < found)) found = tick
      if (found !== undefined) further--
    }
    if (found === undefined) noneFromMs = fromMs
    return found
  }
}
