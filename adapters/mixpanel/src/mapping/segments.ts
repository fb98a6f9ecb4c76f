import type { ConsentItem, MembershipItem } from '@tripline/model'
import type { TraitChange } from './profiles.ts'

/** Letters and digits of any script, so that different names seldom become one. */
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')

/** Name of the profile property that stands for a segment. */
export const segmentAttribute = (name: string): string => `seg_${slugOf(name)}`

/** Entering sets the flag, leaving takes it away: then "is set" and "is true" mean the same in a cohort. */
export const toMembership = ({ segment, member }: MembershipItem): TraitChange =>
  member ? { set: { [segment.id]: true }, unset: [] } : { set: {}, unset: [segment.id] }

/**
 * Consent as profile properties: Mixpanel sends nothing to people and enforces nothing, so this is for reports and for
 * cohorts that other tools read. `consent_email`, `consent_email_at`, and `consent_email_basis` when there is one.
 */
export function toConsent({ channel, topic, state, at, basis }: ConsentItem): TraitChange {
  const name = `consent_${slugOf(topic === undefined ? channel : `${channel} ${topic}`)}`
  const set = { [name]: state, [`${name}_at`]: at }
  return basis === undefined
    ? { set, unset: [`${name}_basis`] }
    : { set: { ...set, [`${name}_basis`]: basis }, unset: [] }
}

/** Cohort on a membership flag, in the only form whose JSON is known. jaredmcfarland/mixpanel_data:src/mixpanel_headless/types.py */
export const flagCohort = (attribute: string, name: string) => ({
  name,
  description: `managed:${attribute}`,
  selector: {
    operator: 'and',
    children: [{ property: 'user', value: attribute, operator: '==', operand: true, type: 'boolean' }],
  },
  behaviors: {},
})
