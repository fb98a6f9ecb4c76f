import type { Operation, Session } from '@tripline/kit'
import type { ConsentItem, Identity } from '@tripline/model'
import type { Ask, IntercomClient } from './client.ts'
import type { Contacts, Found } from './contacts.ts'
import { subscriptionActs, type ConsentType } from './mapping/segments.ts'
import { asSureAs, notFound, outcomeOf, sentNothing, sentOne, stored, type Outcome } from './outcomes.ts'

export interface TopicConsent {
  readonly who: Identity
  /** Id of a subscription type. */
  readonly topic: string
  readonly state: ConsentItem['state']
}
/** Types are made in the UI, and the consent type of one never changes. */
const typesTtlMs = 600_000
const ask = (purpose: 'write' | 'lookup'): Ask => ({
  purpose,
  repeat: purpose === 'write' ? 'natural' : 'read',
  ability: 'consent',
})

/** Consent to a topic: attaches or detaches the subscription type, by what attaching means for that type. */
export function createSubscriptionOperation(
  client: IntercomClient,
  contacts: Contacts,
): Operation<TopicConsent> {
  return {
    endpoint: 'POST /contacts/{contact_id}/subscriptions',
    ability: 'consent',
    repeat: 'natural',
    maxItems: 1,
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 8,
    async send({ values: [value] }, session) {
      if (!value) return sentNothing
      const outcome = await choose({ client, contacts, session }, value)
      return sentOne(outcome)
    },
  }
}
interface Context {
  readonly client: IntercomClient
  readonly contacts: Contacts
  readonly session: Session
}

async function choose(context: Context, value: TopicConsent): Promise<Outcome> {
  const { contacts, session } = context
  const type = await consentTypeOf(context, value.topic)
  if (typeof type === 'object') return type
  const found = await contacts.findOrCreate(value.who, session, 'consent')
  const outcome = await act(context, value, type, found)
  if (found.kind !== 'found') return outcome
  const isStale = outcome.status === 'dead' && outcome.fault.code === 'not-found'
  if (!isStale || !found.cached) return asSureAs(found, outcome)
  await contacts.forget(value.who, session)
  return act(context, value, type, await contacts.findOrCreate(value.who, session, 'consent'))
}

async function act(
  { client, session }: Context,
  { topic, state }: TopicConsent,
  type: ConsentType,
  found: Found,
): Promise<Outcome> {
  if (found.kind === 'stopped') return found.outcome
  if (found.kind === 'none') return notFound('no such contact at Intercom')
  const contact_id = found.id
  if (subscriptionActs[type][state] === 'attach') {
    const result = await client.call(
      session,
      'POST /contacts/{contact_id}/subscriptions',
      ask('write'),
      (sdk) => sdk.contacts.attachSubscription({ contact_id, id: topic, consent_type: type }),
    )
    return result.kind === 'ok' ? stored(contact_id) : outcomeOf(result)
  }
  const result = await client.call(
    session,
    'DELETE /contacts/{contact_id}/subscriptions/{subscription_id}',
    ask('write'),
    (sdk) => sdk.contacts.detachSubscription({ contact_id, subscription_id: topic }),
  )
  if (result.kind === 'ok') return stored(contact_id)
  // No explicit choice to take back: the state is as asked for.
  const isResource = result.kind === 'refused' && /resource not found/i.test(result.fault.message)
  return isResource ? stored(contact_id) : outcomeOf(result)
}

interface ListedType {
  readonly id: string | number
  readonly consent_type: ConsentType
}

async function consentTypeOf(
  { client, session }: Context,
  topic: string,
): Promise<ConsentType | Extract<Outcome, object>> {
  const key = client.cacheKey('subscription', topic)
  const kept = (await session.cache.get([key])).get(key)
  if (kept === 'opt_in' || kept === 'opt_out') return kept
  const result = await client.call(session, 'GET /subscription_types', ask('lookup'), (sdk) =>
    sdk.subscriptionTypes.list(),
  )
  if (result.kind !== 'ok') return outcomeOf(result)
  if (session.dryRun) return 'opt_out' // what most types are; a dry run cannot know
  const { data } = result.answer.json() as { readonly data: readonly ListedType[] }
  await session.cache.set(
    new Map(data.map(({ id, consent_type }) => [client.cacheKey('subscription', String(id)), consent_type])),
    typesTtlMs,
  )
  const hit = data.find(({ id }) => String(id) === topic)
  if (hit) return hit.consent_type
  const message = `Intercom has no subscription type "${topic}": a topic is the id of one, and they are made in its settings`
  return { status: 'dead', fault: { code: 'not-found', message, path: 'topic' } }
}
