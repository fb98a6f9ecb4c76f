import type { Item } from '@tripline/model'
import { createRoute, type NotRouted, type RouteOptions } from '../config/route.ts'
import type { Routes } from '../config/route-rule.ts'
import type { Vendor } from '../config/vendors.ts'

/** What one vendor is to get, and how many items it is not, by reason. */
export interface Assignment {
  readonly items: Item[]
  readonly notRouted: Partial<Record<NotRouted, number>>
}

/** Splits the items by the routes, in their order. */
export function assign(
  items: readonly Item[],
  routes: Routes,
  options: RouteOptions,
): ReadonlyMap<Vendor, Assignment> {
  const route = createRoute(routes, options)
  const assigned = new Map<Vendor, Assignment>(
    options.vendors.map((vendor) => [vendor, { items: [], notRouted: {} }]),
  )
  for (const item of items) {
    for (const decision of route(item)) {
      const assignment = assigned.get(decision.vendor)
      if (!assignment) continue
      if ('item' in decision) assignment.items.push(decision.item)
      else assignment.notRouted[decision.because] = (assignment.notRouted[decision.because] ?? 0) + 1
    }
  }
  return assigned
}

/** Everybody known by a userId for whom the vendor gets anything. */
export function peopleOf(items: readonly Item[]): ReadonlySet<string> {
  const people = new Set<string>()
  for (const item of items) {
    const who = item.kind === 'link' ? item.known : item.kind === 'group' ? item.member : item.who
    if (who?.userId !== undefined) people.add(who.userId)
  }
  return people
}
