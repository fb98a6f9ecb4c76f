import type { Fault, Identity } from '@tripline/model'
import { lostInUnify, rejected } from '../errors.ts'

/** How a message names a person. Segment's own id (`use_…`) only reads. */
export interface Ids {
  readonly userId?: string | undefined
  readonly anonymousId?: string | undefined
}

/** userId and anonymousId, as given: both make them one person. E-mail and phone name nobody here. */
export function idsOf(who: Identity, path: string): Ids | Fault {
  const { userId, anonymousId } = who
  if (userId === undefined)
    return anonymousId === undefined
      ? rejected('no_user_anon_id', path)
      : (faultOfId(anonymousId, `${path}.anonymousId`) ?? { anonymousId })
  const fault = faultOfId(userId, `${path}.userId`)
  if (fault || anonymousId === undefined) return fault ?? { userId }
  return faultOfId(anonymousId, `${path}.anonymousId`) ?? { userId, anonymousId }
}

/** Why Segment would not keep an id; ids are never rewritten or cut. */
export function faultOfId(id: string, path: string): Fault | undefined {
  if (typeof id !== 'string') return rejected('id_not_string', path)
  if (id === '') return rejected('no_user_anon_id', path)
  if (isBlocked(id)) return lostInUnify('a value that it never makes an id of anybody', path)
  return isWellFormed(id) ? undefined : { code: 'invalid', message: 'holds half a character', path }
}

/**
 * Values that identity resolution blocks: `^[0-]*$`, `-1`, `null`, `anonymous`; in any case, because ids are folded there.
 * https://segment.com/docs/unify/identity-resolution/identity-resolution-settings/
 */
export function isBlocked(id: string): boolean {
  const first = id.charCodeAt(0)
  if (first === zero || first === hyphen) return id === '-1' || isZerosAndHyphens(id)
  if (id.length !== 4 && id.length !== 9) return false
  const folded = id.toLowerCase()
  return folded === 'null' || folded === 'anonymous'
}
const zero = 48
const hyphen = 45

function isZerosAndHyphens(id: string): boolean {
  for (let index = 1; index < id.length; index++) {
    const unit = id.charCodeAt(index)
    if (unit !== zero && unit !== hyphen) return false
  }
  return true
}

/** False when half a surrogate pair is inside: UTF-8 and URLs cannot carry it. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed()
}
