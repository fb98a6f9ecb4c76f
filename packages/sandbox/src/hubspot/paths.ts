/**
 * The same resource under its dated path (2026-09, 2026-03) and its older one. The first entry is the current one.
 * @see https://developers.hubspot.com/docs/api-reference/2027-03-beta/overview
 * @see https://github.com/HubSpot/HubSpot-public-api-spec-collection
 */
export const hubspotPaths = {
  objects: ['/crm/objects/2026-09', '/crm/objects/2026-03', '/crm/v3/objects'],
  objectAssociations: ['/crm/objects/2026-09', '/crm/objects/2026-03', '/crm/v4/objects'],
  associations: ['/crm/associations/2026-09', '/crm/associations/2026-03', '/crm/v4/associations'],
  properties: ['/crm/properties/2026-09', '/crm/properties/2026-03', '/crm/v3/properties'],
  lists: ['/crm/lists/2026-09', '/crm/lists/2026-03', '/crm/v3/lists'],
  eventDefinitions: [
    '/events/custom/2026-09/event-definitions',
    '/events/2026-03/event-definitions',
    '/events/v3/event-definitions',
  ],
  eventSend: ['/events/custom/2026-09/send', '/events/2026-03/send', '/events/v3/send'],
  eventOccurrences: [
    '/events/event-occurrences/2026-09',
    '/events/event-occurrences/2026-03',
    '/events/v3/events',
  ],
  accountInfo: ['/account-info/2026-09', '/account-info/2026-03', '/account-info/v3'],
  oauth: ['/oauth/2026-09', '/oauth/2026-03', '/oauth/v3', '/oauth/v1'],
  privateApps: ['/oauth/v2/private-apps'],
  consent: [
    '/communication-preferences/2026-09',
    '/communication-preferences/2026-03',
    '/communication-preferences/v4',
  ],
  // Flows have no dated version that is generally available.
  flows: ['/automation/v4/flows'],
} as const satisfies Record<string, readonly string[]>

export type Resource = keyof typeof hubspotPaths

/** When an unversioned path stops answering, ms since 1970. The day in September 2027 is not published: the first is taken. */
export const sunsetAtMs = {
  v4: Date.UTC(2027, 2, 30),
  v3: Date.UTC(2027, 8, 1),
  v2: Date.UTC(2027, 8, 1),
  v1: Date.UTC(2027, 8, 1),
} as const

/** @example sunsetOf('/crm/v4/objects/contacts') // => Date.UTC(2027, 2, 30) */
export function sunsetOf(path: string): number | undefined {
  const version = /\/(v[1-4])(\/|$)/.exec(path)?.[1]
  return version === undefined ? undefined : sunsetAtMs[version as keyof typeof sunsetAtMs]
}
