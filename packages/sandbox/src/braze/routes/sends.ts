import type { Route, SimReply } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { sendToRecipients } from '../dispatch.ts'
import { messages, refuse, success } from '../errors.ts'
import { isName, isObject, isText, type JsonObject } from '../json.ts'
import { externalSendIdMs, sizeLimits } from '../limits.ts'
import { readProperties, readRecipients, type Recipient } from '../recipients.ts'
import type { BrazeCampaign } from '../state.ts'
import { post } from './route.ts'

/** https://www.braze.com/docs/api/endpoints/messaging/send_messages/ (create send ids; transactional message) */
export const sendRoutes = (context: BrazeContext): readonly Route[] => [
  post(context, {
    path: '/sends/id/create',
    known: ['campaign_id', 'send_id'],
    handle: (body) => createSendId(context, body),
  }),
  post(context, {
    path: '/transactional/v1/campaigns/{campaign_id}/send',
    known: ['external_send_id', 'trigger_properties', 'recipient'],
    handle: (body, request) => sendTransactional(context, request.params['campaign_id'] ?? '', body),
  }),
]

function createSendId(
  context: BrazeContext,
  { campaign_id: campaignId, send_id: given }: JsonObject,
): SimReply {
  if (!isName(campaignId) || !context.store.campaigns.has(campaignId))
    return refuse(400, messages.invalidCampaign)
  const fits =
    given === undefined ||
    (isText(given) && /^[\x20-\x7e]+$/.test(given) && given.length <= sizeLimits.sendIdChars.max)
  if (!fits) return refuse(400, "'send_id' must be ASCII text of up to 64 characters")
  const sendId = isText(given) ? given : context.newId('send')
  context.store.sendIds.add(sendId)
  return success(201, { send_id: sendId })
}

/** Why a transactional campaign cannot send; texts as published on the endpoint's page. */
function campaignFault(campaign: BrazeCampaign | undefined): string | undefined {
  if (!campaign) return 'Campaign does not exist'
  if (campaign.kind !== 'transactional')
    return 'The campaign is not a transactional campaign. Only transactional campaigns may use this endpoint'
  if (campaign.archived)
    return 'The campaign is archived. Unarchive the campaign to ensure trigger requests will take effect.'
  if (campaign.enabled === false)
    return 'The campaign is paused. Resume the campaign to ensure trigger requests will take effect.'
  return undefined
}

function sendTransactional(context: BrazeContext, id: string, body: JsonObject): SimReply {
  const campaign = context.store.campaigns.get(id)
  const fault = campaignFault(campaign)
  if (!campaign || fault) return refuse(400, fault ?? '')
  const { external_send_id: key } = body
  if (key !== undefined && !(isText(key) && /^[A-Za-z0-9\-_+/=]+$/.test(key)))
    return refuse(400, "'external_send_id' is not valid")
  if (!isObject(body['recipient'])) return refuse(400, "'recipient' must be an object")
  const recipients = readRecipients([body['recipient']], [])
  if ('status' in recipients) return recipients
  const properties = readProperties(body, ['trigger_properties'])
  if (!properties) return refuse(400, "'trigger_properties' is not valid")
  const now = context.clock.now()
  const before = isText(key) ? context.store.transactions.get(`${id} ${key}`) : undefined
  // The same key within 24 h is answered as if sent, and is not sent again.
  if (before && now - before.at < externalSendIdMs) return sent(before.dispatchId, id, key)
  const dispatchId = context.newId('dispatch')
  if (isText(key)) context.store.transactions.set(`${id} ${key}`, { dispatchId, at: now })
  dispatchTransactional(context, {
    campaign,
    dispatchId,
    properties,
    recipients,
    key: isText(key) ? key : undefined,
  })
  return sent(dispatchId, id, key)
}

interface Transaction {
  readonly campaign: BrazeCampaign
  readonly dispatchId: string
  readonly properties: JsonObject
  readonly recipients: readonly Recipient[]
  readonly key: string | undefined
}
function dispatchTransactional(
  context: BrazeContext,
  { campaign, dispatchId, properties, recipients, key }: Transaction,
): void {
  const { id, name } = campaign
  const extras = key === undefined ? {} : { external_send_id: key }
  context.queue.add(context.clock.now(), context.account.visibleAfterMs, (at) =>
    // Transactional mail goes out whatever the subscription state.
    sendToRecipients(
      context,
      {
        dispatchId,
        kind: 'transactional',
        id,
        name,
        properties,
        channels: ['email'],
        demand: 'all',
        includes: () => true,
        extras,
      },
      recipients,
      at,
    ),
  )
}

const sent = (dispatchId: string, campaignId: string, key: unknown): SimReply => ({
  status: 201,
  body: {
    dispatch_id: dispatchId,
    status: 'sent',
    metadata: { ...(isText(key) && { external_send_id: key }), campaign_api_id: campaignId },
  },
})
