import type { SimReply } from '../core/index.ts'
import { tiers, type HubspotAccount } from './account.ts'
import type { Caller } from './authenticate.ts'

/**
 * Size limits. Sources: https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm.md (search), the
 * guides of the objects, lists and custom events APIs beside it, and `HubSpot/HubSpot-public-api-spec-collection`.
 * "Not verified": known to integrators, absent from what HubSpot publishes.
 */
export const hubspotSizes = {
  batchInputs: 100,
  pageRecords: 100,
  pageRecordsWithHistory: 50,
  searchGroups: 5,
  searchFiltersPerGroup: 6,
  searchFilters: 18,
  searchSorts: 1,
  searchPage: 200,
  searchWindow: 10_000,
  searchBodyChars: 3_000,
  uniqueProperties: 10,
  customPropertiesPaid: 1_000,
  // Not verified.
  customPropertiesFree: 10,
  // Not verified.
  propertyNameChars: 100,
  // Not verified.
  stringValueChars: 65_536,
  // Not verified.
  enumerationOptions: 5_000,
  // HubSpot documents 1,000; a later changelog cut it (airbytehq/airbyte#48834).
  associationReads: 100,
  associationWrites: 2_000,
  membershipPage: 250,
  // Not verified.
  membershipWrites: 100_000,
  listSearchPage: 500,
  eventBatch: 500,
  eventDefinitions: 500,
  eventProperties: 50,
  eventPropertyNameChars: 50,
  // Not verified: HubSpot publishes no page size for these two.
  eventDefinitionPage: 100,
  eventOccurrencePage: 100,
  flowPage: 100,
} as const

/** "About a year", during which the `uuid` of an event is remembered. */
export const eventUuidMs = 365 * 86_400_000
/** https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication: an OAuth access token's life. */
export const accessTokenMs = 1_800_000

/** Rate limits by tier. https://developers.hubspot.com/changelog and the API usage guidelines. */
export const hubspotRates = {
  oauthPerTenSeconds: 110,
  perTenSeconds: { free: 100, starter: 100, professional: 190, enterprise: 190 },
  addOnPerTenSeconds: 250,
  perDay: { free: 250_000, starter: 250_000, professional: 625_000, enterprise: 1_000_000 },
  addOnPerDay: 1_000_000,
  searchesPerSecond: 5,
  eventCallsPerSecond: 1_250,
  // HubSpot documents 100 to 150 by tier; the lower one is taken.
  associationCallsPerTenSeconds: 100,
} as const

export type LimitClass = 'ten-secondly' | 'search' | 'associations' | 'events' | 'daily-only' | 'none'
export interface RateVerdict {
  readonly refused?: SimReply
  readonly headers: Readonly<Record<string, string>>
}

export const perTenSeconds = (account: HubspotAccount, caller: Caller): number => {
  if (account.limits.perTenSeconds !== undefined) return account.limits.perTenSeconds
  if (caller === 'oauth') return hubspotRates.oauthPerTenSeconds
  return account.limitAddOn ? hubspotRates.addOnPerTenSeconds : hubspotRates.perTenSeconds[account.tier]
}
export const perDay = (account: HubspotAccount): number =>
  account.limits.perDay ??
  hubspotRates.perDay[account.tier] + (account.limitAddOn ? hubspotRates.addOnPerDay : 0)

/** True where the account has this tier or a higher one. */
export const reachesTier = (account: HubspotAccount, tier: HubspotAccount['tier']): boolean =>
  tiers.indexOf(account.tier) >= tiers.indexOf(tier)
