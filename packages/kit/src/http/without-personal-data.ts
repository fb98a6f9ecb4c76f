import type { Fault } from '@tripline/model'

/** `%40` is an address in a URL. The bounds keep a hostile text from costing more than its length. */
const address = /[^\s"'<>()[\]{},;:=/\\?&@]{1,64}(?:@|%40)[^\s"'<>()[\]{},;:=/\\?&@]{1,255}/gi
/** E.164, also in a URL. */
const phone = /(?:\+|%2B)[1-9]\d{6,14}(?!\d)/gi

/** A vendor's text without e-mail addresses and phone numbers. @example redact('a@b.c is taken') // => '{e-mail} is taken' */
function redact(text: string): string {
  return text.replace(address, '{e-mail}').replace(phone, '{phone}')
}

/** A fault as it may go into logs: vendors repeat what was sent in their errors. Ids stay. */
export function withoutPersonalData(fault: Fault): Fault {
  if (cleaned.has(fault)) return fault
  const message = redact(fault.message)
  const body = fault.body === undefined ? undefined : redact(fault.body)
  const isClean = message === fault.message && body === fault.body
  const made = isClean ? fault : { ...fault, message, ...(body !== undefined && { body }) }
  cleaned.add(made)
  return made
}
/** One fault may stand for thousands of items. */
const cleaned = new WeakSet<Fault>()
