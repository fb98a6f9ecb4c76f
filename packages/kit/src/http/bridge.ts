import type { HttpRequest, HttpResult } from './request.ts'
import type { Session } from './session.ts'

/** What our pipeline must know of a request that a vendor's SDK makes. */
export type BridgedCall = Pick<HttpRequest, 'endpoint' | 'purpose' | 'repeat' | 'weights' | 'timeoutMs'>

export interface Bridge {
  /** Give this to the SDK. Its own time-out signal is ignored: the session's clock rules. */
  readonly fetch: typeof globalThis.fetch
  /** Runs one SDK call and answers how its request ended, whatever the SDK made of it. */
  run(call: (fetch: typeof globalThis.fetch) => Promise<unknown>): Promise<HttpResult>
}

/** Lets an SDK build a request and our transport send it: retries, budgets and telemetry stay in one place. */
export function createBridge(session: Session, bridged: BridgedCall): Bridge {
  let last: HttpResult | undefined
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const method = (init.method ?? 'GET').toUpperCase() as HttpRequest['method']
    const headers = Object.fromEntries(new Headers(init.headers))
    const body = typeof init.body === 'string' || init.body instanceof Uint8Array ? init.body : undefined
    const url = input instanceof Request ? input.url : String(input)
    const result = await session.request({
      ...bridged,
      method,
      url,
      headers,
      ...(body !== undefined && { body }),
    })
    last = result
    const answer = result.kind === 'ok' || result.kind === 'refused' ? result.answer : undefined
    if (!answer) throw new Error('fault' in result ? result.fault.message : 'no answer')
    const empty = answer.status === 204 || answer.status === 304
    return new Response(empty ? null : answer.text, { status: answer.status, headers: answer.headers })
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
