import { hubspotDefaults } from './account.ts'
import { startHubspotSandbox } from './start.ts'

/** Any of HubSpot's answers, with the fields the tests of this folder look at. */
export interface Body {
  readonly id?: string
  readonly new?: boolean
  readonly total?: number
  readonly status?: string
  readonly name?: string
  readonly message?: string
  readonly category?: string
  readonly subCategory?: string
  readonly policyName?: string
  readonly archived?: boolean
  readonly objectTypeId?: string
  readonly fullyQualifiedName?: string
  readonly objectWriteTraceId?: string
  readonly access_token?: string
  readonly recordId?: string
  readonly processingStatus?: string
  readonly size?: number
  readonly numErrors?: number
  readonly properties?: Readonly<Record<string, string | null>>
  readonly context?: Readonly<Record<string, readonly string[]>>
  readonly list?: Body & { readonly listId: string }
  readonly results?: readonly Body[]
  readonly errors?: readonly Body[]
  readonly paging?: {
    readonly next?: { readonly after: string }
    readonly prev?: { readonly before: string }
  }
}
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}
export type HubspotSandbox = Awaited<ReturnType<typeof startHubspotSandbox>>
export interface TestClient {
  readonly hubspot: HubspotSandbox
  call(method: string, path: string, body?: unknown, token?: string): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body: unknown): Promise<Answer>
}

/** A sandbox and a bare client for it, used by the tests of this folder. */
export async function startWithClient(
  ...options: Parameters<typeof startHubspotSandbox>
): Promise<TestClient> {
  const hubspot = await startHubspotSandbox(...options)
  const call: TestClient['call'] = async (method, path, body, token = hubspotDefaults.accessToken) => {
    const reply = await fetch(`${hubspot.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await reply.text()
    const json = reply.headers.get('content-type') === 'application/json'
    return { status: reply.status, headers: reply.headers, body: json ? (JSON.parse(text) as Body) : {} }
  }
  return { hubspot, call, get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) }
}
