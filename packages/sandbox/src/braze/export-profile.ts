import { exportTimeOf, isoOf } from './instants.ts'
import type { Json } from './json.ts'
import { exportLookbackMs } from './limits.ts'
import type { Profile, Received, Tally } from './profile.ts'
import { railsZoneNames } from './time-zones.ts'

/** Of `users/export/ids`; the two message summaries are in the limits text only, not in the field table. */
export const exportFields = [
  'apps',
  'attributed_campaign',
  'attributed_source',
  'attributed_adgroup',
  'attributed_ad',
  'braze_id',
  'country',
  'created_at',
  'custom_attributes',
  'custom_events',
  'devices',
  'dob',
  'email',
  'email_subscribe',
  'external_id',
  'first_name',
  'gender',
  'home_city',
  'language',
  'last_coordinates',
  'last_name',
  'phone',
  'purchases',
  'push_subscribe',
  'push_tokens',
  'random_bucket',
  'time_zone',
  'total_revenue',
  'uninstalled_at',
  'user_aliases',
  'campaigns_received',
  'canvases_received',
] as const

/** Reserved fields that are answered under their own name and as stored. */
const asStored = new Set<string>([
  'country',
  'dob',
  'email',
  'email_subscribe',
  'first_name',
  'gender',
  'home_city',
  'language',
  'last_name',
  'phone',
  'push_subscribe',
  'push_tokens',
])

/** One user as an export answers it: only the fields asked for, and of these only the ones with a value (missing = null). */
export function exportProfile(
  profile: Profile,
  fields: readonly string[],
  now: number,
): Readonly<Record<string, Json>> {
  const row: Record<string, Json> = {}
  for (const field of fields) {
    const value = fieldOf(profile, field, now)
    if (value !== undefined) row[field] = value
  }
  return row
}

function fieldOf(profile: Profile, field: string, now: number): Json | undefined {
  if (asStored.has(field)) return profile.standard.get(field)
  switch (field) {
    case 'braze_id':
      return profile.brazeId
    case 'external_id':
      return profile.externalId
    case 'created_at':
      return exportTimeOf(profile.createdAt)
    case 'random_bucket':
      return profile.randomBucket
    case 'user_aliases':
      return profile.aliases.size === 0
        ? undefined
        : [...profile.aliases].map(([alias_label, alias_name]) => ({ alias_name, alias_label }))
    case 'time_zone':
      return railsName(profile.standard.get('time_zone'))
    case 'last_coordinates':
      return coordinates(profile)
    case 'total_revenue':
      return profile.revenue
    case 'custom_attributes':
      return profile.custom.size === 0 ? undefined : Object.fromEntries(profile.custom)
    case 'custom_events':
      return talliesOf(profile.events, now)
    case 'purchases':
      return talliesOf(profile.purchases, now)
    case 'campaigns_received':
      return receivedOf(profile.campaigns, now)
    case 'canvases_received':
      return canvasesOf(profile.canvases, now)
    default:
      // Apps, devices, attribution and uninstalls come from the SDKs in people's hands; nothing here has them.
      return undefined
  }
}

/** Sent as IANA, answered as Rails calls it. */
const railsName = (zone: Json | undefined): Json | undefined =>
  typeof zone === 'string' ? (railsZoneNames[zone] ?? zone) : undefined

/** `[longitude, latitude]` as documented; the printed example has them the other way round. */
function coordinates(profile: Profile): Json | undefined {
  const location = profile.standard.get('current_location') as
    | { readonly longitude: Json; readonly latitude: Json }
    | undefined
  return location && [location.longitude, location.latitude]
}

function talliesOf(tallies: ReadonlyMap<string, Tally>, now: number): Json | undefined {
  const recent = [...tallies].filter(([, tally]) => tally.last >= now - exportLookbackMs)
  if (recent.length === 0) return undefined
  return recent.map(([name, tally]) => ({
    name,
    first: isoOf(tally.first),
    last: isoOf(tally.last),
    count: tally.count,
  }))
}

function receivedOf(received: ReadonlyMap<string, Received>, now: number): Json | undefined {
  const recent = [...received].filter(([, entry]) => entry.lastReceived >= now - exportLookbackMs)
  if (recent.length === 0) return undefined
  return recent.map(([id, { name, lastReceived }]) => ({
    name,
    last_received: isoOf(lastReceived),
    engaged: {},
    converted: false,
    api_campaign_id: id,
  }))
}

function canvasesOf(received: ReadonlyMap<string, Received>, now: number): Json | undefined {
  const recent = [...received].filter(([, entry]) => entry.lastReceived >= now - exportLookbackMs)
  if (recent.length === 0) return undefined
  return recent.map(([id, { name, lastReceived }]) => ({
    name,
    api_canvas_id: id,
    last_entered: isoOf(lastReceived),
    in_control: false,
    steps_received: [],
  }))
}
