import { retryAfterMs, type Answer, type Judgement } from '@tripline/kit'
import type { Ability, Fault, FaultCode } from '@tripline/model'
import { nextMidnightMs } from './next-midnight.ts'

/** What a refused endpoint means for us. */
export interface EndpointMeaning {
  /** Taken away by a 403; undefined: the caller looks at the refusal itself. */
  readonly ability: Ability | undefined
  /** `path`: a 404 says that this generation of paths is gone; `thing`: what was asked for does not exist. */
  readonly unknown: 'path' | 'thing'
  /** Tier that the endpoint needs, for a 403 that does not name a scope. */
  readonly tier?: string
}

/** https://developers.hubspot.com/docs/api-reference/error-handling */
const codes: Readonly<Record<number, FaultCode>> = {
  400: 'invalid',
  404: 'not-found',
  409: 'conflict',
  410: 'not-found',
  413: 'too-large',
  414: 'too-large',
  415: 'invalid',
}
const waits = { tenSecondsMs: 10_000, secondMs: 1_000, lockMs: 2_000, movingMs: 60_000 } as const
const maxBodyChars = 2_000

/** One entry of `errors` in a 207, and the envelope of a refusal. */
export interface HubSpotError {
  readonly message?: unknown
  readonly category?: unknown
  readonly subCategory?: unknown
  readonly policyName?: unknown
  readonly correlationId?: unknown
  readonly context?: Readonly<Record<string, readonly string[]>>
  readonly errors?: readonly { readonly context?: Readonly<Record<string, readonly string[]>> }[]
}
export function errorOf(answer: Answer): HubSpotError {
  const body = answer.json()
  return typeof body === 'object' && body !== null ? body : {}
}

/** A value that HubSpot refused: which property, and why. */
export interface InvalidValue {
  readonly name: string
  readonly error: string
  readonly message: string
}
const valuesPrefix = 'Property values were not valid: '

/** The refused values of a record; HubSpot writes them as JSON inside its message. */
export function invalidValuesOf({ message }: HubSpotError): readonly InvalidValue[] {
  if (typeof message !== 'string' || !message.startsWith(valuesPrefix)) return []
  try {
    const list = JSON.parse(message.slice(valuesPrefix.length)) as readonly Partial<InvalidValue>[]
    return list.map(({ name, error, message: said }) => ({
      name: String(name),
      error: String(error),
      message: String(said),
    }))
  } catch {
    return []
  }
}

/** The id in `Contact already exists. Existing ID: 12345`. */
export function existingIdOf(error: HubSpotError): string | undefined {
  return typeof error.message === 'string' ? /Existing ID: ?(\d+)/.exec(error.message)?.[1] : undefined
}

const advice: Readonly<Record<string, string>> = {
  PROPERTY_DOESNT_EXIST: 'create it with `fields apply` (schema.ensure)',
  READ_ONLY_VALUE: 'HubSpot sets it itself, take it out of the fields',
  INVALID_OPTION: 'add the option to the property in HubSpot, or change the value',
  INVALID_EMAIL: 'the address is not valid',
  INVALID_DATE: 'a date is YYYY-MM-DD, at midnight UTC',
  CONFLICTING_UNIQUE_VALUE: 'another record holds this unique value',
}

/**
 * The fault of one record. Names properties and codes, never values.
 * @param pathOf where the property comes from in the item
 */
export function recordFault(error: HubSpotError, pathOf: (property: string) => string): Fault {
  const values = invalidValuesOf(error)
  if (values.length > 0) {
    const said = values.map(
      ({ name, error: code }) => `${name}: ${code}${advice[code] ? `, ${advice[code]}` : ''}`,
    )
    const isConflict = values.every(({ error: code }) => code === 'CONFLICTING_UNIQUE_VALUE')
    return {
      code: isConflict ? 'conflict' : 'invalid',
      message: `HubSpot refused the record for ${said.join('; ')}`,
      path: pathOf(values[0]?.name ?? ''),
    }
  }
  const existing = existingIdOf(error)
  if (existing !== undefined)
    return {
      code: 'conflict',
      message: `another contact (${existing}) holds this e-mail address: set emailIdentifies to adopt one without an id, or change the address`,
      path: 'set.email',
    }
  const category = String(error.category)
  return { code: recordCodes[category] ?? 'invalid', message: `${category}: ${textOf(error.message)}` }
}
const recordCodes: Readonly<Record<string, FaultCode>> = {
  OBJECT_NOT_FOUND: 'not-found',
  CONFLICT: 'conflict',
  OBJECT_ALREADY_EXISTS: 'conflict',
  INTERNAL_ERROR: 'unavailable',
  RATE_LIMITS: 'rate-limited',
}
/** HubSpot's own trouble with one record of an otherwise good batch: worth another try. */
export const isPassing = (fault: Fault): boolean =>
  fault.code === 'unavailable' || fault.code === 'rate-limited'

