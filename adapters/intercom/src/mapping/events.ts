import { createNames, isRecord, keepImportant, type Names } from '@tripline/kit'
import {
  foldCollisions,
  TriplineError,
  type EventItem,
  type Fault,
  type Field,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { IntercomOptions } from '../options.ts'
import { joinList } from './attributes.ts'
import { flatFields } from './flat-fields.ts'
import { toIntercomMoney, toIntercomOrder, type IntercomMoney, type IntercomOrder } from './orders.ts'
import type { SecondBook } from './same-second.ts'
import { toSeconds } from './seconds.ts'

const source = 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml POST /events'
const maxKeys = maxOf('event.keys')
/** Canonical event → Intercom event: names are kept, but for `.` and `$`; an account renames by `eventNames`. */
export const eventNames = {} as const satisfies Readonly<Record<string, string>>

export interface IntercomEvent {
  readonly event_name: string
  /** Unix seconds. */
  readonly created_at: number
  readonly metadata?: Readonly<Record<string, unknown>>
}
export interface EventMapper {
  /** @param person as Intercom tells people apart: the tuple of person, name and second is the event's identity */
  toIntercomEvent(item: EventItem, person: string, book: SecondBook, losses: Loss[]): IntercomEvent | Fault
  toMetadata(properties: Values, event: string, losses: Loss[]): Readonly<Record<string, unknown>> | undefined
}

// One object for all events: these are on almost every one.
const cutSecond: Loss = { path: 'at', kind: 'rounded', because: 'Intercom keeps whole seconds', source }
const noContext: Loss = {
  path: 'event.context',
  kind: 'dropped',
  because: 'Intercom events hold metadata only',
  source,
}
const moved: Loss = {
  path: 'at',
  kind: 'coerced',
  because: 'Intercom keeps one event per contact, name and second: moved to the next free second',
  source: `${source}, Event de-duplication`,
}
const collapsed: Loss = {
  path: 'at',
  kind: 'collapsed',
  because: 'Intercom keeps one event per contact, name and second: it ignores this one',
  source: `${source}, Event de-duplication`,
}

/** @throws {TriplineError} two event names of the options become one at Intercom */
export function createEventMapper(options: IntercomOptions): EventMapper {
  const names = createNames({
    vendor: 'intercom',
    table: eventNames,
    fold: foldEventName,
    ...(options.eventNames && { renames: options.eventNames }),
  })
  const declared = declaredEvents(options)
  const [collision] = foldCollisions(declared, (name) => foldEventName(names.to(name)).toLowerCase())
  if (collision) {
    const message = `the events ${collision.names.map((name) => `"${name}"`).join(' and ')} both become "${collision.folded}" at Intercom, which does not tell case apart`
    throw new TriplineError('intercom', { code: 'invalid', message, path: 'options.eventNames' })
  }
  const fields = (options.fields ?? []).filter((field) => field.of === 'event')
  const registry: Registry = {
    fields,
    rank: new Map(fields.map((field, index) => [field.name, index])),
    typed: new Map(fields.map((field) => [`${field.event ?? ''}\n${field.name}`, field])),
    options,
  }
  return {
    toMetadata: (properties, event, losses) => toMetadata(properties, event, registry, losses),
    toIntercomEvent(item, person, book, losses) {
      const name = nameOf(item, names, losses)
      if (name === '') return { code: 'invalid', message: 'an event needs a name', path: 'event.event' }
      const read = toSeconds(item.at)
      if (!read)
        return { code: 'invalid', message: 'at is no instant: write 2026-11-01T10:00:00.000Z', path: 'at' }
      if (read.rounded) losses.push(cutSecond)
      if (item.event.context && Object.keys(item.event.context).length > 0) losses.push(noContext)
      const second = book.take(person, name.toLowerCase(), read.seconds, item.key)
      const isTaken = second !== read.seconds
      const collapses = isTaken && options.sameSecond === 'collapse'
      if (isTaken) losses.push(collapses ? collapsed : moved)
      const isOrder = item.event.type === 'track' && item.event.event === 'Order Completed'
      const { properties, price } = isOrder ? toIntercomOrder(item, losses) : plainOrder(item)
      const metadata = toMetadata(properties, item.event.event, registry, losses, price)
      return {
        event_name: name,
        created_at: collapses ? read.seconds : second,
        ...(metadata && { metadata }),
      }
    },
  }
}
const plainOrder = ({ event }: EventItem): IntercomOrder => event
interface Registry {
  readonly fields: readonly Field[]
  readonly rank: ReadonlyMap<string, number>
  readonly typed: ReadonlyMap<string, Field>
  readonly options: IntercomOptions
}

const declaredEvents = ({ fields = [], eventNames: renames = {} }: IntercomOptions): ReadonlySet<string> =>
  new Set([...fields.flatMap(({ event }) => event ?? []), ...Object.keys(renames)])

/** Intercom itself writes `-` for `.` and `$`. */
export const foldEventName = (name: string): string =>
  name.includes('.') || name.includes('$') ? name.replaceAll(/[.$]/g, '-') : name

function nameOf({ event, backfill }: EventItem, names: Names, losses: Loss[]): string {
  const given =
    event.type === 'track'
      ? event.event
      : `Viewed ${event.event} ${event.type === 'page' ? 'Page' : 'Screen'}`
  const to = foldEventName(names.to(given))
  if (to !== given && foldEventName(given) === to)
    losses.push({ path: 'event.event', kind: 'renamed', because: '"." and "$" become "-"', source })
  if (!backfill || to === '') return to
  const because = 'old events may start nothing: sent under a muted name'
  losses.push({ path: 'event.event', kind: 'renamed', because, source })
  return `${to} (backfill)`
}
interface Entry {
  readonly path: string
  readonly name: string
  readonly value: unknown
}

/** Properties that Intercom can hold: flat, at most ten, the most important first. Undefined when there are none. */
function toMetadata(
  given: Values,
  event: string,
  registry: Registry,
  losses: Loss[],
  price?: IntercomMoney,
): Readonly<Record<string, unknown>> | undefined {
  const entries = new Map<string, Entry>()
  if (price) entries.set('price', { path: 'price', name: 'price', value: price })
  for (const { path, name, value } of flatFields(given, isRich)) {
    const field = registry.typed.get(`${event}\n${path}`) ?? registry.typed.get(`\n${path}`)
    const entry = toEntry(path, name, value, field, registry, losses)
    if (!entry) continue
    if (entry.name !== path)
      losses.push(lossOf(path, 'renamed', `Intercom's metadata is flat and typed by name: "${entry.name}"`))
    if (entries.has(entry.name)) losses.push(lossOf(path, 'collapsed', `two values for "${entry.name}"`))
    entries.set(entry.name, entry)
  }
  if (entries.size === 0) return undefined
  let kept: readonly Entry[] = [...entries.values()]
  if (kept.length > maxKeys) {
    const last = price ? Number.MAX_SAFE_INTEGER - 1 : undefined // the price goes before what no registry names
    const rank = new Map(
      kept.flatMap(({ path, name }): [string, number][] => {
        const place = registry.rank.get(path) ?? (name === 'price' ? last : undefined)
        return place === undefined ? [] : [[name, place]]
      }),
    )
    const important = keepImportant([...entries.keys()], maxKeys, rank)
    for (const { name, path } of kept)
      if (!important.includes(name))
        losses.push(lossOf(path, 'dropped', `Intercom keeps ${maxKeys} properties`))
    kept = important.flatMap((name) => entries.get(name) ?? [])
  }
  const metadata: Record<string, unknown> = {}
  for (const { name, value } of kept) metadata[name] = value
  return metadata
}
const lossOf = (path: string, kind: Loss['kind'], because: string): Loss => ({
  path: `event.properties.${path}`,
  kind,
  because,
  source,
})

/** Intercom's rich values: a link with a text, an amount with its currency. */
function isRich(value: Values): boolean {
  const names = Object.keys(value)
  if (names.length !== 2) return false
  if (typeof value['url'] === 'string' && typeof value['value'] === 'string') return true
  return typeof value['amount'] === 'number' && typeof value['currency'] === 'string'
}

function toEntry(
  path: string,
  name: string,
  value: Value,
  field: Field | undefined,
  { options }: Registry,
  losses: Loss[],
): Entry | undefined {
  const at = `event.properties.${path}`
  if (value === null) {
    losses.push(lossOf(path, 'dropped', 'an event property without a value'))
    return undefined
  }
  if (Array.isArray(value)) {
    const joined = joinList(value as readonly Value[], at, options, losses)
    return joined === undefined ? undefined : { path, name, value: joined }
  }
  if (isRecord(value)) return toRich(path, name, value, losses)
  if (field?.type !== 'date' && field?.type !== 'instant') return { path, name, value }
  const read = toSeconds(value)
  if (!read) {
    losses.push(lossOf(path, 'dropped', `is declared as ${field.type}, and is none`))
    return undefined
  }
  if (read.rounded) losses.push(lossOf(path, 'rounded', 'Intercom keeps whole seconds'))
  return { path, name: name.endsWith('_date') ? name : `${name}_date`, value: read.seconds }
}

function toRich(path: string, name: string, value: Values, losses: Loss[]): Entry | undefined {
  const { amount, currency } = value
  if (typeof amount !== 'number' || typeof currency !== 'string') return { path, name, value }
  const money = toIntercomMoney(amount, currency, `event.properties.${path}`, losses)
  return money && { path, name, value: money }
}
