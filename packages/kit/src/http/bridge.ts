import type { HttpRequest, HttpResult } from './request.ts'
import type { Bridge, BridgedCall, Session } from './contracts.ts'

/**
 * Lets an SDK build a request and our transport send it: retries, budgets and telemetry stay in one place. Turn the
 * SDK's own retries off.
 */
export function createBridge(session: Session, bridged: BridgedCall): Bridge {
  let last: HttpResult | undefined
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const result = await session.request({ ...bridged, ...(await readRequest(input, init)) })
    last = result
    const answer = result.kind === 'ok' || result.kind === 'refused' ? result.answer : undefined
    if (!answer) throw new Error('fault' in result ? result.fault.message : 'no answer')
    const body = withoutBody.has(answer.status) ? null : answer.text
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
  return {
    fetch,
    async run(call) {
      last = undefined
      try {
        await call(fetch)
      } catch (error) {
        if (!last) throw error // the SDK refused the arguments: a defect of ours, not of an item
      }
      if (!last) throw new Error('the SDK made no request')
      return last
    },
  }
}
/** Statuses with which a `Response` refuses a body. https://fetch.spec.whatwg.org/#null-body-status */
const withoutBody = new Set([204, 205, 304])

async function readRequest(
  input: Parameters<typeof globalThis.fetch>[0],
  init: RequestInit = {},
): Promise<Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>> {
  const { body } = init
  const isPlain =
    body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array
  if (!(input instanceof Request) && isPlain)
    return {
      method: methodOf(init.method ?? 'GET'),
      url: String(input),
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(body !== undefined && body !== null && { body }),
    }
  // Forms, streams and ready requests: the platform knows how they become bytes and which headers they add.
  const streamed = body instanceof ReadableStream ? { duplex: 'half' as const } : {}
  const request = new Request(input, { ...init, ...streamed, signal: null })
  const bytes = new Uint8Array(await request.arrayBuffer())
  return {
    method: methodOf(request.method),
    url: request.url,
    headers: Object.fromEntries(request.headers),
    ...(bytes.length > 0 && { body: bytes }),
  }
}
const methodOf = (name: string): HttpRequest['method'] => name.toUpperCase() as HttpRequest['method']