const textOf = (message: unknown): string =>
  typeof message === 'string' ? message.slice(0, 300) : 'no message'

function faultOf(answer: Answer, code: FaultCode, more = ''): Fault {
  const error = errorOf(answer)
  const values = invalidValuesOf(error)
  const said =
    values.length > 0
      ? recordFault(error, String).message
      : typeof error.message === 'string'
        ? textOf(error.message)
        : `HTTP ${answer.status}`
  const requestId = answer.headers.get('x-hubspot-correlation-id') ?? error.correlationId
  return {
    code,
    message: said + more,
    status: answer.status,
    // A refused value stands in the body; the message names its property.
    ...(values.length === 0 && { body: answer.text.slice(0, maxBodyChars) }),
    ...(typeof requestId === 'string' && { requestId }),
  }
}

/** What an answer means. Rows inside a good batch are judged by the operation that sent them. */
export function judge(
  answer: Answer,
  nowMs: number,
  meaning: EndpointMeaning | undefined,
  timeZone: string,
): Judgement {
  const { status } = answer
  if (status >= 200 && status < 300) return judgeSuccess(answer)
  switch (status) {
    case 401:
      return {
        kind: 'unauthorized',
        fault: faultOf(answer, 'auth', ': renew the token (option accessToken)'),
      }
    case 403:
      return forbidden(answer, meaning)
    case 404:
    case 410:
      return gone(answer, meaning)
    case 423:
      return {
        kind: 'busy',
        fault: faultOf(answer, 'unavailable', ' (locked)'),
        waitMs: Math.max(waits.lockMs, retryAfterMs(answer.headers, nowMs) ?? 0),
      }
    case 429:
      return limited(answer, nowMs, timeZone)
    case 477: {
      const waitMs = retryAfterMs(answer.headers, nowMs) ?? waits.movingMs
      const fault = faultOf(answer, 'unavailable', ' (the account moves to another data centre)')
      return { kind: 'later', fault, notBefore: new Date(nowMs + waitMs).toISOString() }
    }
  }
  if (status >= 500) {
    const waitMs = retryAfterMs(answer.headers, nowMs)
    return {
      kind: 'doubtful',
      fault: faultOf(answer, 'unavailable'),
      ...(waitMs !== undefined && { waitMs }),
    }
  }
  return { kind: 'refused', fault: faultOf(answer, codes[status] ?? 'invalid') }
}

/** Some calls answer with nothing; what is there must be JSON, or somebody else has answered (a proxy's page). */
function judgeSuccess(answer: Answer): Judgement {
  if (answer.text.trim() === '' || answer.json() !== undefined) return { kind: 'ok' }
  return { kind: 'doubtful', fault: faultOf(answer, 'unavailable', ' (a 2xx that is no JSON)') }
}

/** A missing scope is named by HubSpot, a missing tier by us. */
function forbidden(answer: Answer, meaning: EndpointMeaning | undefined): Judgement {
  const error = errorOf(answer)
  const scopes = (error.errors ?? []).flatMap(
    ({ context }) => context?.['requiredGranularScopes'] ?? context?.['requiredScopes'] ?? [],
  )
  const isScope = error.category === 'MISSING_SCOPES'
  const needed =
    scopes.length > 0
      ? `: give the app the scope ${scopes.join(' or ')}`
      : !isScope && meaning?.tier
        ? `: needs ${meaning.tier}`
        : ': give the app the scope of this endpoint'
  const fault = faultOf(answer, 'forbidden', needed)
  return meaning?.ability === undefined
    ? { kind: 'refused', fault }
    : { kind: 'halt', what: meaning.ability, fault }
}

function gone(answer: Answer, meaning: EndpointMeaning | undefined): Judgement {
  if (meaning?.unknown !== 'path' || meaning.ability === undefined)
    return { kind: 'refused', fault: faultOf(answer, 'not-found') }
  const more = ': HubSpot no longer knows this path, choose another apiVersion'
  return { kind: 'halt', what: meaning.ability, fault: faultOf(answer, 'not-found', more) }
}

/** The daily limit ends at midnight of the account; the others within seconds. Search answers without headers. */
function limited(answer: Answer, nowMs: number, timeZone: string): Judgement {
  const fault = faultOf(answer, 'rate-limited')
  const { policyName } = errorOf(answer)
  const said = retryAfterMs(answer.headers, nowMs)
  if (policyName === 'DAILY') {
    const atMs = said === undefined ? nextMidnightMs(nowMs, timeZone) : nowMs + said
    return { kind: 'later', fault, notBefore: new Date(atMs).toISOString() }
  }
  const waitMs = said ?? (policyName === 'SECONDLY' ? waits.secondMs : waits.tenSecondsMs)
  return { kind: 'busy', fault, waitMs }
}
