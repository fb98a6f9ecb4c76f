import { textIdProblem, type Fault, type Identity } from '@tripline/model'
import { maxOf } from '../limits.ts'

/** How Braze names a person: exactly one primary id per object. https://www.braze.com/docs/api/objects_filters/user_alias_object/ */
export type Identifier =
  | { readonly braze_id: string }
  | { readonly external_id: string }
  | {
      readonly user_alias: { readonly alias_name: string; readonly alias_label: string }
      readonly _update_existing_only: false
    }

const maxExternalIdBytes = maxOf('externalId.bytes')
const maxAliasBytes = maxOf('alias.bytes')

/** Vendor id → userId → anonymousId (as an alias). E-mail and phone never identify: Braze would take one of several. */
export function identifierOf(who: Identity, aliasLabel: string): Identifier | Fault {
  const brazeId = who.vendorIds?.['braze']
  if (brazeId !== undefined)
    return faultOfId(brazeId, 'who.vendorIds.braze', Infinity) ?? { braze_id: brazeId }
  if (who.userId !== undefined)
    return faultOfId(who.userId, 'who.userId', maxExternalIdBytes) ?? { external_id: who.userId }
  if (who.anonymousId !== undefined)
    // Without `false` Braze leaves unknown aliases out.
    return (
      faultOfId(who.anonymousId, 'who.anonymousId', maxAliasBytes) ?? {
        user_alias: { alias_name: who.anonymousId, alias_label: aliasLabel },
        _update_existing_only: false,
      }
    )
  return { code: 'invalid', message: 'Braze needs a userId, an anonymousId or vendorIds.braze', path: 'who' }
}
export const isFault = (value: object): value is Fault => 'code' in value

/** Why Braze could not keep an id as it is; ids are never rewritten or cut. */
export function faultOfId(id: string, path: string, maxBytes: number): Fault | undefined {
  const problem = textIdProblem(id)
  if (problem !== undefined) return { code: 'invalid', message: `the id ${problem}`, path }
  if (id.length * 3 <= maxBytes || Buffer.byteLength(id) <= maxBytes) return undefined
  return { code: 'too-large', message: `longer than ${maxBytes} bytes; ids are never cut`, path }
}
