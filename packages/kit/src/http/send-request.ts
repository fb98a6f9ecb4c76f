import { TriplineError, type Fault, type Instant } from '@tripline/model'
import { attemptRequest, type Attempt } from './attempt.ts'
import { backoffMs, instantOf } from './backoff.ts'
import type { Answer, HttpRequest, HttpResult, Judgement } from './request.ts'
import type { Session, TransportSettings } from './contracts.ts'
import { withoutPersonalData } from './without-personal-data.ts'

/** Where one request stands between its tries. */
interface Progress {
  attempt: number
  /** An earlier try may have been done and a repeat doubles it. */
  inDoubt: boolean
  /** The credential was refused once and asked for anew. */
  renewed: 'no' | 'due' | 'done'
}

/**
 * Sends one request with its retries, until it is decided, the deadline passes or the call is aborted.
 * @throws only what is a defect: of the adapter's `judge`, `observe` or `authorize`, or of a callback of the host
 */
export async function sendRequest(
  settings: TransportSettings,
  session: Session,
  request: HttpRequest,
): Promise<HttpResult> {
  const progress: Progress = { attempt: 0, inDoubt: false, renewed: 'no' }
  const wire = typeof request.body === 'function' ? request : encodeBody(request)
  session.log.add(request.endpoint, request.purpose, { count: 1 })
  for (;;) {
    progress.attempt++
    const judged = await tryOnce(settings, session, wire, progress)
    if (judged.kind !== 'again') return judged
    // The one try with a new credential comes on top.
    const maxAttempts = settings.maxAttempts + (progress.renewed === 'no' ? 0 : 1)
    if (progress.attempt >= maxAttempts) return givenUp(progress, judged.fault, undefined)
    const waitMs = judged.waitMs ?? backoffMs(progress.attempt, settings.backoff)
    const readyMs = session.clock.now() + waitMs
    if (readyMs >= session.deadlineMs) return givenUp(progress, judged.fault, instantOf(readyMs))
    try {
      if (waitMs > 0) await session.clock.sleep(waitMs, session.signal)
    } catch {
      return givenUp(progress, judged.fault, undefined)
    }
  }
}
/** A request whose body is bytes, as it leaves and is counted. */
type WireRequest = Omit<HttpRequest, 'body'> & { readonly body?: Uint8Array }

function encodeBody({ body, ...request }: HttpRequest): WireRequest {
  if (body === undefined) return request
  const content = typeof body === 'function' ? body() : body
  return { ...request, body: typeof content === 'string' ? Buffer.from(content) : content }
}

type Tried = HttpResult | { readonly kind: 'again'; readonly fault: Fault; readonly waitMs?: number }
type Leave = () => void

async function tryOnce(
  settings: TransportSettings,
  session: Session,
  request: HttpRequest,
  progress: Progress,
): Promise<Tried> {
  const { host } = settings
  const leaves: Leave[] = []
  try {
    const turn =
      (await takeTurn(settings, session, request, progress, leaves)) ??
      (await signRequest(settings, session, request, progress))
    if ('kind' in turn) return turn
    const startedMs = host.clock.now()
    const wire = encodeBody(request)
    const bytes = wire.body?.length ?? 0
    session.log.add(request.endpoint, request.purpose, { bytes, ...(progress.attempt > 1 && { retries: 1 }) })
    const attempt = await attemptRequest(wire, turn.headers, {
      fetch: host.fetch,
      clock: host.clock,
      timeoutMs: request.timeoutMs ?? settings.timeoutMs,
      signal: session.signal,
    })
    host.onCall?.({
      endpoint: request.endpoint,
      status: attempt.kind === 'answer' ? attempt.answer.status : 0,
      ms: host.clock.now() - startedMs,
      attempt: progress.attempt,
    })
    return decide(settings, session, request, progress, attempt)
  } finally {
    for (const leave of leaves) leave()
  }
}

/** Waits for the parallel limits and the rate budgets. Answers only when the request may not leave. */
async function takeTurn(
  settings: TransportSettings,
  session: Session,
  request: HttpRequest,
  progress: Progress,
  leaves: Leave[],
): Promise<Tried | undefined> {
  const route = settings.routeOf(request.endpoint)
  const ended = 'the call ended before its limits allowed this request'
  if (session.signal.aborted) return givenUp(progress, { code: 'timeout', message: ended }, undefined)
  try {
    for (const gate of route.gates) leaves.push(await gate.enter(session.signal))
    for (const id of route.budgets)
      await settings.host.budget.take(id, request.weights?.[id] ?? 1, session.signal)
    return undefined
  } catch (error) {
    if (session.signal.aborted) return givenUp(progress, { code: 'timeout', message: ended }, undefined)
    const name = error instanceof Error ? error.name : typeof error
    return again(session, progress, { code: 'unavailable', message: `the rate budget failed: ${name}` })
  }
}

