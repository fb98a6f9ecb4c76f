import type { SimReply, SimRequest, Simulator, SimulatorOptions } from '../core/index.ts'
import { brazeDefaults, type BrazeAccount } from './account.ts'
import { authenticate } from './authenticate.ts'
import { createContext } from './context.ts'
import { brazeCoverage } from './coverage.ts'
import { costsOf, endpointOf } from './endpoints.ts'
import { messages, refuse } from './errors.ts'
import { brazeFault, serverError } from './faults.ts'
import { inspectStore } from './inspect.ts'
import { sizeLimits } from './limits.ts'
import { brazeRoutes } from './routes/index.ts'
import { seedStore } from './seed.ts'
import type { BrazeSeed } from './state.ts'

const limitSwitches: readonly string[] = ['plan', 'mauLimits', 'rateLimits']

/** One Braze workspace in memory. */
export function createBrazeSimulator({
  clock,
  account: given = {},
}: SimulatorOptions<BrazeAccount>): Simulator {
  let account: BrazeAccount = checked({ ...brazeDefaults, ...given })
  const context = createContext(clock, () => account)
  const { store, queue, rates } = context
  const rateHeaders = new WeakMap<SimRequest, Readonly<Record<string, string>>>()
  function before(request: SimRequest): SimReply | undefined {
    queue.settle(clock.now())
    const endpoint = endpointOf(request)
    if (!endpoint) return undefined
    const refusal = authenticate(request, endpoint.permission, account) ?? formFault(request)
    if (refusal) return refusal
    if (endpoint.beta && !account.trackBetas) return refuse(403, messages.forbidden)
    const { headers, refused } = rates.take(costsOf(endpoint, request, account))
    rateHeaders.set(request, headers)
    return refused
  }
  return {
    vendor: 'braze',
    routes: brazeRoutes(context),
    coverage: brazeCoverage,
    before,
    // A 429 brings its own headers.
    after: (request, reply) =>
      reply.status === 429 ? reply : { ...reply, headers: { ...rateHeaders.get(request), ...reply.headers } },
    notFound: () => refuse(404, 'Not Found'),
    fault(kind, request, proceed) {
      const endpoint = endpointOf(request)
      if (kind === 'server-error') return serverError()
      if (kind === 'rate-limited') return endpoint && rates.refusal(costsOf(endpoint, request, account))
      return brazeFault(kind, request, proceed)
    },
    seed: (data) => seedStore(store, data as BrazeSeed, clock.now()),
    inspect() {
      // What was accepted counts as stored here: `inspect` looks past the usual lag, reading routes do not.
      queue.settle(clock.now() + account.visibleAfterMs)
      return inspectStore(store, queue.size)
    },
    configure(patch) {
      account = checked({ ...account, ...(patch as Partial<BrazeAccount>) })
      // A new limit starts with a fresh window.
      if (Object.keys(patch as object).some((name) => limitSwitches.includes(name))) rates.reset()
    },
    reset: () => context.reset(),
  }
}

/** 415 for anything but JSON, 413 beyond 4 MB; the bulk endpoint has its own size and answer. */
function formFault(request: SimRequest): SimReply | undefined {
  if (request.method !== 'POST') return undefined
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return refuse(415, 'Unsupported Media Type')
  const bulk = request.path === '/users/track/bulk'
  const { max } = bulk ? sizeLimits.bulkBodyBytes : sizeLimits.bodyBytes
  if (request.body.length <= max) return undefined
  return bulk ? refuse(400, messages.tooLong) : refuse(413, 'Request Entity Too Large')
}

function checked(account: BrazeAccount): BrazeAccount {
  if (account.plan === 'mau' && !account.mauLimits)
    throw new TypeError('A MAU plan needs `mauLimits`: Braze sets them per company and publishes no default')
  return account
}
