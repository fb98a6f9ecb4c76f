import type { Route, SimReply } from '../../core/index.ts'
import { readAudience, type Audience } from '../audience.ts'
import type { BrazeContext } from '../context.ts'
import { sendToAudience, sendToRecipients, type Dispatch } from '../dispatch.ts'
import { messages, refuse, success } from '../errors.ts'
import { isExternalId, readAlias } from '../identifiers.ts'
import { isList, isName, isObject, type Json, type JsonObject } from '../json.ts'
import { sizeLimits } from '../limits.ts'
import type { Identifier } from '../profile-index.ts'
import type { SubscriptionDemand } from '../reach.ts'
import type { Recipient } from '../recipients.ts'
import { isMember } from '../segment-members.ts'
import type { BrazeSegment } from '../state.ts'
import { readMessages } from '../validate-messages.ts'
import { post } from './route.ts'

const known = [
  'external_user_ids',
  'user_aliases',
  'segment_id',
  'audience',
  'broadcast',
  'campaign_id',
  'send_id',
  'override_frequency_capping',
  'recipient_subscription_state',
  'messages',
]

/** https://www.braze.com/docs/api/endpoints/messaging/send_messages/post_send_messages/ */
export const messageRoutes = (context: BrazeContext): readonly Route[] => [
  post(context, { path: '/messages/send', known, handle: (body) => send(context, body) }),
]

interface Target {
  readonly people: readonly Recipient[]
  readonly segment: BrazeSegment | undefined
  readonly audience: Audience
}

function send(context: BrazeContext, body: JsonObject): SimReply {
  const target = readTarget(context, body)
  if ('status' in target) return target
  const channels = readMessages(body['messages'])
  if (typeof channels === 'string') return refuse(400, channels)
  const {
    campaign_id: campaignId,
    send_id: sendId,
    recipient_subscription_state: demand = 'subscribed',
  } = body
  if (demand !== 'opted_in' && demand !== 'subscribed' && demand !== 'all')
    return refuse(400, "'recipient_subscription_state' is not valid")
  if (campaignId !== undefined && !(isName(campaignId) && context.store.campaigns.has(campaignId)))
    return refuse(400, messages.invalidCampaign)
  const dispatch = dispatchOf(context, body, {
    target,
    channels,
    demand,
    id: isName(campaignId) ? campaignId : undefined,
  })
  context.queue.add(context.clock.now(), context.account.visibleAfterMs, (at) => {
    if (target.people.length > 0) sendToRecipients(context, dispatch, target.people, at)
    else sendToAudience(context, dispatch, [...context.store.profiles.all()], at)
  })
  if (isName(sendId)) context.store.sendIds.add(sendId)
  return success(201, { dispatch_id: dispatch.dispatchId })
}

interface Parts {
  readonly target: Target
  readonly channels: readonly string[]
  readonly demand: SubscriptionDemand
  readonly id: string | undefined
}
function dispatchOf(
  context: BrazeContext,
  body: JsonObject,
  { target, channels, demand, id }: Parts,
): Dispatch {
  const { segment, audience } = target
  return {
    dispatchId: context.newId('dispatch'),
    kind: 'message',
    id,
    name: (id !== undefined && context.store.campaigns.get(id)?.name) || '',
    properties: {},
    channels,
    demand,
    // With a segment, named people are narrowed to its members.
    includes: (profile, now) => audience(profile, now) && (!segment || isMember(segment, profile)),
    extras: {
      ...(isName(body['send_id']) && { send_id: body['send_id'] }),
      ...(isObject(body['messages']) && { messages: body['messages'] }),
    },
  }
}

function readTarget(context: BrazeContext, body: JsonObject): Target | SimReply {
  const {
    external_user_ids: ids,
    user_aliases: aliases,
    segment_id: segmentId,
    audience: given,
    broadcast = false,
  } = body
  for (const list of [ids, aliases])
    if (isList(list) && list.length > sizeLimits.recipients.max)
      return refuse(400, messages.tooManyRecipients)
  const people = [...readPeople(ids, 'id'), ...readPeople(aliases, 'alias')]
  if (people.includes(undefined)) return refuse(400, "'external_user_ids' or 'user_aliases' is not valid")
  const segment = isName(segmentId) ? context.store.segments.get(segmentId) : undefined
  if (segmentId !== undefined && !segment) return refuse(400, messages.invalidSegment)
  const audience = given === undefined ? () => true : readAudience(given)
  if (!audience) return refuse(400, "'audience' is not valid")
  if (people.length === 0 && !segment && given === undefined && broadcast !== true)
    return refuse(400, messages.noRecipients)
  return { people: people as Recipient[], segment, audience }
}

function readPeople(list: Json | undefined, form: 'id' | 'alias'): readonly (Recipient | undefined)[] {
  if (list === undefined) return []
  if (!isList(list)) return [undefined]
  return list.map((entry) => {
    const who: Identifier | undefined =
      form === 'alias'
        ? readAlias(entry)
        : isExternalId(entry)
          ? { kind: 'external_id', value: entry }
          : undefined
    // Recipients of inline messages must exist.
    return (
      who && {
        who,
        prioritization: [],
        properties: {},
        attributes: undefined,
        existingOnly: true,
        asSent: entry,
      }
    )
  })
}
