import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody } from '../body.ts'
import { invalid } from '../errors.ts'
import type { Portal } from '../portal.ts'
import { comparable, findRecord, writeRecord } from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import type { SubscriptionStatus } from '../store.ts'

const readScopes = ['communication_preferences.read', 'communication_preferences.read_write']
const writeScopes = ['communication_preferences.write', 'communication_preferences.read_write']
const legalBases = [
  'LEGITIMATE_INTEREST_PQL',
  'LEGITIMATE_INTEREST_CLIENT',
  'PERFORMANCE_OF_CONTRACT',
  'CONSENT_WITH_NOTICE',
  'NON_GDPR',
  'PROCESS_AND_STORE',
  'LEGITIMATE_INTEREST_OTHER',
]
/** Key of the opt-out from everything among the subscriptions of one address. */
const everything = '*'

/** Subscription types and statuses. The only channel is EMAIL. */
export function consentRoutes(portal: Portal): readonly RouteRow[] {
  const read = { resource: 'consent', method: 'GET', scopes: readScopes, tier: 'starter' } as const
  const write = { resource: 'consent', method: 'POST', scopes: writeScopes, tier: 'starter' } as const
  const one = '/statuses/{subscriberIdString}'
  return [
    { ...read, path: '/definitions', handle: () => answer(portal, [...portal.store.subscriptions.values()]) },
    { ...read, path: one, handle: (request) => readStatuses(portal, request) },
    { ...write, path: one, handle: (request) => writeStatus(portal, request) },
    { ...read, path: `${one}/unsubscribe-all`, handle: (request) => readAll(portal, request) },
    { ...write, path: `${one}/unsubscribe-all`, handle: (request) => unsubscribeAll(portal, request) },
  ]
}

function answer(portal: Portal, results: readonly object[]): SimReply {
  const at = portal.nowIso()
  return { status: 200, body: { status: 'COMPLETE', results, startedAt: at, completedAt: at } }
}

function requireChannel(channel: string | null): void {
  if (channel !== 'EMAIL') throw invalid(`channel must be EMAIL, not ${channel ?? 'missing'}`)
}
const addressOf = (request: SimRequest): string =>
  comparable('email', request.params['subscriberIdString'] ?? '')

const statusesOf = ({ store }: Portal, email: string): Map<string, SubscriptionStatus> =>
  store.consent.get(email) ?? new Map<string, SubscriptionStatus>()

function showStatus(portal: Portal, email: string, id: string, status: SubscriptionStatus): object {
  return {
    subscriberIdString: email,
    subscriptionId: Number(id),
    subscriptionName: portal.store.subscriptions.get(id)?.name ?? '',
    channel: 'EMAIL',
    ...status,
  }
}

/** Every subscription type, whether anything is known of it or not. */
function readStatuses(portal: Portal, request: SimRequest): SimReply {
  requireChannel(request.query.get('channel'))
  const email = addressOf(request)
  const statuses = statusesOf(portal, email)
  const unknown = { status: 'NOT_SPECIFIED', source: 'NONE', timestamp: portal.nowIso() } as const
  const rows = [...portal.store.subscriptions.keys()].map((id) =>
    showStatus(portal, email, id, statuses.get(id) ?? unknown),
  )
  return answer(portal, rows)
}

