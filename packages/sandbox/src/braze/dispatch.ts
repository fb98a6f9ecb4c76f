import { applyAttributes } from './apply-attributes.ts'
import { profileFor } from './apply-track.ts'
import type { BrazeContext } from './context.ts'
import { isoOf } from './instants.ts'
import type { Json, JsonObject } from './json.ts'
import type { Identifier } from './profile-index.ts'
import type { Profile } from './profile.ts'
import { reaches, type SubscriptionDemand } from './reach.ts'
import { resolveRecipient, type Recipient } from './recipients.ts'
import type { BrazeSend, BrazeUnsent } from './state.ts'

/** What goes out, to whomever. */
export interface Dispatch {
  readonly dispatchId: string
  readonly kind: BrazeSend['kind']
  readonly id: string | undefined
  readonly name: string
  readonly properties: JsonObject
  /** Channels whose reach is checked; empty where the content is not known (a Canvas). */
  readonly channels: readonly string[]
  readonly demand: SubscriptionDemand
  /** Who may get it besides being named: the dashboard's audience and the connected one. */
  readonly includes: (profile: Profile, now: number) => boolean
  readonly extras: Pick<BrazeSend, 'send_id' | 'external_send_id' | 'messages'>
}

/** Sends to named people, in order: first their attributes are written, then the message is recorded. */
export function sendToRecipients(
  context: BrazeContext,
  dispatch: Dispatch,
  recipients: readonly Recipient[],
  now: number,
): void {
  for (const recipient of recipients) {
    const found = resolveRecipient(context.store, recipient)
    const profile = typeof found === 'string' ? createRecipient(context, recipient, found, now) : found
    if (typeof profile === 'string') {
      skip(context, dispatch, recipient.asSent, profile)
      continue
    }
    if (recipient.attributes) applyAttributes(context, profile, recipient.attributes, now)
    sendTo(
      context,
      dispatch,
      profile,
      { properties: recipient.properties, who: recipient.who, asSent: recipient.asSent },
      now,
    )
  }
}

function createRecipient(
  context: BrazeContext,
  recipient: Recipient,
  why: 'unknown-user' | 'ambiguous',
  now: number,
): Profile | typeof why {
  if (why === 'ambiguous' || recipient.existingOnly || recipient.who.kind !== 'external_id') return why
  return profileFor(context, { who: recipient.who, existingOnly: false }, now) ?? why
}

/** Sends to everyone the dispatch includes. */
export function sendToAudience(
  context: BrazeContext,
  dispatch: Dispatch,
  people: Iterable<Profile>,
  now: number,
): void {
  for (const profile of people)
    if (dispatch.includes(profile, now))
      sendTo(context, dispatch, profile, { properties: {}, who: undefined, asSent: profile.brazeId }, now)
}

export function skip(
  { store }: BrazeContext,
  dispatch: Dispatch,
  recipient: Json,
  because: BrazeUnsent['because'],
): void {
  const { dispatchId, kind, id } = dispatch
  store.unsent.push({ dispatch_id: dispatchId, kind, ...(id !== undefined && { id }), recipient, because })
}

interface Addressed {
  readonly properties: JsonObject
  readonly who: Identifier | undefined
  readonly asSent: Json
}

function sendTo(
  context: BrazeContext,
  dispatch: Dispatch,
  profile: Profile,
  to: Addressed,
  now: number,
): void {
  if (!dispatch.includes(profile, now)) return skip(context, dispatch, to.asSent, 'not-in-audience')
  const channels = dispatch.channels.filter((channel) => reaches(profile, channel, dispatch.demand))
  if (dispatch.channels.length > 0 && channels.length === 0)
    return skip(context, dispatch, to.asSent, 'not-reachable')
  const { kind, id, name, dispatchId, extras, properties } = dispatch
  context.store.sends.push({
    dispatch_id: dispatchId,
    kind,
    ...(id !== undefined && { id }),
    at: isoOf(now),
    braze_id: profile.brazeId,
    ...(profile.externalId !== undefined && { external_user_id: profile.externalId }),
    ...(to.who?.kind === 'user_alias' && {
      user_alias: { alias_name: to.who.name, alias_label: to.who.label },
    }),
    properties: { ...properties, ...to.properties },
    channels,
    ...extras,
  })
  if (id !== undefined)
    (kind === 'canvas' ? profile.canvases : profile.campaigns).set(id, { name, lastReceived: now })
}
