import type { Behavior, EventFilter } from './cohort-definition.ts'
import { resolveId } from './identity.ts'
import type { Project } from './project.ts'
import type { Properties, StoredEvent } from './state.ts'

const dayMs = 86_400_000

/** Events a query may see: stored long enough, one copy of each. */
export function* visibleEvents({ state, account, clock }: Project): Generator<StoredEvent> {
  const seenUntilMs = clock.now() - account.eventVisibleAfterMs
  for (const event of state.latest.values()) if (event.receivedAtMs <= seenUntilMs) yield event
}

/** The number each id reaches for a behavior; an id that is not in it reaches 0. */
export function countBehavior(project: Project, behavior: Behavior): ReadonlyMap<string, number> {
  const [fromMs, toMs] = timeRange(project, behavior)
  const { event, selector } = behavior.count.event_selector
  const values = new Map<string, unknown[]>()
  for (const stored of visibleEvents(project)) {
    if (stored.event !== event || stored.timeMs < fromMs || stored.timeMs >= toMs || stored.distinctId === '')
      continue
    if (selector && !passes(selector, stored.properties)) continue
    const id = resolveId(project, stored.distinctId)
    const value = behavior.count.property === undefined ? 1 : stored.properties[behavior.count.property]
    const list = values.get(id)
    if (list) list.push(value)
    else values.set(id, [value])
  }
  return new Map([...values].map(([id, list]) => [id, aggregate(behavior.count.aggregationOperator, list)]))
}

function timeRange(
  { clock, account }: Project,
  { window, from_date: from, to_date: to }: Behavior,
): readonly [number, number] {
  if (!window) return [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`) + dayMs]
  const now = clock.now()
  const start = new Date(now)
  if (window.unit === 'month') start.setUTCMonth(start.getUTCMonth() - window.value)
  else start.setTime(now - window.value * (window.unit === 'week' ? 7 : 1) * dayMs)
  const startMs = start.getTime()
  return [account.cohortWindow === 'rolling' ? startMs : Math.floor(startMs / dayMs) * dayMs, Infinity]
}

function aggregate(operator: Behavior['count']['aggregationOperator'], values: readonly unknown[]): number {
  if (operator === undefined) return values.length
  if (operator === 'unique') return new Set(values.map((value) => JSON.stringify(value))).size
  const numbers = values.filter((value) => typeof value === 'number').toSorted((a, b) => a - b)
  if (numbers.length === 0) return 0
  const total = numbers.reduce((sum, value) => sum + value, 0)
  const middle = numbers.length / 2
  const median = ((numbers[Math.ceil(middle) - 1] ?? 0) + (numbers[Math.floor(middle)] ?? 0)) / 2
  return { total, average: total / numbers.length, min: numbers[0] ?? 0, max: numbers.at(-1) ?? 0, median }[
    operator
  ]
}

type Filters = NonNullable<Behavior['count']['event_selector']['selector']>
const passes = ({ operator, children }: Filters, properties: Properties): boolean =>
  operator === 'or'
    ? children.some((child) => passesOne(child, properties))
    : children.every((child) => passesOne(child, properties))

function passesOne(
  { value: name, filterOperator, filterValue }: EventFilter,
  properties: Properties,
): boolean {
  const value = properties[name]
  // The builder wraps a text to compare with in a list.
  const [wanted, upper] = Array.isArray(filterValue) ? (filterValue as readonly unknown[]) : [filterValue]
  const wantedAll = Array.isArray(filterValue) ? (filterValue as readonly unknown[]) : [filterValue]
  switch (filterOperator) {
    case 'equals':
      return wantedAll.includes(value)
    case 'does not equal':
      return !wantedAll.includes(value)
    case 'contains':
      return contains(value, wanted)
    case 'does not contain':
      return !contains(value, wanted)
    case 'is greater than':
      return typeof value === 'number' && value > Number(wanted)
    case 'is less than':
      return typeof value === 'number' && value < Number(wanted)
    case 'is between':
      return typeof value === 'number' && value >= Number(wanted) && value <= Number(upper)
    case 'is set':
      return value !== undefined && value !== null
    case 'is not set':
      return value === undefined || value === null
  }
}
const contains = (value: unknown, part: unknown): boolean =>
  Array.isArray(value)
    ? value.includes(part)
    : typeof value === 'string' && typeof part === 'string' && value.includes(part)
