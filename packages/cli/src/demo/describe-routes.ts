import type { Routes } from '../config/route-rule.ts'
import type { Vendor } from '../config/vendors.ts'

/** The routes in words, one line per vendor. */
export function describeRoutes(routes: Routes, vendors: readonly Vendor[]): readonly string[] {
  return vendors.map((vendor) => `${vendor} gets ${describe(routes[vendor] ?? {})}`)
}

function describe({ off, items, events, fields, lastDays }: NonNullable<Routes[Vendor]>): string {
  if (off) return 'nothing'
  const kinds = items ? items.map((kind) => `${kind} items`).join(', ') : 'everything'
  const narrowed = [
    events?.only && `of events only ${events.only.join(', ')}`,
    events?.except && `of events all but ${events.except.join(', ')}`,
    lastDays !== undefined && `of events only those of the last ${lastDays} days`,
    fields?.only && `of traits only ${fields.only.join(', ')}`,
    fields?.except && `of traits all but ${fields.except.join(', ')}`,
  ].filter((part) => typeof part === 'string')
  return [kinds, ...narrowed].join('; ')
}
