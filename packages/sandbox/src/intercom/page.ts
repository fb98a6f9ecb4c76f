import type { SimRequest } from '../core/index.ts'
import { refuse, refuseParameter } from './errors.ts'

/** `per_page` from a query string or a body. Beyond the maximum: refused (what Intercom does is unverified). */
export function readPerPage(
  value: unknown,
  limits: { readonly default: number; readonly max: number },
): number {
  if (value === undefined || value === null) return limits.default
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1)
    return refuseParameter('Per Page is invalid')
  return count > limits.max ? refuseParameter('Per Page is too big') : count
}
export function readPage(request: SimRequest): number {
  const given = request.query.get('page') ?? '1'
  return /^[1-9]\d*$/.test(given) ? Number(given) : refuseParameter('Page is invalid')
}

/** Cursors are opaque text. The refusal is worded as in the description of GET /data_connectors. */
export const writeCursor = (content: unknown): string =>
  Buffer.from(JSON.stringify(content)).toString('base64url')
export function readCursor(cursor: unknown): unknown {
  try {
    if (typeof cursor === 'string') return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown
  } catch {
    // Falls through to the refusal.
  }
  return refuse(
    400,
    'client_error',
    'Invalid starting_after param. Please try again using a starting_after value from a paginated response',
  )
}

/** One page of a list that is numbered by page, and the `pages` object that goes with it. */
export function numberedPage<Item>(
  request: SimRequest,
  items: readonly Item[],
  perPage: number,
): { readonly items: readonly Item[]; readonly pages: object } {
  const page = readPage(request)
  const totalPages = Math.ceil(items.length / perPage)
  const next =
    page < totalPages ? linkTo(request, { page: String(page + 1), per_page: String(perPage) }) : null
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    pages: { type: 'pages', next, page, per_page: perPage, total_pages: totalPages },
  }
}

/** The request's own URL with some parameters set, as Intercom's links name it. */
export function linkTo(request: SimRequest, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(request.path, `http://${request.headers['host'] ?? 'api.intercom.io'}`)
  for (const [name, value] of request.query) url.searchParams.set(name, value)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.toString()
}
