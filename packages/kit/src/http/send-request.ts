import type { Fault, Instant } from '@tripline/model'
import { attemptRequest, type Attempt } from './attempt.ts'
import { backoffMs } from './backoff.ts'
import type { HttpRequest, HttpResult, Judgement } from './request.ts'
import type { Session } from './session.ts'
import type { TransportSettings } from './transport.ts'

/** Where one request stands between its tries. */
interface Progress {
  attempt: number
  /** An earlier try may have been done and a repeat doubles it. */
  inDoubt: boolean
  /** The credential was refused once and asked for anew. */
  renewed: 'no' | 'due' | 'done'
}

/** Sends one request with its retries, until it is decided, the deadline passes or the call is aborted. */
export async function sendRequest(
  settings: TransportSettings,
  session: Session,
  request: HttpRequest,
): Promise<HttpResult> {
  const progress: Progress = { attempt: 0, inDoubt: false, renewed: 'no' }
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body
  const bytes = body?.length ?? 0
  const wire: HttpRequest = body === undefined ? request : { ...request, body }
  session.log.add(request.endpoint, request.purpose, { count: 1 })
  for (;;) {
    progress.attempt++
    const judged = await tryOnce(settings, session, wire, progress, bytes)
    if (judged.kind !== 'again') return judged
    if (progress.attempt >= settings.maxAttempts) return givenUp(progress, judged.fault, undefined)
    const waitMs = judged.waitMs ?? backoffMs(progress.attempt, settings.backoff)
    const readyMs = session.clock.now() + waitMs
    if (readyMs >= session.deadlineMs) return givenUp(progress, judged.fault, new Date(readyMs).toISOString())
    try {
      if (waitMs > 0) await session.clock.sleep(waitMs, session.signal)
    } catch {
      return givenUp(progress, judged.fault, undefined)
    }
  }
}
type Tried = HttpResult | { readonly kind: 'again'; readonly fault: Fault; readonly waitMs?: number }

async function tryOnce(
  settings: TransportSettings,
  session: Session,
  request: HttpRequest,
  progress: Progress,
  bytes: number,
): Promise<Tried> {
  const { host } = settings
  const route = settings.routeOf(request.endpoint)
  const leaves: (() => void)[] = []
  try {
    const headers = await settings.authorize(progress.renewed === 'due', request)
    if (progress.renewed === 'due') progress.renewed = 'done'
    for (const gate of route.gates) leaves.push(await gate.enter(session.signal))
    for (const id of route.budgets) await host.budget.take(id, request.weights?.[id] ?? 1, session.signal)
    const startedMs = host.clock.now()
    session.log.add(request.endpoint, request.purpose, { bytes, ...(progress.attempt > 1 && { retries: 1 }) })
    const lent = {
      fetch: host.fetch,
      clock: host.clock,
      timeoutMs: request.timeoutMs ?? settings.timeoutMs,
      signal: session.signal,
    }
    const attempt = await attemptRequest(request, { ...request.headers, ...headers }, lent)
    const status = attempt.kind === 'answer' ? attempt.answer.status : 0
    host.onCall?.({
      endpoint: request.endpoint,
      status,
      ms: host.clock.now() - startedMs,
      attempt: progress.attempt,
    })
    return decide(settings, session, request, progress, attempt)
  } catch (error) {
    return unsent(session, progress, error)
  } finally {
    for (const leave of leaves) leave()
  }
}

/** A throw before the request left: no credential, no budget in time, or the call was aborted. */
function unsent(session: Session, progress: Progress, error: unknown): Tried {
  const given = (error as { fault?: Fault }).fault
  if (given) session.halt({ what: 'connector', fault: given })
  else if (!session.signal.aborted) throw error
  return givenUp(
    progress,
    given ?? { code: 'timeout', message: 'the call ended before its rate budget allowed this request' },
    undefined,
  )
}

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
  const judgement: Judgement = settings.judge(answer, nowMs)
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
