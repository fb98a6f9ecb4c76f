import type { SimReply, SimRequest } from '../core/index.ts'
import { publicInvalid } from './errors.ts'

export interface PageLimits {
  readonly defaultCount: number
  readonly maxCount: number
}
/** https://docs.segmentapis.com/tag/Pagination ; audiences take 200 at most. */
export const pageLimits: PageLimits = { defaultCount: 200, maxCount: 1_000 }
export const audiencePageLimits: PageLimits = { defaultCount: 200, maxCount: 200 }

/** A field of an object parameter, in both spellings: `pagination.count=3` and `pagination[count]=3`. */
export const nested = (query: URLSearchParams, name: string, field: string): string | undefined =>
  query.get(`${name}.${field}`) ?? query.get(`${name}[${field}]`) ?? undefined

/** A list parameter: repeated, `name[]`, `name[0]` or `name.0`. */
export function listOf(query: URLSearchParams, name: string): string[] {
  const escaped = name.replaceAll(/[.[\]]/g, '\\$&')
  const pattern = new RegExp(`^${escaped}(\\[\\d*\\]|\\.\\d+)?$`)
  return [...query].flatMap(([key, value]) => (pattern.test(key) ? [value] : []))
}

const encode = (offset: number): string => Buffer.from(String(offset)).toString('base64')
const decode = (cursor: string): number | undefined => {
  const text = Buffer.from(cursor, 'base64').toString('utf8')
  return /^\d+$/.test(text) ? Number(text) : undefined
}

/** One page of a list under `name`, or 422 for a bad count or cursor. */
export function page<Item>(
  request: SimRequest,
  name: string,
  items: readonly Item[],
  render: (item: Item) => unknown,
  limits: PageLimits = pageLimits,
): SimReply {
  const countText = nested(request.query, 'pagination', 'count')
  const cursor = nested(request.query, 'pagination', 'cursor')
  if (cursor !== undefined && countText === undefined)
    return publicInvalid([{ field: 'pagination.count', message: 'is required' }])
  const count = countText === undefined ? limits.defaultCount : Number(countText)
  if (!Number.isInteger(count) || count < 1 || count > limits.maxCount)
    return publicInvalid([{ field: 'pagination.count', message: `must be between 1 and ${limits.maxCount}` }])
  const offset = cursor === undefined ? 0 : decode(cursor)
  if (offset === undefined) return publicInvalid([{ field: 'pagination.cursor', message: 'is not a cursor' }])
  const next = offset + count < items.length ? { next: encode(offset + count) } : {}
  const previous = offset > 0 ? { previous: encode(Math.max(0, offset - count)) } : {}
  const pagination = { current: encode(offset), ...next, ...previous, totalEntries: items.length }
  return {
    status: 200,
    body: { data: { [name]: items.slice(offset, offset + count).map(render), pagination } },
  }
}
