export type SearchType = 'string' | 'role' | 'boolean' | 'integer' | 'date' | 'tag' | 'segment'

/**
 * Fields of `POST /contacts/search`, by the list in the 2.16 description (its spelling `andoid_sdk_version` included).
 * Custom attributes come on top as `custom_attributes.{name}`.
 */
const searchFields: Readonly<Record<string, SearchType>> = {
  id: 'string',
  role: 'role',
  name: 'string',
  avatar: 'string',
  owner_id: 'string',
  email: 'string',
  email_domain: 'string',
  phone: 'string',
  formatted_phone: 'string',
  external_id: 'string',
  created_at: 'date',
  signed_up_at: 'date',
  updated_at: 'date',
  last_seen_at: 'date',
  last_contacted_at: 'date',
  last_replied_at: 'date',
  last_email_opened_at: 'date',
  last_email_clicked_at: 'date',
  language_override: 'string',
  browser: 'string',
  browser_language: 'string',
  os: 'string',
  'location.country': 'string',
  'location.region': 'string',
  'location.city': 'string',
  unsubscribed_from_emails: 'boolean',
  marked_email_as_spam: 'boolean',
  has_hard_bounced: 'boolean',
  ios_last_seen_at: 'date',
  ios_app_version: 'string',
  ios_device: 'string',
  ios_app_device: 'string',
  ios_os_version: 'string',
  ios_app_name: 'string',
  ios_sdk_version: 'string',
  android_last_seen_at: 'date',
  android_app_version: 'string',
  android_device: 'string',
  android_app_name: 'string',
  andoid_sdk_version: 'string',
  segment_id: 'segment',
  tag_id: 'tag',
}

export const fieldType = (name: string): SearchType | undefined =>
  Object.hasOwn(searchFields, name) ? searchFields[name] : undefined

const text = ['=', '!=', 'IN', 'NIN', '~', '!~', '^', '$'] as const

/** Operators by type (2.16, contacts). `segment_id` is listed as a string; only equality makes sense of it, the rest is refused. */
export const searchOperators: Readonly<Record<SearchType, readonly string[]>> = {
  string: text,
  role: ['=', '!=', 'IN', 'NIN'],
  boolean: ['=', '!=', 'IN', 'NIN'],
  integer: ['=', '!=', 'IN', 'NIN', '<', '>', '<=', '>='],
  date: ['=', '<', '>'],
  tag: ['=', '!='],
  segment: ['=', '!=', 'IN', 'NIN'],
}
