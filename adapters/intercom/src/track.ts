import type { Operation, Session } from '@tripline/kit'
import type { Ability, Identity } from '@tripline/model'
import type { IntercomClient } from './client.ts'
import type { Contacts } from './contacts.ts'
import { maxOf } from './limits.ts'
import type { IntercomEvent } from './mapping/events.ts'
import type { IntercomOptions } from './options.ts'
import { asSureAs, notFound, outcomeOf, sentNothing, sentOne, type Outcome } from './outcomes.ts'

/** An event and the person whose it is. */
export interface TrackValue {
  readonly who: Identity
  readonly event: IntercomEvent
}
export interface Track {
  operation(ability: Ability): Operation<TrackValue>
  /** Event names that Intercom took from this connector. */
  readonly namesSeen: number
}

/** How an event names its person. A lead of ours is known by Intercom id only, which has to be looked up. */
export function personOf({
  userId,
  email,
  vendorIds,
}: Identity): Readonly<Record<string, string>> | undefined {
  const id = vendorIds?.['intercom']
  if (userId !== undefined) return { user_id: userId }
  if (id !== undefined) return { id }
  return email === undefined ? undefined : { email }
}

/**
 * One request per event: Intercom has no batch. It is our own request and not the SDK's, because the SDK takes 90 µs more
 * of the processor for each (100 to 12 µs, intercom-client 7.0.3 on Node 24, held as a ratio by a test), and an account
 * may send 10,000 a minute.
 */
export function createTrack(options: IntercomOptions, client: IntercomClient, contacts: Contacts): Track {
  const names = new Set<string>()
  const operation = (ability: Ability): Operation<TrackValue> => ({
    endpoint: 'POST /events',
    ability,
    repeat: 'keyed',
    maxItems: 1,
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 32,
    encode: ({ who, event }) => JSON.stringify({ ...personOf(who), ...event }),
    async send({ values: [value], json: [json = ''] }, session) {
      if (!value) return sentNothing
      const outcome = isFull(names, value.event.event_name)
        ? tooMany
        : await sendEvent({ options, client, contacts, ability }, value, json, session)
      if (outcome.status === 'sent' && !session.dryRun) names.add(value.event.event_name.toLowerCase())
      return sentOne(outcome)
    },
  })
  return {
    operation,
    get namesSeen() {
      return names.size
    },
  }
}
const maxNames = maxOf('event.names')
const isFull = (names: ReadonlySet<string>, name: string): boolean =>
  names.size >= maxNames && !names.has(name.toLowerCase())
const tooMany: Outcome = {
  status: 'dead',
  fault: {
    code: 'too-large',
    message: `Intercom keeps ${maxNames} event names, and this connector has sent as many: archive some there and restart, or send fewer`,
    path: 'event.event',
  },
}

interface Context {
  readonly options: IntercomOptions
  readonly client: IntercomClient
  readonly contacts: Contacts
  readonly ability: Ability
}

async function sendEvent(
  { options, client, contacts, ability }: Context,
  { who, event }: TrackValue,
  json: string,
  session: Session,
): Promise<Outcome> {
  const post = async (body: string): Promise<Outcome> => {
    const request = client.request('POST /events', { purpose: 'write', repeat: 'keyed', ability, body })
    const result = await session.request(request)
    return result.kind === 'ok' ? { status: 'sent', proof: 'accepted' } : outcomeOf(result)
  }
  const isUnknown = (outcome: Outcome): boolean =>
    outcome.status === 'dead' && outcome.fault.code === 'not-found'
  const named = personOf(who)
  if (named) {
    const first = await post(json)
    if (!isUnknown(first)) return first
    if (options.createMissingContacts === false || 'id' in named)
      return notFound('no such contact at Intercom')
    const made = await contacts.create(who, session, ability)
    if (made.kind === 'stopped') return made.outcome
    return made.kind === 'found'
      ? post(JSON.stringify({ id: made.id, ...event }))
      : notFound('no such contact')
  }
  const found = await contacts.findOrCreate(who, session, ability)
  if (found.kind === 'stopped') return found.outcome
  if (found.kind === 'none') return notFound('no lead of this anonymous id is known')
  const sent = await post(JSON.stringify({ id: found.id, ...event }))
  if (isUnknown(sent)) await contacts.forget(who, session)
  return isUnknown(sent) ? notFound('the lead of this anonymous id has gone') : asSureAs(found, sent)
}
