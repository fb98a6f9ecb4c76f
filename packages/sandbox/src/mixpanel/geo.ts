import type { MixpanelPlace } from './account.ts'
import type { Project } from './project.ts'
import type { Properties } from './state.ts'

/** The simulator sees every caller at this address. */
export const callerAddress = '127.0.0.1'

const placeOf = ({ account }: Project, address: unknown): MixpanelPlace | undefined =>
  typeof address === 'string' ? account.places[address] : undefined

/** What an address adds to an event; the address itself is not kept. */
export function eventPlace(project: Project, address: unknown): Properties {
  const place = placeOf(project, address)
  return place ? { $city: place.city, $region: place.region, mp_country_code: place.countryCode } : {}
}

/** What an address overwrites on a profile. https://developer.mixpanel.com/reference/profile-set */
export function profilePlace(project: Project, address: unknown): Properties {
  const place = placeOf(project, address)
  if (!place) return {}
  const { city, region, countryCode, timeZone } = place
  return { $city: city, $region: region, $country_code: countryCode, $timezone: timeZone, $geo_source: 'ip' }
}
