import type { Instant, Item, Values } from '@tripline/model'
import type { NameChoice, RouteRule, Routes } from './route-rule.ts'
import type { Vendor } from './vendors.ts'

/** Why an item is not for a vendor, by the part of the route that says so. */
export type NotRouted = 'off' | 'items' | 'events' | 'fields' | 'lastDays'
export type RouteDecision =
  /** `item` is the given one, or a copy without the traits in `withheld`. */
  | { readonly vendor: Vendor; readonly item: Item; readonly withheld: readonly string[] }
  | { readonly vendor: Vendor; readonly because: NotRouted }
export interface RouteOptions {
  /** The configured vendors: one decision for each, in this order. */
  readonly vendors: readonly Vendor[]
  /** What `lastDays` counts back from. Needed when a route has one. */
  readonly newestAt?: Instant
}
/** One decision per vendor, in the order of the options. Pure: the same item gives the same decisions. */
export type Route = (item: Item) => readonly RouteDecision[]

/**
 * Compiles routes once, so that a decision costs a few look-ups in sets.
 * @throws RangeError a route has `lastDays`, and neither a newest event nor `--now` is known
 * @example
 * const route = createRoute({ intercom: { events: { only: ['Order Completed'] } } }, { vendors: ['braze', 'intercom'] })
 * route(pageView) // => [{ vendor: 'braze', item: pageView, withheld: [] }, { vendor: 'intercom', because: 'events' }]
 */
export function createRoute(routes: Routes, options: RouteOptions): Route {
  const deciders = options.vendors.map((vendor) => createDecider(vendor, routes[vendor] ?? {}, options))
  return (item) => deciders.map((decide) => decide(item))
}

const dayMs = 86_400_000
const nothing: readonly string[] = Object.freeze([])

function createDecider(
  vendor: Vendor,
  rule: RouteRule,
  { newestAt }: RouteOptions,
): (item: Item) => RouteDecision {
  const refuse = (because: NotRouted): RouteDecision => ({ vendor, because })
  const refused = {
    off: refuse('off'),
    items: refuse('items'),
    events: refuse('events'),
    fields: refuse('fields'),
    lastDays: refuse('lastDays'),
  } as const satisfies Record<NotRouted, RouteDecision>
  const kinds = rule.items && new Set<string>(rule.items)
  const eventChosen = createChoice(rule.events)
  const fieldChosen = createChoice(rule.fields)
  const earliestAt = rule.lastDays === undefined ? undefined : daysBefore(vendor, newestAt, rule.lastDays)
  return (item) => {
    if (rule.off) return refused.off
    if (kinds && !kinds.has(item.kind)) return refused.items
    if (item.kind === 'event') {
      if (eventChosen && !eventChosen(item.event.event)) return refused.events
      // Instants of items are UTC with milliseconds, so their text sorts as their time does.
      if (earliestAt !== undefined && item.at < earliestAt) return refused.lastDays
    } else if (fieldChosen && (item.kind === 'profile' || item.kind === 'group')) {
      const withheld = Object.keys(item.set).filter((name) => !fieldChosen(name))
      if (withheld.length === 0) return { vendor, item, withheld }
      const set = without(item.set, withheld)
      if (item.kind === 'profile' && Object.keys(set).length === 0) return refused.fields
      const before = item.before && { before: without(item.before, withheld) }
      return { vendor, item: { ...item, set, ...before }, withheld }
    }
    return { vendor, item, withheld: nothing }
  }
}

function createChoice(choice: NameChoice | undefined): ((name: string) => boolean) | undefined {
  if (choice?.only) {
    const only = new Set(choice.only)
    return (name) => only.has(name)
  }
  if (choice?.except) {
    const except = new Set(choice.except)
    return (name) => !except.has(name)
  }
  return undefined
}

function without(values: Values, names: readonly string[]): Values {
  const left = new Set(names)
  return Object.fromEntries(Object.entries(values).filter(([name]) => !left.has(name)))
}

function daysBefore(vendor: Vendor, newestAt: Instant | undefined, days: number): Instant {
  if (newestAt !== undefined) return new Date(Date.parse(newestAt) - days * dayMs).toISOString()
  throw new RangeError(
    `routes.${vendor}.lastDays counts back from the newest event: the input has none, so say --now`,
  )
}
