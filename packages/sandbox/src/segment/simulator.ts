import type { Route, Simulator, SimulatorOptions } from '../core/index.ts'
import { defaultAccount, type SegmentAccount } from './account.ts'
import type { Context } from './context.ts'
import { segmentCoverage } from './coverage.ts'
import { profileError, publicNotFound } from './errors.ts'
import { showFault } from './faults.ts'
import { createGuard, familyOf } from './guard.ts'
import { inspectState } from './inspect.ts'
import { audienceRoutes } from './routes/audiences.ts'
import { deliveryOverviewRoutes } from './routes/delivery-overview.ts'
import { destinationRoutes } from './routes/destinations.ts'
import { oauthRoutes } from './routes/oauth.ts'
import { pixelRoutes } from './routes/pixel.ts'
import { previewRoutes } from './routes/previews.ts'
import { profileRecordRoutes } from './routes/profile-records.ts'
import { profileTraitRoutes } from './routes/profile-traits.ts'
import { regulationRoutes } from './routes/regulations.ts'
import { schemaRoutes } from './routes/schema.ts'
import { sourceRoutes } from './routes/sources.ts'
import { trackingPlanRoutes } from './routes/tracking-plans.ts'
import { trackingRoutes } from './routes/tracking.ts'
import { workspaceRoutes } from './routes/workspace.ts'
import { applySeed, type SegmentSeed } from './seed.ts'
import { applyAccount, createStore } from './state.ts'

/** Segment's Tracking, OAuth, Profile and Public APIs on one server. Imports nothing outside the sandbox. */
export function createSegmentSimulator(options: SimulatorOptions<SegmentAccount>): Simulator {
  const start: SegmentAccount = { ...defaultAccount, ...options.account }
  const state: Context = { clock: options.clock, account: start, store: createStore(start) }
  const routes: readonly Route[] = [
    ...trackingRoutes(state),
    ...pixelRoutes(state),
    ...oauthRoutes(state),
    ...profileTraitRoutes(state),
    ...profileRecordRoutes(state),
    ...workspaceRoutes(state),
    ...audienceRoutes(state),
    ...previewRoutes(state),
    ...schemaRoutes(state),
    ...sourceRoutes(state),
    ...destinationRoutes(state),
    ...trackingPlanRoutes(state),
    ...deliveryOverviewRoutes(state),
    ...regulationRoutes(state),
  ]
  const guard = createGuard(state, routes)
  return {
    vendor: 'segment',
    routes,
    coverage: segmentCoverage,
    before: guard.before,
    after: guard.after,
    notFound: (request) => {
      const family = familyOf(request.path)
      if (family === 'public') return publicNotFound()
      if (family === 'profile') return profileError('not_found', 'The requested resource does not exist.')
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' }
    },
    fault: (kind, request) => showFault(state, kind, request),
    seed: (data) => applySeed(state, data as SegmentSeed),
    inspect: () => inspectState(state),
    configure(account) {
      const patch = account as Partial<SegmentAccount>
      state.account = { ...state.account, ...patch }
      if (patch.sources ?? patch.spaces) applyAccount(state.store, state.account)
    },
    reset() {
      state.account = start
      state.store = createStore(start)
      guard.reset()
    },
  }
}