/** The headers with the credential, asked for as late as possible: a budget may keep a request waiting for long. */
async function signRequest(
  settings: TransportSettings,
  session: Session,
  request: HttpRequest,
  progress: Progress,
): Promise<Tried | { readonly headers: Readonly<Record<string, string>> }> {
  try {
    const proof = await settings.authorize(progress.renewed === 'due', request)
    if (progress.renewed === 'due') progress.renewed = 'done'
    return { headers: { ...lowerCased(request.headers ?? {}), ...lowerCased(proof) } }
  } catch (error) {
    if (!TriplineError.is(error)) throw error
    if (error.fault.code !== 'auth' && error.fault.code !== 'forbidden')
      return again(session, progress, error.fault)
    session.halt({ what: 'connector', fault: error.fault })
    return givenUp(progress, error.fault, undefined)
  }
}
/** Two spellings of one name would be sent as two values. */
const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function decide(
  settings: TransportSettings,
  session: Session,
  request: HttpRequest,
  progress: Progress,
  attempt: Attempt,
): Tried {
  const nowMs = settings.host.clock.now()
  if (attempt.kind === 'none')
    return attempt.sent
      ? doubtful(session, request, progress, attempt.fault)
      : again(session, progress, attempt.fault)
  const { answer } = attempt
  for (const seen of settings.observe?.(answer, nowMs) ?? [])
    settings.host.budget.observe(seen.limitId, seen.left, seen.resetAtMs)
  const judgement = isRedirect(answer) ? redirected(answer) : cleaned(settings.judge(answer, nowMs))
  switch (judgement.kind) {
    case 'ok':
      return { kind: 'ok', answer, maybeTwice: progress.inDoubt }
    case 'refused':
      return { kind: 'refused', answer, fault: judgement.fault }
    case 'busy':
      return again(session, progress, judgement.fault, judgement.waitMs)
    case 'doubtful':
      return doubtful(session, request, progress, judgement.fault, judgement.waitMs)
    case 'later':
      return givenUp(progress, judgement.fault, judgement.notBefore)
    case 'unauthorized':
      if (progress.renewed === 'no') {
        progress.renewed = 'due'
        return { kind: 'again', fault: judgement.fault, waitMs: 0 }
      }
      session.halt({ what: 'connector', fault: judgement.fault })
      return givenUp(progress, judgement.fault, undefined)
    case 'halt':
      session.halt({ what: judgement.what, fault: judgement.fault })
      return givenUp(progress, judgement.fault, undefined)
  }
}

const cleaned = (judgement: Judgement): Judgement =>
  judgement.kind === 'ok' ? judgement : { ...judgement, fault: withoutPersonalData(judgement.fault) }

const isRedirect = ({ status }: Answer): boolean => status >= 300 && status < 400
/** Followed, a redirected POST becomes a GET: the write is gone, and the answer says 200. */
const redirected = ({ status }: Answer): Judgement => ({
  kind: 'halt',
  what: 'connector',
  fault: {
    code: 'invalid',
    message: 'answered with a redirect, which is not followed: correct the address in the options',
    status,
  },
})

const again = (session: Session, progress: Progress, fault: Fault, waitMs?: number): Tried =>
  session.signal.aborted
    ? givenUp(progress, fault, undefined)
    : { kind: 'again', fault, ...(waitMs !== undefined && { waitMs }) }

/** No answer, or one that does not say whether it was done. */
function doubtful(
  session: Session,
  request: HttpRequest,
  progress: Progress,
  fault: Fault,
  waitMs?: number,
): Tried {
  if (request.repeat === 'doubles') {
    progress.inDoubt = true
    if (session.onUnknown === 'report') return { kind: 'unknown', fault }
  }
  return again(session, progress, fault, waitMs)
}

function givenUp(progress: Progress, fault: Fault, notBefore: Instant | undefined): HttpResult {
  if (progress.inDoubt) return { kind: 'unknown', fault }
  return { kind: 'retry', fault, ...(notBefore !== undefined && { notBefore }) }
}
