import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { mismatch } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'

interface PostOptions {
  readonly path: string
  /** Body fields Braze reads; others are passed over, as Braze does, and noted for tests. */
  readonly known: readonly string[]
  readonly handle: (body: JsonObject, request: SimRequest) => SimReply
}

export function post(context: BrazeContext, { path, known, handle }: PostOptions): Route {
  return {
    method: 'POST',
    path,
    handle(request) {
      let body: Json | undefined
      try {
        body = request.json() as Json | undefined
      } catch {
        return mismatch()
      }
      if (!isObject(body)) return mismatch()
      context.noteIgnored(`POST ${path}`, body, known)
      return handle(body, request)
    },
  }
}

export const get = (
  path: string,
  handle: (query: URLSearchParams, request: SimRequest) => SimReply,
): Route => ({
  method: 'GET',
  path,
  handle: (request) => handle(request.query, request),
})

/** A query value that may come as `key`, as `key[]`, or several times. */
export const manyOf = (query: URLSearchParams, key: string): readonly string[] => [
  ...query.getAll(key),
  ...query.getAll(`${key}[]`),
]

/** Page `page` (from 0) of a list with pages of `size`; a page that is not full is the last. */
export function pageOf<T>(query: URLSearchParams, items: readonly T[], size = 100): readonly T[] {
  const page = Math.max(0, Number.parseInt(query.get('page') ?? '0', 10) || 0)
  const ordered = query.get('sort_direction') === 'desc' ? items.toReversed() : items
  return ordered.slice(page * size, (page + 1) * size)
}
