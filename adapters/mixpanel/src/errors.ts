import { retryAfterMs, type Answer, type Judgement, type Observation } from '@tripline/kit'
import type { Ability, Fault, FaultCode } from '@tripline/model'

/** Mixpanel's statuses. https://developer.mixpanel.com/reference/import-events */
const codes: Readonly<Record<number, FaultCode>> = { 404: 'not-found', 413: 'too-large' }

interface ErrorBody {
  readonly error?: unknown
  readonly status?: unknown
  readonly failed_records?: unknown
}
const bodyOf = (answer: Answer): ErrorBody => {
  const body = answer.json()
  return typeof body === 'object' && body !== null ? body : {}
}

/** What Mixpanel says of an answer as a fault of ours. */
export function faultOf(answer: Answer, code: FaultCode, advice = ''): Fault {
  const { error } = bodyOf(answer)
  const plain = answer.text.startsWith('<') ? '' : answer.text.slice(0, 200)
  const said =
    typeof error === 'string' ? error : error === undefined && plain ? plain : `HTTP ${answer.status}`
  return { code, message: said + advice, status: answer.status, body: answer.text.slice(0, 2_000) }
}

const authAdvice =
  ': wrong or expired service account, a projectId it may not use, or a project in another region than the option says'
const rightsAdvice =
  ': give the service account the role this needs (admin or owner for events), or the plan the feature (Query API and cohorts: Growth; groups: add-on)'

/** What an answer means. 2xx is a success only when the body says so. */
export function judge(answer: Answer, nowMs: number, ability: Ability | undefined): Judgement {
  const { status } = answer
  if (status >= 200 && status < 300) return judgeSuccess(answer)
  if (status === 401) return { kind: 'unauthorized', fault: faultOf(answer, 'auth', authAdvice) }
  if (status === 402 || status === 403)
    return { kind: 'halt', what: ability ?? 'connector', fault: faultOf(answer, 'forbidden', rightsAdvice) }
  if (status === 429) {
    const waitMs = retryAfterMs(answer.headers, nowMs)
    return { kind: 'busy', fault: faultOf(answer, 'rate-limited'), ...(waitMs !== undefined && { waitMs }) }
  }
  if (status >= 500) return { kind: 'doubtful', fault: faultOf(answer, 'unavailable') }
  return { kind: 'refused', fault: faultOf(answer, codes[status] ?? 'invalid') }
}

/** `/engage` and `/groups` say 200 to everything: what they mean is in the body. */
function judgeSuccess(answer: Answer): Judgement {
  const name = answer.request.endpoint
  if (name === 'POST /engage' || name === 'POST /groups') {
    if (answer.text.trim() === '1') return { kind: 'ok' }
    const { status, failed_records } = bodyOf(answer)
    if (status === 1 || failed_records !== undefined || recordError(answer) !== undefined)
      return { kind: 'ok' }
    return {
      kind: 'doubtful',
      fault: faultOf(answer, 'unavailable', ' (a 200 that does not say what is wrong)'),
    }
  }
  if (answer.status === 204 || typeof answer.json() === 'object') return { kind: 'ok' }
  return { kind: 'doubtful', fault: faultOf(answer, 'unavailable', ' (a 2xx without JSON)') }
}

/**
 * What a profile record is refused for: its first field, a comma, the reason (`$distinct_id, missing or empty`), or a
 * batch that is too long. Other texts speak of Mixpanel's own state. rudderlabs/rudder-transformer#5060
 */
export function recordError(answer: Answer): string | undefined {
  const { status, error } = bodyOf(answer)
  return status === 0 && typeof error === 'string' && /^(?:\$?\w+, |more than )/.test(error)
    ? error
    : undefined
}

/**
 * What the `RateLimit` header says of the hour: `"project";r=12;t=3600, "project-concurrency";r=3`.
 * mixpanel/mixpanel-headless:src/mixpanel_headless/_internal/pacer.py
 */
export function observeQueries(answer: Answer, nowMs: number): readonly Observation[] {
  const hour = /"project";r=(\d+);t=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')
  if (!hour) return []
  return [{ limitId: 'queries.rate', left: Number(hour[1]), resetAtMs: nowMs + Number(hour[2]) * 1_000 }]
}
