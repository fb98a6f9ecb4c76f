import type { SegmentAccount } from './account.ts'
import { type CallType, callTypes, isJson, type Json } from './store-types.ts'

/** Codes of Delivery Overview's "failed on ingest". https://segment.com/docs/connections/delivery-overview/#failed-on-ingest */
export const ingestCodes = [
  'project_not_found',
  'empty_batch',
  'empty_batch_result',
  'source_disabled',
  'multi_user_error',
  'no_user_anon_id',
  'event_not_defined',
  'event_not_string',
  'properties_not_object',
  'traits_not_object',
  'name_not_string',
  'category_not_string',
  'id_required',
  'id_not_string',
  'consent_categorypreferences_should_exist',
  'consent_categorypreferences_fields_should_be_object',
  'consent_categorypreferences_fields_should_be_bool',
  'consent_version_should_be_number',
  'consent_needs_anonymous_id_set',
  'device_advertisingid_should_be_string',
  'locked_workspace',
] as const
export type IngestCode = (typeof ingestCodes)[number]
export const consentEvent = 'Segment Consent Preference Updated'

export const isCallType = (value: unknown): value is CallType =>
  (callTypes as readonly unknown[]).includes(value)
const isMissing = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Why Segment answers 200 to this message and yet does not take it; undefined when it does. */
export function rejectionCode(type: CallType, item: Json, account: SegmentAccount): IngestCode | undefined {
  return idProblem(type, item) ?? bodyProblem(type, item) ?? consentProblem(item, account)
}

function idProblem(type: CallType, item: Json): IngestCode | undefined {
  for (const name of ['userId', 'anonymousId', 'groupId', 'previousId'])
    if (!isMissing(item[name]) && typeof item[name] !== 'string') return 'id_not_string'
  if (type === 'alias')
    return isMissing(item.userId) || isMissing(item.previousId) ? 'id_required' : undefined
  return isMissing(item.userId) && isMissing(item.anonymousId) ? 'no_user_anon_id' : undefined
}

function bodyProblem(type: CallType, item: Json): IngestCode | undefined {
  if (type === 'track') {
    if (isMissing(item.event)) return 'event_not_defined'
    if (typeof item.event !== 'string') return 'event_not_string'
  }
  if (item.properties !== undefined && !isJson(item.properties)) return 'properties_not_object'
  if (item.traits !== undefined && !isJson(item.traits)) return 'traits_not_object'
  if (type !== 'page' && type !== 'screen') return undefined
  if (item.name !== undefined && (typeof item.name !== 'string' || item.name === '')) return 'name_not_string'
  if (item.category !== undefined && (typeof item.category !== 'string' || item.category === ''))
    return 'category_not_string'
  return undefined
}

function consentProblem(item: Json, account: SegmentAccount): IngestCode | undefined {
  if (item.event !== consentEvent) return undefined
  const context = isJson(item.context) ? item.context : {}
  const consent = isJson(context.consent) ? context.consent : {}
  const device = isJson(context.device) ? context.device : {}
  const preferences = consent.categoryPreferences
  if (preferences === undefined) return 'consent_categorypreferences_should_exist'
  if (!isJson(preferences)) return 'consent_categorypreferences_fields_should_be_object'
  if (Object.values(preferences).some((value) => typeof value !== 'boolean'))
    return 'consent_categorypreferences_fields_should_be_bool'
  if (consent.version !== undefined && typeof consent.version !== 'number')
    return 'consent_version_should_be_number'
  if (device.advertisingId !== undefined && typeof device.advertisingId !== 'string')
    return 'device_advertisingid_should_be_string'
  return account.consentNeedsAnonymousId && isMissing(item.anonymousId)
    ? 'consent_needs_anonymous_id_set'
    : undefined
}
