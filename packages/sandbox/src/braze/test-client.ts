import { createClock, type SandboxOptions } from '../core/index.ts'
import { brazeDefaults, type BrazeAccount } from './account.ts'
import { startBrazeSandbox, type BrazeSandbox } from './start.ts'
import type { BrazeProfile } from './state.ts'

export interface TestReply {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
  readonly text: string
}
/** A sandbox and plain HTTP to it: for the tests of this folder. Closes with `await using`. */
export interface TestClient extends AsyncDisposable {
  readonly sandbox: BrazeSandbox
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<TestReply>
  get(path: string): Promise<TestReply>
  /** Lets the usual lag pass, so that what was accepted can be read. */
  settle(): void
  profile(externalId: string): BrazeProfile | undefined
}

/** Fixed, so that 90-day windows and the clock hour do not depend on the day the tests run. */
const startAtMs = Date.UTC(2026, 1, 1, 12, 34, 56)
const authorization = `Bearer ${brazeDefaults.apiKeys[0].key}`

export async function openBraze(options?: SandboxOptions<BrazeAccount>): Promise<TestClient> {
  const sandbox = await startBrazeSandbox({ clock: createClock({ jump: true, startAtMs }), ...options })
  async function send(path: string, init: RequestInit): Promise<TestReply> {
    const response = await sandbox.host.fetch(path.startsWith('http') ? path : sandbox.url + path, init)
    const text = await response.text()
    const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: response.status, headers: response.headers, body, text }
  }
  return {
    sandbox,
    post: (path, body, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path) => send(path, { headers: { authorization } }),
    settle: () => sandbox.clock.advance(brazeDefaults.visibleAfterMs),
    profile: (externalId) => sandbox.inspect().profiles.find((profile) => profile.external_id === externalId),
    [Symbol.asyncDispose]: () => sandbox.close(),
  }
}
