import type { Clock, Fault } from '@tripline/model'
import type { Answer, HttpRequest } from './request.ts'

export type Attempt =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** No answer. `sent`: the request may have reached the vendor. */
  | { readonly kind: 'none'; readonly sent: boolean; readonly fault: Fault }

/** Errors of a connection that never stood: the vendor cannot have seen the request. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
])
const timedOut = Symbol('timed out')

/** One try: send, wait at most `timeoutMs` for the whole answer. Never throws. */
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
  const stop = new AbortController()
  const finished = new AbortController()
  const abort = (): void => stop.abort(lent.signal.reason)
  if (lent.signal.aborted) return { kind: 'none', sent: false, fault: abortFault }
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
    return { kind: 'answer', answer: await readAnswer(request, response) }
  } catch (error) {
    return { kind: 'none', ...describe(error, stop.signal, lent.timeoutMs) }
  } finally {
    lent.signal.removeEventListener('abort', abort)
    finished.abort()
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
  const cause = (error as { cause?: { code?: unknown } }).cause
  const code = typeof cause?.code === 'string' ? cause.code : 'network error'
  return { sent: !neverSent.has(code), fault: { code: 'unavailable', message: `no answer: ${code}` } }
}
