import { checkIdentity, type Fault, type Identity } from '@tripline/model'
import type { IntercomOptions } from '../options.ts'

/** A person as this account tells people apart. */
export type Person =
  | {
      readonly kind: 'known'
      /** Without what does not identify here. */
      readonly who: Identity
      /** The same text for the same person. */
      readonly key: string
    }
  /** Intercom cannot hold such a person. */
  | { readonly kind: 'nobody'; readonly because: string }
  | { readonly kind: 'refused'; readonly fault: Fault }

/** By userId, Intercom's own id, anonymousId (where the account makes leads of them), then e-mail (where it identifies). */
export function toPerson(given: Identity, options: IntercomOptions, path = 'who'): Person {
  const [mistake] = checkIdentity(given).filter((each) => each.path !== 'email' && each.path !== 'phone')
  if (mistake) {
    const message = `${mistake.path} ${mistake.message}`
    return { kind: 'refused', fault: { code: 'invalid', message, path: `${path}.${mistake.path}` } }
  }
  const { userId, anonymousId, email, vendorIds } = given
  const id = vendorIds?.['intercom']
  const ours = id === undefined ? {} : { vendorIds: { intercom: id } }
  const isKey = options.emailIdentifies === true && email !== undefined
  const address = isKey ? { email: email.trim().toLowerCase() } : {} // as Intercom keeps it
  if (userId !== undefined) return known({ userId, ...ours, ...address }, `user ${userId}`)
  if (id !== undefined) return known(ours, `contact ${id}`)
  if (anonymousId !== undefined && options.anonymousPeople === 'lead')
    return known({ anonymousId }, `lead ${anonymousId}`)
  if (address.email !== undefined) return known(address, `email ${address.email}`)
  if (anonymousId === undefined && email === undefined) {
    const message = 'names nobody: a userId, an anonymousId or an Intercom id is needed'
    return { kind: 'refused', fault: { code: 'invalid', message: `${path} ${message}`, path } }
  }
  return {
    kind: 'nobody',
    because:
      anonymousId === undefined
        ? 'an e-mail address alone finds nobody (option emailIdentifies)'
        : 'Intercom has no anonymous people (option anonymousPeople)',
  }
}
const known = (who: Identity, key: string): Person => ({ kind: 'known', who, key })
