import { retryAfterMs, type Answer, type Judgement } from '@tripline/kit'
import type { Ability, Fault, FaultCode } from '@tripline/model'

/** Braze's statuses. https://www.braze.com/docs/api/errors/ */
const codes: Readonly<Record<number, FaultCode>> = {
  400: 'invalid',
  404: 'not-found',
  413: 'too-large',
  415: 'invalid',
  429: 'rate-limited',
}
/** 502 comes from before the target, 503 is refused for capacity: neither was done. */
const notDone: ReadonlySet<number> = new Set([502, 503])

interface ErrorBody {
  readonly message?: unknown
  readonly error?: unknown
  readonly errors?: readonly unknown[]
}
const bodyOf = (answer: Answer): ErrorBody => {
  const body = answer.json()
  return typeof body === 'object' && body !== null ? body : {}
}

function faultOf(answer: Answer, code: FaultCode, advice = ''): Fault {
  const { message, error } = bodyOf(answer)
  const said =
    typeof message === 'string' ? message : typeof error === 'string' ? error : `HTTP ${answer.status}`
  const requestId = answer.headers.get('x-request-id')
  return {
    code,
    message: said + advice,
    status: answer.status,
    body: answer.text.slice(0, 2_000),
    ...(requestId && { requestId }),
  }
}

/** The endpoint name of a finished export's download. */
export const exportFile = 'GET export file'
const fileAdvice = (text: string): string =>
  text.includes('ExpiredToken')
    ? ': the download address has expired, export anew'
    : ': the export is not finished, or its address is wrong'

/** What an answer means. 2xx is a success only when the body says so. */
export function judge(
  answer: Answer,
  nowMs: number,
  ability: Ability | undefined,
  permission = 'of this endpoint',
): Judgement {
  const { status } = answer
  if (status >= 200 && status < 300) {
    if (answer.stream || answer.bytes || bodyOf(answer).message === 'success') return { kind: 'ok' }
    return { kind: 'doubtful', fault: faultOf(answer, 'unavailable', ' (a 2xx that does not say success)') }
  }
  // The file host is not Braze's API: there "forbidden" means not finished yet, or expired.
  if (answer.request.endpoint === exportFile && status < 500)
    // Without the body: an expired address is answered with the token that was in it.
    return { kind: 'refused', fault: { ...faultOf(answer, 'not-found', fileAdvice(answer.text)), body: '' } }
  if (status === 401)
    return {
      kind: 'unauthorized',
      fault: faultOf(answer, 'auth', ': wrong key, or the key belongs to another cluster than baseUrl'),
    }
  if (status === 403) {
    const fault = faultOf(
      answer,
      'forbidden',
      `: give the key the permission ${permission}, or add this address to its allowlist`,
    )
    return { kind: 'halt', what: ability ?? 'connector', fault }
  }
  if (status === 429) {
    const waitMs = waitOf(answer.headers, nowMs)
    return { kind: 'busy', fault: faultOf(answer, 'rate-limited'), ...(waitMs !== undefined && { waitMs }) }
  }
  if (status >= 500)
    return { kind: notDone.has(status) ? 'busy' : 'doubtful', fault: faultOf(answer, 'unavailable') }
  const fault = faultOf(answer, codes[status] ?? 'invalid')
  return { kind: 'refused', fault: isRunning(answer) ? { ...fault, code: 'conflict' } : fault }
}

/** One export of a segment runs at a time. Braze publishes no text for the refusal of a second; assumed from these words. */
const isRunning = ({ request, status, text }: Answer): boolean =>
  request.endpoint === 'POST /users/export/segment' &&
  status === 400 &&
  /already|running|in progress/i.test(text)

/** Retry-After → x-ratelimit-retry-after → x-ratelimit-reset, which is an epoch or seconds from now, by plan. */
function waitOf(headers: Headers, nowMs: number): number | undefined {
  const said = retryAfterMs(headers, nowMs) ?? retryAfterMs(headers, nowMs, 'x-ratelimit-retry-after')
  if (said !== undefined) return said
  const resetAtMs = resetOf(headers, nowMs)
  return resetAtMs === undefined ? undefined : Math.max(0, resetAtMs - nowMs)
}

export function resetOf(headers: Headers, nowMs: number): number | undefined {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  if (Number.isNaN(reset)) return undefined
  return reset > 1e9 ? reset * 1_000 : nowMs + reset * 1_000
}
