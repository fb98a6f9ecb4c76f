import type { Identity } from '../identity.ts'
import type { Instant, Values } from '../value.ts'
import { isEmail, isPhone, textIdProblem } from './check-identity.ts'
import { type Fields, isClean, isPlainObject, reportUnclean } from './clean-value.ts'
import { readInstant } from './instant.ts'
import { deriveMessageId } from './message-id.ts'
import { addMistake, type Findings } from './mistake.ts'
import type { ParseOptions } from './parse-options.ts'

const noValues: Values = Object.freeze({})

/** An id of the message, untouched; `undefined` when absent, `null` or refused. */
export function readId(message: Fields, name: string, findings: Findings): string | undefined {
  const value = message[name]
  if (value === undefined || value === null) return undefined
  const problem = textIdProblem(value)
  if (problem === undefined) return value as string
  addMistake(findings, { path: name, message: problem, allowed: ['text'] })
  return undefined
}

/** `userId` and `anonymousId`; at least one of them must be there. */
export function readWho(message: Fields, findings: Findings): Identity {
  const userId = readId(message, 'userId', findings)
  const anonymousId = readId(message, 'anonymousId', findings)
  if (userId !== undefined) return anonymousId === undefined ? { userId } : { userId, anonymousId }
  if (anonymousId !== undefined) return { anonymousId }
  addMistake(findings, { path: 'userId', message: 'is missing: a message needs a userId or an anonymousId' })
  return {}
}

/** The moment of the message; a missing one is the time of receipt. */
export function readTime(message: Fields, options: ParseOptions, findings: Findings): Instant {
  const value = message['timestamp']
  if (value === undefined || value === null) {
    return options.receivedAt ?? new Date((options.clock ?? Date).now()).toISOString()
  }
  if (typeof value !== 'string') {
    const message = 'is not text; write ISO 8601 with a zone, e.g. 2026-11-01T10:00:00.000Z'
    addMistake(findings, { path: 'timestamp', message, allowed: ['ISO 8601 text'] })
    return ''
  }
  const read = readInstant(value)
  if (!read.ok) {
    addMistake(findings, { path: 'timestamp', message: read.message, allowed: ['ISO 8601 text'] })
    return ''
  }
  if (read.rounded) {
    findings.notes.push({
      path: 'timestamp',
      kind: 'rounded',
      because: 'instants are kept to the millisecond',
    })
  }
  return read.at
}

/** The key of the message's items: its `messageId`, or the derived one. `''` when the message has mistakes. */
export function readKey(message: Fields, at: Instant, findings: Findings): string {
  const messageId = readId(message, 'messageId', findings)
  if (messageId !== undefined) return messageId
  return findings.mistakes.length === 0 ? deriveMessageId(message, at) : ''
}

/**
 * `properties`, `traits` or `context`, the very object of the message; absent and `null` are `undefined`. With mistakes
 * inside it is returned all the same, so that the checks after this one name theirs too.
 */
export function readValues(message: Fields, name: string, findings: Findings): Values | undefined {
  const value = message[name]
  if (value === undefined || value === null) return undefined
  if (!isPlainObject(value)) {
    addMistake(findings, { path: name, message: 'is no plain object', allowed: ['object'] })
    return undefined
  }
  if (!isClean(value)) reportUnclean(value, name, findings)
  return value as Values
}

/** As `readValues`; absent is an empty object. */
export function readValuesOrNone(message: Fields, name: string, findings: Findings): Values {
  return readValues(message, name, findings) ?? noValues
}

/** The lane of an item about this person. */
export function laneOf(who: Identity, options: ParseOptions): string {
  return options.laneOf === undefined ? (who.userId ?? who.anonymousId ?? '') : options.laneOf(who)
}

/** The identity with e-mail and phone of the traits, where the option asks for it and they are plausible. */
export function withTraits(who: Identity, traits: unknown, options: ParseOptions): Identity {
  if (options.identityTraits !== true || !isPlainObject(traits)) return who
  const { email, phone } = traits
  return {
    ...who,
    ...(typeof email === 'string' && isEmail(email) ? { email } : {}),
    ...(typeof phone === 'string' && isPhone(phone) ? { phone } : {}),
  }
}
