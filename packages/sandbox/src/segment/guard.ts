import type { Route, SimReply, SimRequest } from '../core/index.ts'
import { createRouter } from '../core/router.ts'
import type { Context } from './context.ts'
import { checkProfile, checkPublic, checkTracking, type PublicNote } from './guard-checks.ts'
import { createRateLimiter } from './limits.ts'

export type Family = 'tracking' | 'pixel' | 'oauth' | 'profile' | 'public'
/** Which of the four APIs a path belongs to. */
export function familyOf(path: string): Family {
  if (path === '/token') return 'oauth'
  if (path.startsWith('/v1/spaces/') || path.startsWith('/v1/namespaces/')) return 'profile'
  if (path.startsWith('/v1/pixel/')) return 'pixel'
  return path.startsWith('/v1/') ? 'tracking' : 'public'
}
export interface Guard {
  readonly before: (request: SimRequest) => SimReply | undefined
  readonly after: (request: SimRequest, reply: SimReply) => SimReply
  readonly reset: () => void
}

/** Authentication and rate limits in front of every route, and the headers behind it. */
export function createGuard(state: Context, routes: readonly Route[]): Guard {
  const match = createRouter(routes)
  const limiter = createRateLimiter(state.clock)
  const notes = new WeakMap<SimRequest, PublicNote>()

  function publicApi(request: SimRequest): SimReply | undefined {
    const pattern = match(request.method, request.path)?.route.path ?? ''
    const checked = checkPublic(state, limiter, `${request.method} ${pattern}`, request)
    if (checked && 'refused' in checked) return checked.refused
    if (checked) notes.set(request, checked)
    return undefined
  }
  return {
    before(request) {
      const family = familyOf(request.path)
      if (family === 'tracking') return checkTracking(state, limiter)
      if (family === 'profile') return checkProfile(state, limiter, request.path.split('/')[3] ?? '', request)
      return family === 'public' ? publicApi(request) : undefined
    },
    after(request, reply) {
      if (familyOf(request.path) === 'profile') return withHeaders(reply, { 'request-id': requestId(state) })
      const note = notes.get(request)
      return note && reply.status < 300 ? withHeaders(reply, publicHeaders(note)) : reply
    },
    reset: () => limiter.clear(),
  }
}

const publicHeaders = ({ mediaType, rate, max }: PublicNote): Record<string, string> => ({
  'content-type': mediaType,
  'x-ratelimit-consumed': String(max - rate.remaining),
  'x-ratelimit-remaining': String(rate.remaining),
  // an RFC 5322 date, not seconds
  'x-ratelimit-reset': new Date(rate.resetAtMs).toUTCString().replace('GMT', '+0000'),
})
const withHeaders = (reply: SimReply, headers: Record<string, string>): SimReply => ({
  ...reply,
  headers: { ...headers, ...reply.headers },
})
const requestId = ({ store }: Context): string => `req-${(store.nextNumber++).toString(16).padStart(12, '0')}`
