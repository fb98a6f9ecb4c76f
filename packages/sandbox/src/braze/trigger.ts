import type { SimReply } from '../core/index.ts'
import { readAudience, type Audience } from './audience.ts'
import type { BrazeContext } from './context.ts'
import { sendToAudience, sendToRecipients, skip, type Dispatch } from './dispatch.ts'
import { messages, refuse, success } from './errors.ts'
import { isName, type JsonObject } from './json.ts'
import type { Profile } from './profile.ts'
import { readProperties, readRecipients, type Recipient } from './recipients.ts'
import { isMember } from './segment-members.ts'
import type { BrazeCampaign, BrazeCanvas } from './state.ts'

export interface Trigger {
  readonly kind: 'campaign' | 'canvas'
  readonly object: BrazeCampaign | BrazeCanvas
  /** Keys of the properties: in the request and in a recipient. */
  readonly propertyNames: readonly string[]
  readonly recipientPropertyNames: readonly string[]
}

/**
 * One API-triggered start: of a campaign (`trigger_properties`) or a Canvas (`context`). It is answered at once and worked
 * off a little later; each call sends again.
 * https://www.braze.com/docs/api/endpoints/messaging/send_messages/post_send_triggered_canvases/
 */
export function runTrigger(context: BrazeContext, body: JsonObject, trigger: Trigger): SimReply {
  const { kind, object } = trigger
  // The text is not published.
  if (object.draft || (object.schedule_type ?? 'api_triggered') !== 'api_triggered')
    return refuse(400, `The ${kind} is not API-triggered.`)
  const properties = readProperties(body, trigger.propertyNames)
  if (!properties) return refuse(400, `'${trigger.propertyNames.at(-1)}' is not valid`)
  const audience = body['audience'] === undefined ? everybody : readAudience(body['audience'])
  if (!audience) return refuse(400, "'audience' is not valid")
  const targets = readTargets(body, trigger.recipientPropertyNames)
  if (!Array.isArray(targets)) return targets as SimReply
  const recipients = targets as readonly Recipient[]
  const dispatchId = context.newId('dispatch')
  const dispatch: Dispatch = {
    dispatchId,
    kind,
    id: object.id,
    name: object.name,
    properties,
    channels: kind === 'campaign' ? (object.channels ?? []) : [],
    demand: 'subscribed',
    includes: (profile, now) => audience(profile, now) && inDashboardAudience(context, object, profile),
    extras: isName(body['send_id']) ? { send_id: body['send_id'] } : {},
  }
  const notice = noticeOf(kind, object)
  if (notice && kind === 'campaign' && context.account.pausedCampaign === 'refuse') return refuse(400, notice)
  if (notice) for (const recipient of recipients) skip(context, dispatch, recipient.asSent, 'not-live')
  else
    context.queue.add(context.clock.now(), context.account.visibleAfterMs, (at) => {
      if (recipients.length > 0) sendToRecipients(context, dispatch, recipients, at)
      else sendToAudience(context, dispatch, [...context.store.profiles.all()], at)
    })
  return success(201, { dispatch_id: dispatchId, ...(notice !== undefined && { notice }) })
}

const everybody: Audience = () => true

/** The recipients; none for a broadcast or a connected audience, which both need `recipients` to be absent or allowed. */
function readTargets(body: JsonObject, propertyNames: readonly string[]): readonly Recipient[] | SimReply {
  const { broadcast = false, recipients, audience } = body
  if (typeof broadcast !== 'boolean') return refuse(400, "'broadcast' must be a boolean")
  // The text is not published.
  if (broadcast && recipients !== undefined)
    return refuse(400, "'recipients' cannot be used when 'broadcast' is true")
  if (recipients !== undefined) return readRecipients(recipients, propertyNames)
  return broadcast || audience !== undefined ? [] : refuse(400, messages.noRecipients)
}

/** Named people still have to be in the segment that the dashboard targets. */
function inDashboardAudience(
  { store }: BrazeContext,
  { audience }: BrazeCampaign | BrazeCanvas,
  profile: Profile,
): boolean {
  const segment = audience === undefined ? undefined : store.segments.get(audience)
  return segment === undefined || isMember(segment, profile)
}

/** Nothing is sent, and only this text beside the 201 says so. */
function noticeOf(
  kind: 'campaign' | 'canvas',
  { archived, enabled }: BrazeCampaign | BrazeCanvas,
): string | undefined {
  const name = kind === 'canvas' ? 'Canvas' : 'campaign'
  if (archived)
    return `The ${name} is archived. Unarchive the ${name} to ensure trigger requests will take effect.`
  return enabled === false
    ? `The ${name} is paused. Resume the ${name} to ensure trigger requests will take effect.`
    : undefined
}
