import type { Route } from '../../core/index.ts'
import type { Context } from '../context.ts'
import { callTypes, isJson } from '../store-types.ts'
import { takeOne } from './tracking.ts'

const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** `GET /v1/pixel/{call}?data=<base64url JSON>`: always 200 and one pixel. https://segment.com/docs/connections/sources/catalog/libraries/server/pixel-tracking-api/ */
export function pixelRoutes(state: Context): Route[] {
  return callTypes.map((type) => ({
    method: 'GET',
    path: `/v1/pixel/${type}`,
    handle(request) {
      const body = decode(request.query.get('data') ?? '')
      if (body && state.account.region === 'right') {
        const writeKey = typeof body.writeKey === 'string' ? body.writeKey : ''
        takeOne(state, state.store.sourceByWriteKey.get(writeKey), body, type)
      }
      return { status: 200, headers: { 'content-type': 'image/gif' }, body: gif }
    },
  }))
}

function decode(data: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(data, 'base64url').toString('utf8'))
    return isJson(value) ? value : undefined
  } catch {
    return undefined
  }
}
