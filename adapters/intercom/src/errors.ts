import { retryAfterMs, type Answer, type HttpRequest, type Judgement } from '@tripline/kit'
import type { Ability, Fault, FaultCode } from '@tripline/model'

/** A request that knows for which ability it is made: a 403 takes that one away. */
export interface IntercomRequest extends HttpRequest {
  readonly ability?: Ability
}
/** What the body of a 2xx must hold to be a success. `empty`: there is none. */
export type Proof = 'empty' | 'id' | 'data' | 'segments' | 'app'

/** https://developers.intercom.com/docs/references/rest-api/errors/http-responses */
const codes: Readonly<Record<number, FaultCode>> = {
  404: 'not-found',
  409: 'conflict',
  410: 'not-found',
  413: 'too-large',
}
/** A window of the rate limit is ten seconds long; a reset further away is a clock that runs apart. */
const longestWaitMs = 10_000

interface ErrorBody {
  readonly request_id?: unknown
  readonly errors?: unknown
  readonly message?: unknown
}
const bodyOf = (answer: Answer): ErrorBody => {
  const body = answer.json()
  return typeof body === 'object' && body !== null ? body : {}
}
/** The first error of Intercom's error list. */
export function errorOf(answer: Answer): { readonly code?: string; readonly message?: string } {
  const { errors, message } = bodyOf(answer)
  const [first] = Array.isArray(errors) ? (errors as readonly unknown[]) : []
  const listed = (typeof first === 'object' && first !== null ? first : { message }) as {
    readonly code?: unknown
    readonly message?: unknown
  }
  return {
    ...(typeof listed.code === 'string' && { code: listed.code }),
    ...(typeof listed.message === 'string' && { message: listed.message }),
  }
}

function faultOf(answer: Answer, code: FaultCode, advice = ''): Fault {
  const { code: vendorCode, message } = errorOf(answer)
  const { request_id } = bodyOf(answer)
  const requestId = answer.headers.get('x-request-id') ?? request_id
  return {
    code,
    message: (message ?? vendorCode ?? `HTTP ${answer.status}`) + advice,
    status: answer.status,
    body: answer.text.slice(0, 2_000),
    ...(typeof requestId === 'string' && { requestId }),
  }
}

/** What an answer means. 2xx is a success only when the body holds what was asked for. */
export function judge(answer: Answer, nowMs: number, proof: Proof): Judgement {
  const { status } = answer
  if (status >= 200 && status < 300) {
    if (isProven(answer, proof)) return { kind: 'ok' }
    return { kind: 'doubtful', fault: faultOf(answer, 'unavailable', ' (a 2xx without the expected body)') }
  }
  const { ability } = answer.request as IntercomRequest
  if (status === 401)
    return {
      kind: 'unauthorized',
      fault: faultOf(
        answer,
        'auth',
        ': the token is wrong or revoked, the app was uninstalled, or the workspace lives in another region than the option region says',
      ),
    }
  if (status === 402 || status === 403)
    return {
      kind: 'halt',
      what: ability ?? 'connector',
      fault: faultOf(answer, 'forbidden', adviceFor(answer)),
    }
  if (errorOf(answer).code === 'intercom_version_invalid')
    return {
      kind: 'halt',
      what: 'connector',
      fault: faultOf(answer, 'unsupported', ': set the option apiVersion to a version that Intercom knows'),
    }
  if (status === 429)
    return { kind: 'busy', fault: faultOf(answer, 'rate-limited'), ...waitOf(answer.headers, nowMs) }
  if (status === 408 || status >= 500) return { kind: 'doubtful', fault: faultOf(answer, 'unavailable') }
  return { kind: 'refused', fault: faultOf(answer, codes[status] ?? 'invalid') }
}

function isProven(answer: Answer, proof: Proof): boolean {
  if (proof === 'empty') return true
  const body = answer.json()
  if (typeof body !== 'object' || body === null) return false
  const held = (body as Readonly<Record<string, unknown>>)[proof]
  if (proof === 'data' || proof === 'segments') return Array.isArray(held)
  return proof === 'id' ? typeof held === 'string' || typeof held === 'number' : typeof held === 'object'
}

function adviceFor(answer: Answer): string {
  return errorOf(answer).code === 'api_plan_restricted' || answer.status === 402
    ? ': the workspace’s plan does not include this'
    : ': give the app this permission in the Developer Hub (Configure → Authentication)'
}

/** There is no `Retry-After` in the documentation; `X-RateLimit-Reset` is a Unix second at most ten seconds away. */
function waitOf(headers: Headers, nowMs: number): { readonly waitMs?: number } {
  const said = retryAfterMs(headers, nowMs)
  if (said !== undefined) return { waitMs: said }
  const resetAtMs = resetOf(headers, nowMs)
  return resetAtMs === undefined ? {} : { waitMs: Math.max(0, resetAtMs - nowMs) }
}

/** When the window ends, in ms since 1970; never further away than a window is long. */
export function resetOf(headers: Headers, nowMs: number): number | undefined {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  return Number.isNaN(reset) ? undefined : Math.min(reset * 1_000, nowMs + longestWaitMs)
}
