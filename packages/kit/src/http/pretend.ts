import type { Answer, HttpRequest, HttpResult } from './request.ts'
import type { Session, TransportSettings } from './contracts.ts'

/** A dry run's request: shown to the host, counted, and answered by the adapter's own table instead of the vendor. */
export async function pretendRequest(
  settings: TransportSettings,
  session: Session,
  request: HttpRequest,
): Promise<HttpResult> {
  const { status, body } = settings.pretend(request)
  const text = body === undefined ? '' : JSON.stringify(body)
  const content = typeof request.body === 'function' ? request.body() : request.body
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : (content?.length ?? 0)
  session.log.add(request.endpoint, request.purpose, { count: 1, bytes })
  settings.host.onPlanned?.({
    endpoint: request.endpoint,
    purpose: request.purpose,
    method: request.method,
    url: request.url,
    headers: withoutCredentials(request.headers ?? {}),
    ...(content !== undefined && {
      body: typeof content === 'string' ? content : Buffer.from(content).toString('utf8'),
    }),
  })
  const answer: Answer = {
    request,
    status,
    headers: new Headers({ 'content-type': 'application/json' }),
    text,
    json: () => body,
    ...(request.readAs === 'bytes' && { bytes: Buffer.from(text) }),
    ...(request.readAs === 'stream' && { stream: new Blob([text]).stream() }),
  }
  if (status < 400) return { kind: 'ok', answer, maybeTwice: false }
  return {
    kind: 'refused',
    answer,
    fault: { code: status === 404 ? 'not-found' : 'invalid', message: 'dry run', status },
  }
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !/authorization|cookie|api-?key|token|secret|password/i.test(name),
    ),
  )
}
