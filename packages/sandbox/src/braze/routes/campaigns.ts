import type { Route, SimReply } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { messages, refuse, success } from '../errors.ts'
import { isoOf, readInstant } from '../instants.ts'
import { isList, isName, isObject, type JsonObject } from '../json.ts'
import { recipientFields } from '../recipients.ts'
import type { BrazeCampaign, BrazeCanvas } from '../state.ts'
import { runTrigger } from '../trigger.ts'
import { get, pageOf, post } from './route.ts'

const campaignFields = [
  'campaign_id',
  'send_id',
  'trigger_properties',
  'broadcast',
  'audience',
  'recipients',
  'attachments',
]

/** https://www.braze.com/docs/api/endpoints/export/campaigns/ , …/messaging/send_messages/post_send_triggered_campaigns/ */
export const campaignRoutes = (context: BrazeContext): readonly Route[] => [
  get('/campaigns/list', (query) => {
    const shown = listed(query, [...context.store.campaigns.values()])
    return success(200, {
      campaigns: shown.map((campaign) => ({
        ...summary(campaign, context),
        is_api_campaign: campaign.kind === 'api',
      })),
    })
  }),
  get('/campaigns/details', (query) => {
    const campaign = context.store.campaigns.get(query.get('campaign_id') ?? '')
    if (!campaign) return refuse(400, messages.invalidCampaign)
    return success(200, {
      ...details(campaign, context),
      ...lastSends(context, campaign.id),
      messages: campaign.messages ?? {},
      conversion_behaviors: [],
    })
  }),
  post(context, {
    path: '/campaigns/trigger/send',
    known: campaignFields,
    handle: (body) => triggerCampaign(context, body),
  }),
]

function triggerCampaign(context: BrazeContext, body: JsonObject): SimReply {
  const campaign = isName(body['campaign_id']) ? context.store.campaigns.get(body['campaign_id']) : undefined
  if (!campaign || campaign.kind === 'api') return refuse(400, messages.invalidCampaign)
  noteRecipients(context, '/campaigns/trigger/send', body, ['trigger_properties'])
  const propertyNames = ['trigger_properties']
  return runTrigger(context, body, {
    kind: 'campaign',
    object: campaign,
    propertyNames,
    recipientPropertyNames: propertyNames,
  })
}

/** Notes unknown fields inside `recipients`, which Braze passes over as it does at the top. */
export function noteRecipients(
  context: BrazeContext,
  path: string,
  { recipients }: JsonObject,
  names: readonly string[],
): void {
  for (const recipient of isList(recipients) ? recipients : [])
    if (isObject(recipient))
      context.noteIgnored(`POST ${path} recipients`, recipient, [...recipientFields, ...names])
}

/** 100 a page, archived ones only on request, `last_edit.time[gt]` to see what is new. */
export function listed<T extends BrazeCampaign | BrazeCanvas>(
  query: URLSearchParams,
  all: readonly T[],
): readonly T[] {
  const since = readInstant(query.get('last_edit.time[gt]') ?? '')
  const archived = query.get('include_archived') === 'true'
  const shown = all.filter((item) => {
    const editedAt = since === undefined ? Infinity : (readInstant(item.last_edited ?? '') ?? 0)
    return (archived || !item.archived) && editedAt > (since ?? 0)
  })
  return pageOf(query, shown)
}

const startOf = (context: BrazeContext): string => isoOf(context.clock.settings.startAtMs)

export const summary = (
  { id, name, last_edited, tags = [] }: BrazeCampaign | BrazeCanvas,
  context: BrazeContext,
): object => ({
  id,
  last_edited: last_edited ?? startOf(context),
  name,
  tags,
})

export const details = (
  item: BrazeCampaign | BrazeCanvas,
  context: BrazeContext,
): Record<string, unknown> => ({
  created_at: item.last_edited ?? startOf(context),
  updated_at: item.last_edited ?? startOf(context),
  archived: item.archived ?? false,
  draft: item.draft ?? false,
  enabled: item.enabled ?? true,
  has_post_launch_draft: false,
  name: item.name,
  description: item.description ?? '',
  schedule_type: item.schedule_type ?? 'api_triggered',
  channels: item.channels ?? [],
  tags: item.tags ?? [],
  teams: [],
})

function lastSends(
  { store }: BrazeContext,
  id: string,
): { first_sent: string | null; last_sent: string | null } {
  const sends = store.sends.filter((send) => send.id === id)
  return { first_sent: sends[0]?.at ?? null, last_sent: sends.at(-1)?.at ?? null }
}
