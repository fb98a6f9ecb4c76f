import type { Route, SimReply, SimRequest, Simulator, SimulatorOptions } from '../core/index.ts'
import { createRouter } from '../core/router.ts'
import type { HubspotAccount } from './account.ts'
import { admit } from './admit.ts'
import { hubspotCoverage } from './coverage.ts'
import { errorReply, Refusal } from './errors.ts'
import { showFault } from './faults.ts'
import { createPortal } from './portal.ts'
import { createRateLimiter } from './rate-limiter.ts'
import { expandRows } from './route-row.ts'
import { hubspotRows } from './routes/index.ts'
import { inspectPortal, seedPortal, type HubspotSeed } from './state.ts'

/** A HubSpot account that lives in this process. */
export function createHubspotSimulator(options: SimulatorOptions<HubspotAccount>): Simulator {
  const portal = createPortal(options)
  const rows = expandRows(hubspotRows(portal))
  const routes = [...rows.keys()]
  const router = createRouter(routes)
  let limiter = createRateLimiter(options.clock, () => portal.account)
  const rateHeaders = new WeakMap<SimRequest, Readonly<Record<string, string>>>()
  return {
    vendor: 'hubspot',
    routes: routes.map((route) => guarded(route)),
    coverage: hubspotCoverage,
    before(request) {
      portal.settle()
      const route = router(request.method, request.path)?.route
      const row = route && rows.get(route)
      return row && admit(portal, row, request, limiter, (headers) => rateHeaders.set(request, headers))
    },
    after(request, reply) {
      const rate = rateHeaders.get(request) ?? {}
      const retryAfter = portal.account.retryAfterHeader && reply.status === 429
      return withHeaders(reply, {
        ...rate,
        ...(retryAfter && { 'Retry-After': rate[burstHeader] ? '10' : '1' }),
      })
    },
    notFound: () => errorReply(404, 'resource not found'),
    fault: (kind, request, proceed) => showFault(portal, kind, request, proceed),
    seed: (data) => seedPortal(portal, data as HubspotSeed),
    inspect: () => inspectPortal(portal, limiter.usedToday),
    configure: (patch) => portal.configure(patch as Partial<HubspotAccount>),
    reset() {
      portal.reset()
      limiter = createRateLimiter(options.clock, () => portal.account)
    },
  }
}

const burstHeader = 'X-HubSpot-RateLimit-Max'

function withHeaders(reply: SimReply, headers: Readonly<Record<string, string>>): SimReply {
  const id = (reply.body as { readonly correlationId?: string } | undefined)?.correlationId
  return {
    ...reply,
    headers: { ...headers, ...reply.headers, ...(id !== undefined && { 'X-HubSpot-Correlation-Id': id }) },
  }
}

/** Answers what a handler refuses. */
function guarded(route: Route): Route {
  return {
    ...route,
    async handle(request) {
      try {
        return await route.handle(request)
      } catch (error) {
        if (error instanceof Refusal) return error.reply()
        throw error
      }
    },
  }
}
