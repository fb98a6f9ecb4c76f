import { retryAfterMs, type Answer, type Judgement } from '@tripline/kit'
import type { Ability, Fault, FaultCode } from '@tripline/model'
import type { SegmentApi } from './options.ts'

/**
 * Why Segment answers 200 and does not take a message: codes of Delivery Overview's "failed on ingest". We say so before
 * it is sent. https://segment.com/docs/connections/delivery-overview/#failed-on-ingest
 */
export const rejections = {
  no_user_anon_id: 'a userId or an anonymousId is needed',
  id_not_string: 'ids are text, not numbers',
  event_not_defined: 'the event has no name',
  event_not_string: 'the name of an event is text',
  name_not_string: 'the name of a page or screen is text',
  properties_not_object: 'properties are an object',
  traits_not_object: 'traits are an object',
  consent_categorypreferences_should_exist: 'context.consent needs categoryPreferences',
  consent_categorypreferences_fields_should_be_object: 'categoryPreferences are an object',
  consent_categorypreferences_fields_should_be_bool: 'each category is true or false',
  consent_version_should_be_number: 'the version of consent is a number',
  device_advertisingid_should_be_string: 'context.device.advertisingId is text',
} as const satisfies Readonly<Record<string, string>>
export type Rejection = keyof typeof rejections

/** A message that Segment would reject behind its 200. */
export const rejected = (code: Rejection, path: string): Fault => ({
  code: 'invalid',
  message: `Segment answers 200 and rejects it (${code}): ${rejections[code]}`,
  path,
})
/** A message that Segment takes and that never reaches a profile; no code shows it anywhere. */
export const lostInUnify = (because: string, path: string, code: FaultCode = 'invalid'): Fault => ({
  code,
  message: `Segment answers 200 and Unify drops it without a code: ${because}`,
  path,
})
export const isFault = (value: object): value is Fault => 'code' in value

const codes: Readonly<Record<number, FaultCode>> = {
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  429: 'rate-limited',
}
interface ErrorBody {
  readonly message?: unknown
  readonly success?: unknown
  readonly error?: { readonly message?: unknown } | string
  readonly error_description?: unknown
  readonly errors?: readonly {
    readonly message?: unknown
    readonly field?: unknown
    readonly data?: { readonly msBeforeNext?: unknown }
  }[]
}
const bodyOf = (answer: Answer): ErrorBody => {
  const body = answer.json()
  return typeof body === 'object' && body !== null ? body : {}
}

/** What the four interfaces say in their four shapes. */
function messageOf(answer: Answer): string {
  const { message, error, error_description: description, errors } = bodyOf(answer)
  const nested = typeof error === 'object' ? error?.message : error
  const listed = Array.isArray(errors)
    ? (errors as NonNullable<ErrorBody['errors']>)
        .map((each) => [each?.field, each?.message].filter((part) => typeof part === 'string').join(' '))
        .join('; ')
    : undefined
  const said = [message, listed, description, nested].find((text) => typeof text === 'string' && text !== '')
  return typeof said === 'string' ? said : `HTTP ${answer.status}`
}

function faultOf(answer: Answer, code: FaultCode, advice = ''): Fault {
  const requestId = answer.headers.get('request-id') ?? answer.headers.get('x-request-id')
  return {
    code,
    message: messageOf(answer) + advice,
    status: answer.status,
    body: answer.text.slice(0, 2_000),
    ...(requestId && { requestId }),
  }
}

/** What an answer of one of the interfaces means. */
export function judge(
  answer: Answer,
  nowMs: number,
  api: SegmentApi,
  ability: Ability | undefined,
): Judgement {
  const { status } = answer
  const wait = waitOf(answer, nowMs)
  const waited = wait === undefined ? {} : { waitMs: wait }
  if (status >= 200 && status < 300) return judgeSuccess(answer, api)
  if (status === 429) return { kind: 'busy', fault: faultOf(answer, 'rate-limited'), ...waited }
  if (status === 408 || status >= 500)
    return { kind: 'doubtful', fault: faultOf(answer, 'unavailable'), ...waited }
  if (api === 'oauth')
    return { kind: 'refused', fault: { ...faultOf(answer, 'auth', advice.oauth), body: '' } }
  if (status === 401) return { kind: 'unauthorized', fault: faultOf(answer, 'auth', advice[api]) }
  if (status === 403)
    return {
      kind: 'halt',
      what: api === 'tracking' ? 'connector' : (ability ?? 'connector'),
      fault: faultOf(answer, 'forbidden', advice[api]),
    }
  return api === 'tracking' ? judgeTracking(answer) : { kind: 'refused', fault: refusalOf(answer) }
}
const advice: Readonly<Record<SegmentApi, string>> = {
  tracking:
    ': wrong write key, a source that wants OAuth (scope tracking_api:write), or the workspace lives in the other region',
  profile: ': wrong Profile API token, one of another space, or the workspace lives in the other region',
  public:
    ': wrong Public API token, one that may not do this, or the workspace lives in the other region (option region)',
  oauth: ': check clientId, keyId, the private key and the scopes of the OAuth application',
}
const refusalOf = (answer: Answer): Fault => faultOf(answer, codes[answer.status] ?? 'invalid')

/** A success must not contradict itself; the Tracking API's own body is not documented, so only `false` counts. */
function judgeSuccess(answer: Answer, api: SegmentApi): Judgement {
  const body = answer.json()
  const isObject = typeof body === 'object' && body !== null
  if (api === 'tracking')
    return isObject && bodyOf(answer).success === false
      ? { kind: 'refused', fault: faultOf(answer, 'invalid') }
      : { kind: 'ok' }
  if (isObject && !Array.isArray(bodyOf(answer).errors)) return { kind: 'ok' }
  const fault = faultOf(answer, 'unavailable', ' (a 2xx without the answer)')
  return { kind: 'doubtful', fault: api === 'oauth' ? { ...fault, body: '' } : fault }
}

/** Of a batch, only 400 and 413 may be the fault of an item; anything else would refuse every item alike. */
function judgeTracking(answer: Answer): Judgement {
  const { status } = answer
  if (status === 400 && /region/i.test(messageOf(answer)))
    return { kind: 'halt', what: 'connector', fault: faultOf(answer, 'invalid', ': set the option region') }
  if (status === 413 || (status === 400 && /limit|too large/i.test(messageOf(answer))))
    return { kind: 'refused', fault: faultOf(answer, 'too-large') }
  if (status === 400 || status === 422) return { kind: 'refused', fault: refusalOf(answer) }
  const fault = faultOf(answer, codes[status] ?? 'invalid', ': is this the address of the Tracking API?')
  return { kind: 'halt', what: 'connector', fault }
}

/** `msBeforeNext` in the body (Public API) → Retry-After → X-RateLimit-Reset, as seconds or as a date. */
export function waitOf(answer: Answer, nowMs: number): number | undefined {
  const errors: unknown = bodyOf(answer).errors
  const ms = Array.isArray(errors) ? (errors as ErrorBody['errors'])?.[0]?.data?.msBeforeNext : undefined
  if (typeof ms === 'number' && Number.isFinite(ms)) return Math.max(0, ms)
  return (
    retryAfterMs(answer.headers, nowMs) ??
    (answer.status < 300 ? undefined : retryAfterMs(answer.headers, nowMs, 'x-ratelimit-reset'))
  )
}

/** True when the Profile API says that it knows no such profile; a wrong path or space is also a 404. */
export const isMissingProfile = (fault: Fault): boolean =>
  fault.status === 404 && /profile was not found/i.test(fault.message)
