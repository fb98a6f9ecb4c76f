import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/** Names a tracked request to the simulator that answers it. */
export const requestHeader = 'x-sandbox-request'

/**
 * Knows which tracked requests are under way and which of them are left waiting on purpose. Each is known by a name and
 * not by a count: a client may give a hanging request up long before the simulator does.
 */
export class JumpGuard {
  readonly #served = new AsyncLocalStorage<string | undefined>()
  readonly #underWay = new Set<string>()
  readonly #waiting = new Set<string>()
  readonly #changed: () => void

  /** @param changed called when a request may have ceased to hold the clock */
  constructor(changed: () => void) {
    this.#changed = changed
  }
  get isHeld(): boolean {
    for (const request of this.#underWay) if (!this.#waiting.has(request)) return true
    return false
  }
  track(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      const request = randomUUID()
      const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
      headers.set(requestHeader, request)
      this.#underWay.add(request)
      const end = (): void => {
        this.#underWay.delete(request)
        this.#changed()
      }
      try {
        const response = await this.#served.run(request, () => fetch(input, { ...init, headers }))
        if (response.body) void drain(response.clone()).finally(end)
        else end()
        return response
      } catch (error) {
        end()
        throw error
      }
    }
  }
  serving<T>(request: string | undefined, work: () => Promise<T>): Promise<T> {
    return this.#served.run(request, work)
  }
  async unheld<T>(wait: () => Promise<T>): Promise<T> {
    const request = this.#served.getStore()
    if (request === undefined) return wait()
    this.#waiting.add(request)
    this.#changed()
    try {
      return await wait()
    } finally {
      this.#waiting.delete(request)
    }
  }
}

/** Ends when the last byte is here, or none will come any more. */
async function drain(response: Response): Promise<void> {
  await response.body?.pipeTo(new WritableStream()).catch(() => undefined)
}
