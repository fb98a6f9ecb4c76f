import type { BrazeContext } from './context.ts'
import { isPhone } from './identifiers.ts'
import { isoOf, readInstant } from './instants.ts'
import { isList, isName, isObject, type Json } from './json.ts'
import type { Profile } from './profile.ts'
import { isTimeZone } from './time-zones.ts'

type Read = (value: Json) => Json | undefined

const text: Read = (value) => (typeof value === 'string' ? value : undefined)
const flag: Read = (value) => (typeof value === 'boolean' ? value : undefined)
const object: Read = (value) => (isObject(value) ? value : undefined)
const matching =
  (pattern: RegExp): Read =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : undefined
const instant: Read = (value) => {
  const at = typeof value === 'string' ? readInstant(value) : undefined
  return at === undefined ? undefined : isoOf(at)
}

interface Field {
  /** The value as stored; undefined when it is not one Braze takes: the field is then left as it was (assumed). */
  readonly read: Read
  /** Not a data point. https://www.braze.com/docs/user_guide/data/infrastructure/data_points/ */
  readonly free?: true
}

/** Braze's own fields. https://www.braze.com/docs/api/objects_filters/user_attributes_object/#braze-user-profile-fields */
const fields = {
  country: { read: matching(/^[A-Z]{2}$/) },
  current_location: { read: object },
  date_of_first_session: { read: instant },
  date_of_last_session: { read: instant },
  dob: {
    read: (value) =>
      isName(value) && /^\d{4}-\d{2}-\d{2}$/.test(value) && readInstant(value) !== undefined
        ? value
        : undefined,
  },
  email: { read: text },
  email_subscribe: { read: text, free: true },
  email_open_tracking_disabled: { read: flag },
  email_click_tracking_disabled: { read: flag },
  facebook: { read: object },
  first_name: { read: text },
  gender: { read: matching(/^[MFONP]$/) },
  home_city: { read: text },
  language: { read: matching(/^[a-z]{2}$/) },
  last_name: { read: text },
  marked_email_as_spam_at: { read: instant },
  phone: { read: (value) => (isPhone(value) ? value : undefined) },
  push_subscribe: { read: text, free: true },
  push_tokens: { read: (value) => (isList(value) ? value : undefined) },
  time_zone: { read: (value) => (isName(value) && isTimeZone(value) ? value : undefined) },
  twitter: { read: object },
} as const satisfies Readonly<Record<string, Field>>

/** Names that say who is meant or how to write; they are no values. */
const controls = new Set([
  'external_id',
  'braze_id',
  'user_alias',
  'alias_name',
  'alias_label',
  '_update_existing_only',
  '_merge_objects',
  'push_token_import',
])

export const isReserved = (name: string): boolean =>
  controls.has(name) || name === 'subscription_groups' || Object.hasOwn(fields, name)

export function storeReserved(
  { store, account }: BrazeContext,
  profile: Profile,
  name: string,
  value: Json,
): void {
  if (controls.has(name)) return
  if (name === 'subscription_groups') return storeGroups(profile, value)
  const field: Field | undefined = (fields as Readonly<Record<string, Field>>)[name]
  const stored = value === null ? null : field?.read(value)
  if (!field || stored === undefined) return store.lose(name, 'not a value of this field')
  store.profiles.setStandard(profile, name, stored)
  const unbilled = (name === 'country' || name === 'language') && !account.billsCountryAndLanguage
  if (!field.free && !unbilled) store.points.attributes++
}

/** Free of data points; the validation has made sure of the form. */
function storeGroups(profile: Profile, groups: Json): void {
  if (!isList(groups)) return
  for (const group of groups)
    if (isObject(group) && isName(group['subscription_group_id']))
      profile.groups.set(
        group['subscription_group_id'],
        group['subscription_state'] === 'subscribed' ? 'Subscribed' : 'Unsubscribed',
      )
}
