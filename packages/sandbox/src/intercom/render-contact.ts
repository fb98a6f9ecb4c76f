import type { IntercomVersion } from './account.ts'
import { isSince216 } from './authenticate.ts'
import { intercomLimits } from './limits.ts'
import type { IntercomStore } from './state.ts'
import type { Contact } from './stored.ts'

/** Fields that only Intercom's own Messenger and SDKs fill; nothing here does. */
const neverSet = {
  last_replied_at: null,
  last_email_opened_at: null,
  last_email_clicked_at: null,
  language_override: null,
  browser: null,
  browser_version: null,
  browser_language: null,
  os: null,
  location: {
    type: 'location',
    country: null,
    region: null,
    city: null,
    country_code: null,
    continent_code: null,
  },
  android_app_name: null,
  android_app_version: null,
  android_device: null,
  android_os_version: null,
  android_sdk_version: null,
  android_last_seen_at: null,
  ios_app_name: null,
  ios_app_version: null,
  ios_device: null,
  ios_os_version: null,
  ios_sdk_version: null,
  ios_last_seen_at: null,
  utm_campaign: null,
  utm_content: null,
  utm_medium: null,
  utm_source: null,
  utm_term: null,
  referrer: null,
  enabled_push_messaging: null,
} as const

export interface ContactView {
  readonly workspaceId: string
  readonly version: IntercomVersion
  /** `include_merge_history=true` (2.16): only users get one. */
  readonly mergeHistory: boolean
}

/** A contact as the API answers it. `owner_id` is a number until 2.15; lists inside show ten entries at most. */
export function renderContact(contact: Contact, store: IntercomStore, view: ContactView): object {
  const since216 = isSince216(view.version)
  const owner = contact.owner_id === null || since216 ? contact.owner_id : Number(contact.owner_id)
  const subscriptions = (consent: 'opt_in' | 'opt_out'): string[] =>
    [...contact.subscriptions].filter((id) => store.subscriptionTypes.get(id)?.consent_type === consent)
  const list = (part: string, type: string, ids: readonly string[], path = part): object =>
    addressableList(`/contacts/${contact.id}/${part}`, type, ids, path)
  return {
    type: 'contact',
    id: contact.id,
    workspace_id: view.workspaceId,
    external_id: contact.external_id,
    role: contact.role,
    email: contact.email,
    phone: contact.phone,
    name: contact.name,
    avatar: contact.avatar === null ? null : { type: 'avatar', image_url: contact.avatar },
    owner_id: owner,
    social_profiles: { type: 'list', data: [] },
    has_hard_bounced: false,
    marked_email_as_spam: false,
    unsubscribed_from_emails: contact.unsubscribed_from_emails,
    created_at: contact.created_at,
    updated_at: contact.updated_at,
    signed_up_at: contact.signed_up_at,
    last_seen_at: contact.last_seen_at,
    last_contacted_at: contact.last_contacted_at,
    ...neverSet,
    custom_attributes: contact.custom_attributes,
    tags: list('tags', 'tag', [...contact.tags.keys()]),
    notes: list('notes', 'note', contact.notes),
    companies: list('companies', 'company', [...contact.companies]),
    opted_out_subscription_types: list('subscriptions', 'subscription', subscriptions('opt_out')),
    opted_in_subscription_types: list('subscriptions', 'subscription', subscriptions('opt_in')),
    ...(since216 && view.mergeHistory && contact.role === 'user' && { merge_history: mergeHistory(contact) }),
  }
}

function addressableList(url: string, type: string, ids: readonly string[], path: string): object {
  const { max } = intercomLimits.addressableList
  const data = ids.slice(0, max).map((id) => ({ type, id, url: `/${path}/${id}` }))
  return { type: 'list', data, url, total_count: ids.length, has_more: ids.length > max }
}
export const mergeHistory = (contact: Contact): object[] =>
  contact.mergeHistory.map((entry) => ({ type: 'merge_history', ...entry }))
