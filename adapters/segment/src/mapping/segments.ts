import {
  TriplineError,
  type ConsentItem,
  type Fault,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import { rejected } from '../errors.ts'
import type { SegmentOptions } from '../options.ts'

const source = 'https://segment.com/docs/privacy/consent-management/consent-in-unify/'
/** The event that writes consent into profiles. */
export const consentEvent = 'Segment Consent Preference Updated'

/**
 * Name of the boolean trait that stands for a segment. Letters and digits of every script stay.
 * @throws {TriplineError} code `invalid`: the name has neither
 */
export function segmentTrait(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
  if (slug !== '') return `seg_${slug}`
  throw new TriplineError('segment', {
    code: 'invalid',
    message: 'the name of a segment needs a letter or a digit',
    path: 'name',
  })
}

/** The audience of those whose trait is true. https://segment.com/docs/api/public-api/query-language/ */
export const audienceQuery = (trait: string, quoted = false): string =>
  `trait('${trait.replaceAll("'", "\\'")}') = ${quoted ? "'true'" : 'true'}`

/** Leaving is `false`, never left out: an absent trait was never evaluated. */
export const toMembership = (trait: string, member: boolean): Values => ({ [trait]: member })

/** What one act of consent becomes. */
export interface ConsentContent {
  readonly preferences: Readonly<Record<string, boolean>>
  readonly properties: Values
}

/** One category of the account, and the loss that Segment makes of all the others. */
export function toConsent(item: ConsentItem, options: SegmentOptions, losses: Loss[]): ConsentContent {
  const { channel, topic, state, basis } = item
  const named = options.consentCategories?.[topic === undefined ? channel : `${channel}:${topic}`]
  const category = named ?? (topic === undefined ? channel : `${channel}_${topic}`)
  losses.push({
    path: 'channel',
    kind: 'coerced',
    because: 'categories that an act does not name become false at Segment; acts of one call are sent as one',
    source,
  })
  return {
    preferences: { [category]: state === 'granted' },
    properties: basis === undefined ? {} : { basis: { [category]: basis } },
  }
}

/** What Segment rejects of `context.consent`. */
export function faultOfConsent(consent: Value | undefined): Fault | undefined {
  const path = 'event.context.consent'
  const { categoryPreferences: preferences, version } = (consent ?? {}) as Values
  if (preferences === undefined || preferences === null)
    return rejected('consent_categorypreferences_should_exist', path)
  if (typeof preferences !== 'object' || Array.isArray(preferences))
    return rejected('consent_categorypreferences_fields_should_be_object', `${path}.categoryPreferences`)
  const odd = Object.entries(preferences).find(([, granted]) => typeof granted !== 'boolean')
  if (odd)
    return rejected(
      'consent_categorypreferences_fields_should_be_bool',
      `${path}.categoryPreferences.${odd[0]}`,
    )
  return version === undefined || typeof version === 'number'
    ? undefined
    : rejected('consent_version_should_be_number', `${path}.version`)
}
