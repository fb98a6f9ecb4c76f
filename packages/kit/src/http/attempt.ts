import type { Clock, Fault } from '@tripline/model'
import type { Answer, HttpRequest } from './request.ts'

export type Attempt =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** No answer. `sent`: the request may have reached the vendor. */
  | { readonly kind: 'none'; readonly sent: boolean; readonly fault: Fault }

/** Codes that only a connection which never stood can have: the vendor cannot have seen the request. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
])
/** System calls before a connection stands; their other codes (`ENETUNREACH`, `ETIMEDOUT`) occur later, too. */
const connecting = new Set(['connect', 'getaddrinfo'])
const timedOut = Symbol('timed out')
const finishedReason = Symbol('the request has ended')

/**
 * One try: send, wait at most `timeoutMs` for the whole answer. Of a `stream` only the headers are waited for; its body
 * ends with an error when `signal` aborts. Never throws.
 */
export async function attemptRequest(
  request: HttpRequest,
  headers: Readonly<Record<string, string>>,
  lent: {
    readonly fetch: typeof globalThis.fetch
    readonly clock: Clock
    readonly timeoutMs: number
    readonly signal: AbortSignal
  },
): Promise<Attempt> {
  if (lent.signal.aborted) return { kind: 'none', sent: false, fault: abortFault }
  const stop = new AbortController()
  const finished = new AbortController()
  const abort = (): void => stop.abort(lent.signal.reason)
  let streams = false
  lent.signal.addEventListener('abort', abort, { once: true })
  lent.clock.sleep(lent.timeoutMs, finished.signal).then(
    () => stop.abort(timedOut),
    () => undefined,
  )
  try {
    const response = await lent.fetch(request.url, {
      method: request.method,
      headers,
      redirect: 'manual', // a redirect must not carry the credential to another host
      signal: stop.signal,
      ...(request.body !== undefined && { body: request.body as NonNullable<RequestInit['body']> }),
    })
    const answer = await readAnswer(request, response)
    streams = answer.stream !== undefined
    return { kind: 'answer', answer }
  } catch (error) {
    return { kind: 'none', ...describe(error, stop.signal, lent.timeoutMs) }
  } finally {
    if (!streams) lent.signal.removeEventListener('abort', abort)
    finished.abort(finishedReason)
  }
}
const abortFault: Fault = { code: 'timeout', message: 'the call was aborted or its deadline passed' }

async function readAnswer(request: HttpRequest, response: Response): Promise<Answer> {
  const base = { request, status: response.status, headers: response.headers }
  if (request.readAs === 'stream' && response.ok && response.body)
    return { ...base, text: '', json: () => undefined, stream: response.body }
  if (request.readAs === 'bytes' && response.ok)
    return { ...base, text: '', json: () => undefined, bytes: new Uint8Array(await response.arrayBuffer()) }
  const text = await response.text()
  let parsed: { readonly value: unknown } | undefined
  return { ...base, text, json: () => (parsed ??= { value: parseJson(text) }).value }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function describe(
  error: unknown,
  signal: AbortSignal,
  timeoutMs: number,
): { readonly sent: boolean; readonly fault: Fault } {
  if (signal.reason === timedOut)
    return { sent: true, fault: { code: 'timeout', message: `no answer within ${timeoutMs} ms` } }
  if (signal.aborted) return { sent: true, fault: abortFault }
  const cause = causeOf(error)
  const code = typeof cause?.code === 'string' ? cause.code : 'network error'
  return {
    sent: !(cause && isNeverSent(cause)),
    fault: { code: 'unavailable', message: `no answer: ${code}` },
  }
}

interface Cause {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}
/** The error behind fetch's `TypeError`. When several addresses were tried, it holds one error for each. */
function causeOf(error: unknown): Cause | undefined {
  const cause = typeof error === 'object' && error !== null ? (error as Cause).cause : undefined
  return typeof cause === 'object' && cause !== null ? cause : undefined
}
function isNeverSent({ code, syscall, errors }: Cause): boolean {
  if (typeof code === 'string' && neverSent.has(code)) return true
  if (typeof syscall === 'string') return connecting.has(syscall)
  return Array.isArray(errors) && errors.length > 0 && errors.every((each: Cause) => isNeverSent(each))
}
