import { createNames, type Names } from '@tripline/kit'
import { foldCollisions, TriplineError, type Field } from '@tripline/model'
import { maxOf } from '../limits.ts'

/** Properties that HubSpot sets itself: never written. */
export const serverMade: ReadonlySet<string> = new Set([
  'hs_object_id',
  'createdate',
  'lastmodifieddate',
  'hs_lastmodifieddate',
  'hs_merged_object_ids',
  'hs_email_optout',
  'hs_email_bounce',
  'num_unique_conversion_events',
])
/** Name of the property that holds the currency of a money field. */
export const currencyName = (name: string): string => `${name}_currency`

/** Lower-case, `_` for what HubSpot refuses, a letter in front: `Plan Tier` → `plan_tier`, `2fa` → `p_2fa`. */
export function foldName(name: string): string {
  const folded = name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')
  return /^[a-z]/.test(folded) ? folded : `p_${folded}`
}
/** As `foldName`; event names may also hold a `-`. */
export function foldEventName(name: string): string {
  const folded = name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '_')
  return /^[a-z]/.test(folded) ? folded : `e_${folded}`
}

export interface PropertyRules {
  /** What the fields belong to, for messages. */
  readonly of: string
  readonly fields: readonly Field[]
  readonly table?: Readonly<Record<string, string>>
  readonly renames?: Readonly<Record<string, string>>
  readonly maxNameChars: number
  /** Names that are taken by us or by HubSpot. */
  readonly reserved: ReadonlySet<string>
}
/**
 * Names of properties.
 * @throws {TriplineError} code `invalid`, at start: two fields meet in one name, a name is too long or reserved
 */
export function createPropertyNames(rules: PropertyRules): Names {
  const { fields, table = {}, renames, maxNameChars, reserved } = rules
  const names = createNames({ vendor: 'hubspot', table, fold: foldName, ...(renames && { renames }) })
  const wanted = fields.flatMap(({ name, type }) => (type === 'money' ? [name, currencyName(name)] : [name]))
  for (const { folded, names: meeting } of foldCollisions(wanted, names.to))
    refuse(
      `${rules.of}: ${meeting.map((name) => `"${name}"`).join(' and ')} all become "${folded}": rename one`,
    )
  for (const { name, type } of fields) {
    const currency = names.to(currencyName(name))
    if (type === 'money' && fields.some((other) => names.to(other.name) === currency))
      refuse(
        `${rules.of}: the currency of "${name}" needs "${currency}", which another field has: rename one`,
      )
  }
  for (const name of wanted) {
    const to = names.to(name)
    if (to.length > maxNameChars)
      refuse(`${rules.of}: "${to}" is longer than ${maxNameChars} characters; names are never cut`)
    if (reserved.has(to)) refuse(`${rules.of}: "${to}" is reserved: rename "${name}"`)
  }
  return names
}
export const maxPropertyNameChars = maxOf('propertyName.chars')
export const maxEventPropertyNameChars = maxOf('eventPropertyName.chars')

export function refuse(message: string): never {
  throw new TriplineError('hubspot', { code: 'invalid', message })
}
