/** Canonical trait → profile property. https://docs.mixpanel.com/docs/data-structure/user-profiles */
export const profileProperties: Readonly<Record<string, string>> = {
  email: '$email',
  phone: '$phone',
  firstName: '$first_name',
  lastName: '$last_name',
  name: '$name',
  username: '$username',
  avatar: '$avatar',
  createdAt: '$created',
  timeZone: '$timezone',
  'address.city': '$city',
  'address.state': '$region',
  'address.country': '$country_code',
}

/** Canonical context → event property: https://docs.mixpanel.com/docs/data-structure/property-reference/default-properties */
export const contextProperties: Readonly<Record<string, string>> = {
  locale: '$locale',
  timezone: 'timezone',
  sessionId: '$session_id',
  'app.build': '$app_build_number',
  'app.version': '$app_version_string',
  'app.name': '$app_name',
  'app.namespace': '$app_namespace',
  'os.name': '$os',
  'os.version': '$os_version',
  'device.name': '$device',
  'device.type': '$device_type',
  'device.manufacturer': '$manufacturer',
  'device.model': '$model',
  'network.carrier': '$carrier',
  'network.wifi': '$wifi',
  'network.bluetooth': '$bluetooth_enabled',
  'network.cellular': '$cellular_enabled',
  'screen.width': '$screen_width',
  'screen.height': '$screen_height',
  'screen.density': '$screen_density',
  'page.url': '$current_url',
  'page.referrer': '$referrer',
  'page.initial_referrer': '$initial_referrer',
  'page.initial_referring_domain': '$initial_referring_domain',
  'campaign.name': 'utm_campaign',
  'campaign.source': 'utm_source',
  'campaign.medium': 'utm_medium',
  'campaign.term': 'utm_term',
  'campaign.content': 'utm_content',
}

/** Made by Mixpanel, or about who and when: no properties of ours. */
export const ownEventProperties: ReadonlySet<string> = new Set([
  'time',
  'distinct_id',
  '$user_id',
  '$device_id',
  'mp_processing_time_ms',
  '$city',
  '$region',
  'mp_country_code',
])
/** Refused as ids, in any case. https://developer.mixpanel.com/reference/import-events */
export const refusedIds: ReadonlySet<string> = new Set(
  (
    '00000000-0000-0000-0000-000000000000 anon anonymous nil none null n/a na undefined unknown <nil> 0 -1 true false ' +
    '[] {} lmy47d'
  ).split(' '),
)
