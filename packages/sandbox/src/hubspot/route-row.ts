import type { Route, SimReply, SimRequest } from '../core/index.ts'
import type { HubspotTier } from './account.ts'
import type { LimitClass } from './limits.ts'
import { hubspotPaths, type Resource } from './paths.ts'

/** One operation, served under every version of its resource. */
export interface RouteRow {
  readonly method: Route['method']
  readonly resource: Resource
  /** What follows the resource's base path. */
  readonly path: string
  /** Any one of them is enough. Empty: every valid token. `open`: no token. */
  readonly scopes: readonly string[] | 'open' | ((params: SimRequest['params']) => readonly string[])
  readonly tier?: HubspotTier
  /** @default 'ten-secondly' */
  readonly limit?: LimitClass
  handle(request: SimRequest): SimReply
}

/** Every route of these rows, each with the row it came from. */
export function expandRows(rows: readonly RouteRow[]): ReadonlyMap<Route, RouteRow> {
  const routes = new Map<Route, RouteRow>()
  for (const row of rows)
    for (const base of hubspotPaths[row.resource])
      routes.set(
        { method: row.method, path: `${base}${row.path}`, handle: (request) => row.handle(request) },
        row,
      )
  return routes
}

/** The name of a row in the coverage list: its method and its current path. */
export const coverageKey = (row: RouteRow): string =>
  `${row.method} ${hubspotPaths[row.resource][0]}${row.path}`