function writeStatus(portal: Portal, request: SimRequest): SimReply {
  const body = readBody(portal.account, request, {
    subscriptionId: 'number',
    channel: 'string',
    statusState: 'string',
    legalBasis: 'string?',
    legalBasisExplanation: 'string?',
  })
  requireChannel(body.channel)
  const { statusState, legalBasis, legalBasisExplanation } = body
  const id = String(body.subscriptionId)
  const email = addressOf(request)
  if (!portal.store.subscriptions.has(id)) throw invalid(`Subscription ${id} does not exist`)
  if (statusState !== 'SUBSCRIBED' && statusState !== 'UNSUBSCRIBED' && statusState !== 'NOT_SPECIFIED')
    throw invalid(`${statusState} is no statusState`)
  if (legalBasis !== undefined && !legalBases.includes(legalBasis))
    throw invalid(`${legalBasis} is no legalBasis`)
  if (
    portal.account.gdprMode &&
    statusState === 'SUBSCRIBED' &&
    (legalBasis === undefined || legalBasisExplanation === undefined)
  )
    throw invalid('legalBasis and legalBasisExplanation are required for accounts with GDPR enabled')
  const before = statusesOf(portal, email)
  if (statusState === 'SUBSCRIBED') refuseResubscription(portal, id, before)
  const status: SubscriptionStatus = {
    status: statusState,
    source: 'API',
    timestamp: portal.nowIso(),
    ...(legalBasis !== undefined && { legalBasis }),
    ...(legalBasisExplanation !== undefined && { legalBasisExplanation }),
  }
  const unchanged = before.get(id)?.status === statusState
  portal.store.consent.set(email, new Map(before).set(id, status))
  const reason = unchanged ? 'NO_STATUS_CHANGE' : 'REQUESTED_CHANGE_OCCURRED'
  return answer(portal, [{ ...showStatus(portal, email, id, status), setStatusSuccessReason: reason }])
}

/** Who left by his own act stays out. Not verified: some see an error, some `RESUBSCRIBE_OCCURRED`. */
function refuseResubscription(
  portal: Portal,
  id: string,
  statuses: ReadonlyMap<string, SubscriptionStatus>,
): void {
  const blocked =
    statuses.get(everything)?.status === 'UNSUBSCRIBED' ||
    (statuses.get(id)?.status === 'UNSUBSCRIBED' && statuses.get(id)?.source === 'CONTACT')
  if (blocked && portal.account.resubscribe === 'refused')
    throw invalid('The contact has unsubscribed and cannot be subscribed again by API', {
      context: { subscriptionId: [id] },
    })
}

const wide = (email: string, status: SubscriptionStatus): object => ({
  subscriberIdString: email,
  channel: 'EMAIL',
  wideStatusType: 'PORTAL_WIDE',
  status: status.status,
  timestamp: status.timestamp,
})

/** Empty unless everything was left. https://developers.hubspot.com/docs/api-reference/latest/communication-preferences/status/get-unsubscribed-status */
function readAll(portal: Portal, request: SimRequest): SimReply {
  requireChannel(request.query.get('channel'))
  const email = addressOf(request)
  const status = statusesOf(portal, email).get(everything)
  return answer(portal, status ? [wide(email, status)] : [])
}

/**
 * Leaves every subscription, and shows on the contact as `hs_email_optout`. The statuses are told with `verbose` only;
 * that nothing is told without it is our reading of the description, whose rows are those of single subscriptions.
 */
function unsubscribeAll(portal: Portal, request: SimRequest): SimReply {
  requireChannel(request.query.get('channel'))
  const email = addressOf(request)
  const status = { status: 'UNSUBSCRIBED', source: 'API', timestamp: portal.nowIso() } as const
  const statuses = new Map(statusesOf(portal, email)).set(everything, status)
  for (const id of portal.store.subscriptions.keys()) statuses.set(id, status)
  portal.store.consent.set(email, statuses)
  const contacts = portal.store.objects.contacts
  const record = findRecord(contacts, email, 'email')
  if (record)
    writeRecord(
      portal,
      contacts,
      record,
      { hs_email_optout: 'true' },
      { atMs: portal.clock.now(), sourceType: 'EMAIL' },
    )
  const rows = [...statuses]
    .filter(([id]) => id !== everything)
    .map(([id, each]) => ({
      ...showStatus(portal, email, id, each),
      setStatusSuccessReason: 'UNSUBSCRIBE_FROM_ALL_OCCURRED',
    }))
  return answer(portal, request.query.get('verbose') === 'true' ? rows : [])
}
