import { sameValue, type Value } from '@tripline/model'
import type { AtOccasion } from '../definition/occasion.ts'
import type { Builder, Source } from './builder.ts'
import { momentOf } from './compare.ts'
import { typedAs } from './field-types.ts'
import { instantOf, localTimeAt } from '../time/local-time.ts'
import { compilePath, firstName } from './path.ts'
import { enqueue } from './queue.ts'
import { happen } from './segment.ts'
import { readSlot, writeSlot, type MatcherUser } from './user.ts'
import type { ZoneOf } from './zone.ts'

/** What a date waits for: its value, when it is due, and for `yearly` the zone that holds for all years. */
type State = readonly [dueMs: number, value: string, zone: string | null]

/** `at`: a source, as a date is due by its trait alone. State: one row while something is due. */
export function dateSource(occasion: AtOccasion, builder: Builder, zoneOf: ZoneOf): Source {
  const { trait, offsetDays, time, repeat } = occasion
  const name = JSON.stringify(['at', trait, offsetDays, time, repeat])
  const known = builder.sources.get(name)
  if (known !== undefined) return known
  const source: Source = { listeners: [], isScoped: false }
  builder.sources.set(name, source)
  builder.keepTrait(trait)
  const slot = builder.newSlot()
  const read = compilePath(trait)
  const declared = builder.types.trait(trait)

  const stand = (user: MatcherUser, value: string, zone: string, fromMs: number) => {
    const dueMs = dueFrom(value, occasion, zone, fromMs)
    if (dueMs === undefined) {
      writeSlot(user, slot, undefined)
      return
    }
    writeSlot(user, slot, [dueMs, value, repeat === 'yearly' ? zone : null] satisfies State)
    enqueue(user, dueMs, node.number)
  }
  const node = builder.addNode('source', {
    due(_, user, atMs, out) {
      const state = readSlot(user, slot) as State | undefined
      if (state === undefined || state[0] > atMs) return
      const [dueMs, value, zone] = state
      if (zone === null) writeSlot(user, slot, undefined)
      else stand(user, value, zone, dueMs + 1)
      const key = `date:${trait}:${value}:${dueMs}`
      happen(source, user, dueMs, { sequence: 0, key, values: [] }, builder, out)
    },
    slot,
  })
  builder.traitWritten.push({
    name: firstName(trait),
    written(user, before, atMs) {
      const typed = declared?.typed ?? typedByForm
      const value = typed(read(user.traits ?? {})) ?? null
      const earlier = typed(before === undefined ? null : read(before)) ?? null
      if (sameValue(earlier, value, declared?.type ?? 'string')) return
      if (typeof value === 'string') stand(user, value, zoneOf(user), atMs)
      else writeSlot(user, slot, undefined)
    },
  })
  return source
}

const dayLength = 'YYYY-MM-DD'.length
const typedDay = typedAs('date')
const typedMoment = typedAs('instant')

/** A day or a moment, as it is written; each value by its own form, so that a moment that is cleared was one. */
function typedByForm(value: unknown): Value | undefined {
  return typeof value === 'string' && value.length > dayLength ? typedMoment(value) : typedDay(value)
}

/** The first due instant from `fromMs` on. Of `yearly` the month's last day is taken first, then the offset added. */
function dueFrom(
  value: string,
  { offsetDays, time, repeat }: AtOccasion,
  zone: string,
  fromMs: number,
): number | undefined {
  const { year, month, day } = value.length > dayLength ? localTimeAt(momentOf(value), zone) : readDay(value)
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const dueIn = (each: number) => {
    const lastDay = new Date(Date.UTC(each, month, 0)).getUTCDate()
    const inYear = Math.min(day, lastDay) + offsetDays
    return instantOf({ year: each, month, day: inYear, hour, minute }, zone)
  }
  if (repeat !== 'yearly') {
    const dueMs = dueIn(year)
    return dueMs >= fromMs ? dueMs : undefined
  }
  const earliest = localTimeAt(fromMs, zone).year - 1 - Math.ceil(Math.abs(offsetDays) / 365)
  for (let each = Math.max(year, earliest); ; each++) {
    const dueMs = dueIn(each)
    if (dueMs >= fromMs) return dueMs
  }
}

function readDay(text: string): { readonly year: number; readonly month: number; readonly day: number } {
  return { year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), day: Number(text.slice(8, 10)) }
}
