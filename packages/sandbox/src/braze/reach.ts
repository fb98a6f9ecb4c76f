import type { Profile } from './profile.ts'
import { isList } from './json.ts'

export type SubscriptionDemand = 'opted_in' | 'subscribed' | 'all'

/** Whether the message would go out to this person on this channel: has an address, and has not said no. */
export function reaches(profile: Profile, channel: string, demand: SubscriptionDemand): boolean {
  const { standard } = profile
  if (channel === 'email') return standard.has('email') && agrees(standard.get('email_subscribe'), demand)
  if (channel === 'sms' || channel === 'whats_app') return standard.has('phone')
  if (channel.endsWith('push')) {
    const tokens = standard.get('push_tokens')
    return isList(tokens) && tokens.length > 0 && agrees(standard.get('push_subscribe'), demand)
  }
  return true
}

function agrees(state: unknown, demand: SubscriptionDemand): boolean {
  if (demand === 'all') return true
  return demand === 'opted_in' ? state === 'opted_in' : state !== 'unsubscribed'
}
