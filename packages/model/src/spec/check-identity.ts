import type { Identity } from '../identity.ts'
import { type Fields, isPlainObject } from './clean-value.ts'
import type { Mistake } from './mistake.ts'
import { memberPath } from './path.ts'

/** Why this is no id, or `undefined`. Ids are opaque: any text but the empty one, never trimmed or changed. */
export function textIdProblem(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return `is a ${typeof value}; send ids as text: "00001" and "1" are two people, 00001 and 1 are one number`
  }
  if (typeof value !== 'string') return 'is not text; ids are opaque text'
  if (value === '') return 'is empty; leave it out when there is no id'
  return value.isWellFormed() ? undefined : 'holds half a surrogate pair, which UTF-8 cannot carry'
}

/**
 * An address that a mail system could accept: one `@`, something before it, a domain with an inner dot after it, no
 * white space, at most 254 characters (RFC 5321 §4.5.3.1.3: 256 with its angle brackets). No proof that it exists.
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3
 */
export function isEmail(text: string): boolean {
  if (text.length > 254 || /\s/.test(text)) return false
  const at = text.indexOf('@')
  if (at < 1 || at !== text.lastIndexOf('@')) return false
  const labels = text.slice(at + 1).split('.')
  return labels.length > 1 && labels.every((label) => label !== '')
}

/**
 * E.164: `+`, then 2 to 15 digits of which the first is not 0. No default country, no spaces.
 * @see https://www.twilio.com/docs/glossary/what-e164
 */
export function isPhone(text: string): boolean {
  return /^\+[1-9]\d{1,14}$/.test(text)
}

/**
 * Every mistake of an identity: ids that are not text, an implausible e-mail address, a phone number that is not E.164.
 * No mistake when the list is empty.
 * @example checkIdentity({ userId: 'u1', phone: '0151 123' }) // => [{ path: 'phone', message: 'is not E.164 …' }]
 */
export function checkIdentity(who: Identity): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const fields: Fields = { ...who }
  const check = (path: string, value: unknown) => {
    const message = value === undefined ? undefined : textIdProblem(value)
    if (message !== undefined) mistakes.push({ path, message, allowed: ['text'] })
    return value !== undefined && message === undefined
  }
  check('userId', fields['userId'])
  check('anonymousId', fields['anonymousId'])
  if (check('email', fields['email']) && !isEmail(String(fields['email']))) {
    mistakes.push({ path: 'email', message: 'is no e-mail address (name@domain.tld)' })
  }
  if (check('phone', fields['phone']) && !isPhone(String(fields['phone']))) {
    mistakes.push({ path: 'phone', message: 'is not E.164 (+ and 2 to 15 digits, e.g. +4915112345678)' })
  }
  const vendorIds = fields['vendorIds']
  if (isPlainObject(vendorIds)) {
    for (const [vendor, id] of Object.entries(vendorIds)) check(memberPath('vendorIds', vendor), id)
  } else if (vendorIds !== undefined) {
    mistakes.push({ path: 'vendorIds', message: 'is no plain object', allowed: ['object'] })
  }
  return mistakes
}
