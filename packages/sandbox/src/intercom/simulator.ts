import type { SimReply, SimRequest, Simulator, SimulatorOptions } from '../core/index.ts'
import { intercomDefaults, type IntercomAccount } from './account.ts'
import { admit, findVersion } from './authenticate.ts'
import { intercomCoverage } from './coverage.ts'
import { errorReply, isObject } from './errors.ts'
import { showFault } from './faults.ts'
import { createIds } from './ids.ts'
import { inspectStore } from './inspect.ts'
import { createRateGuard } from './limits.ts'
import { companyRoutes } from './routes/companies.ts'
import { contactCompanyRoutes } from './routes/contact-companies.ts'
import { contactLifecycleRoutes } from './routes/contact-lifecycle.ts'
import { contactListRoutes } from './routes/contact-lists.ts'
import { contactMergeRoutes } from './routes/contact-merge.ts'
import { contactTagRoutes } from './routes/contact-tags.ts'
import { contactRoutes } from './routes/contacts.ts'
import { dataAttributeRoutes } from './routes/data-attributes.ts'
import { eventSummaryRoutes } from './routes/event-summaries.ts'
import { eventRoutes } from './routes/events.ts'
import { meRoutes } from './routes/me.ts'
import { messageRoutes } from './routes/messages.ts'
import { noteRoutes } from './routes/notes.ts'
import { segmentRoutes } from './routes/segments.ts'
import { subscriptionRoutes } from './routes/subscriptions.ts'
import { tagRoutes } from './routes/tags.ts'
import { visitorRoutes } from './routes/visitors.ts'
import { seedStore, type IntercomSeed } from './seed.ts'
import { createStore, type IntercomContext } from './state.ts'

const resources = [
  meRoutes,
  contactRoutes,
  contactListRoutes,
  contactLifecycleRoutes,
  contactMergeRoutes,
  contactCompanyRoutes,
  contactTagRoutes,
  companyRoutes,
  tagRoutes,
  segmentRoutes,
  subscriptionRoutes,
  dataAttributeRoutes,
  eventRoutes,
  eventSummaryRoutes,
  messageRoutes,
  noteRoutes,
  visitorRoutes,
]

/** One Intercom workspace, versions 2.14 to 2.16. */
export function createIntercomSimulator({
  clock,
  account: given,
}: SimulatorOptions<IntercomAccount>): Simulator {
  const initial: IntercomAccount = { ...intercomDefaults, ...given }
  let account = initial
  let store = createStore(clock)
  const context: IntercomContext = {
    clock,
    account: () => account,
    store: () => store,
    nowSeconds: () => Math.floor(clock.now() / 1_000),
  }
  const rate = createRateGuard(clock, context.account)
  const requestIds = createIds(clock)
  /** The id in the header is the one in the body; the version that answered is named. */
  function after(request: SimRequest, reply: SimReply): SimReply {
    const requestId = requestIds.uuid()
    const version = findVersion(request, account)
    const headers = {
      ...rate.headers(),
      'x-request-id': requestId,
      ...(version && { 'intercom-version': version }),
      ...reply.headers,
    }
    const isError = isObject(reply.body) && reply.body['type'] === 'error.list'
    return isError
      ? { ...reply, headers, body: { ...reply.body, request_id: requestId } }
      : { ...reply, headers }
  }
  return {
    vendor: 'intercom',
    routes: resources.flatMap((routes) => routes(context)),
    coverage: intercomCoverage,
    before: (request) => admit(request, account, rate),
    after,
    notFound: () => errorReply(404, 'not_found', 'Resource Not Found'),
    fault: (kind, request, proceed) => showFault(kind, request, proceed, context, rate),
    seed: (data) => seedStore(data as IntercomSeed, context),
    inspect: () => inspectStore(context),
    configure: (patch) => {
      account = { ...account, ...(patch as Partial<IntercomAccount>) }
    },
    reset: () => {
      account = initial
      store = createStore(clock)
      rate.reset()
    },
  }
}
