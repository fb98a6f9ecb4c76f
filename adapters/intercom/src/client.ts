import { AsyncLocalStorage } from 'node:async_hooks'
import {
  baseUrlOf,
  createSecret,
  createTransport,
  transportOptions,
  type HttpRequest,
  type HttpResult,
  type Observation,
  type Session,
  type Transport,
} from '@tripline/kit'
import type { Ability, Host, Limit } from '@tripline/model'
import type { IntercomClient as Sdk } from 'intercom-client'
import { pretend } from './dry-run.ts'
import { judge, resetOf, type IntercomRequest, type Proof } from './errors.ts'
import type { IntercomOptions } from './options.ts'

/** https://developers.intercom.com/docs/references/rest-api/api.intercom.io */
const hosts = {
  us: 'https://api.intercom.io',
  eu: 'https://api.eu.intercom.io',
  au: 'https://api.au.intercom.io',
} as const

/** Every endpoint we use, and what its 2xx must hold. */
export const endpoints = {
  'GET /me': 'app',
  'POST /events': 'empty',
  'POST /contacts': 'id',
  'PUT /contacts/{contact_id}': 'id',
  'GET /contacts/{contact_id}': 'id',
  'GET /contacts/find_by_external_id/{external_id}': 'id',
  'GET /contacts': 'data',
  'POST /contacts/search': 'data',
  'POST /contacts/merge': 'id',
  'POST /contacts/{contact_id}/unarchive': 'id',
  'POST /contacts/{contact_id}/companies': 'id',
  'POST /contacts/{contact_id}/tags': 'id',
  'DELETE /contacts/{contact_id}/tags/{tag_id}': 'id',
  'GET /contacts/{contact_id}/tags': 'data',
  'GET /contacts/{contact_id}/segments': 'data',
  'POST /contacts/{contact_id}/subscriptions': 'id',
  'DELETE /contacts/{contact_id}/subscriptions/{subscription_id}': 'id',
  'POST /companies': 'id',
  'GET /companies': 'id',
  'GET /tags': 'data',
  'POST /tags': 'id',
  'GET /segments': 'segments',
  'GET /subscription_types': 'data',
  'GET /data_attributes': 'data',
  'POST /data_attributes': 'id',
  'PUT /data_attributes/{data_attribute_id}': 'id',
  'POST /messages': 'id',
} as const satisfies Record<string, Proof>
export type IntercomEndpoint = keyof typeof endpoints

/** Why a request is made. */
export interface Ask extends Pick<HttpRequest, 'purpose' | 'repeat'> {
  readonly ability: Ability
}
export interface IntercomClient {
  readonly transport: Transport
  /** A request of our own: the hot path (events) and what the SDK cannot page, name or type. */
  request(
    endpoint: IntercomEndpoint,
    ask: Ask & { readonly query?: string; readonly body?: string },
  ): HttpRequest
  /** A call of Intercom's SDK over our transport, and how its request ended. */
  call(
    session: Session,
    endpoint: IntercomEndpoint,
    ask: Ask,
    use: (sdk: Sdk) => PromiseLike<unknown>,
  ): Promise<HttpResult>
  /** A key of the host's cache that no other connector has. */
  cacheKey(kind: string, id: string): string
}

/** The only place that knows hosts, paths, the token and the SDK. */
export function createClient(options: IntercomOptions, host: Host, limits: readonly Limit[]): IntercomClient {
  const base = baseUrlOf('intercom', options.baseUrl ?? hosts[options.region ?? 'us'])
  const version = options.apiVersion ?? '2.16'
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    'intercom-version': version,
  }
  const secret = createSecret('intercom', options.accessToken, 'INTERCOM_ACCESS_TOKEN')
  const transport = createTransport({
    vendor: 'intercom',
    host,
    limits,
    authorize: async (expired) => ({ authorization: `Bearer ${await secret(expired)}` }),
    judge: (answer, nowMs) => judge(answer, nowMs, endpoints[answer.request.endpoint as IntercomEndpoint]),
    observe(answer, nowMs): readonly Observation[] {
      const left = answer.headers.get('x-ratelimit-remaining')
      const resetAtMs = resetOf(answer.headers, nowMs)
      return left !== null && resetAtMs !== undefined
        ? [{ limitId: 'app.rate', left: Number(left), resetAtMs }]
        : []
    },
    pretend,
    ...transportOptions(options),
  })
  const sdk = createSdk(base, version)
  return {
    transport,
    request(endpoint, { query, ...ask }): IntercomRequest {
      const [method = 'GET', path = ''] = endpoint.split(' ')
      return {
        endpoint,
        ...ask,
        method: method as HttpRequest['method'],
        url: base + path + (query ? `?${query}` : ''),
        headers,
      }
    },
    call: (session, endpoint, ask, use) =>
      session.bridge({ endpoint, ...ask }).run((fetch) => sdk(fetch, use)),
    cacheKey: (kind, id) => `intercom:${options.workspaceId ?? base}:${kind}:${id}`,
  }
}

/**
 * One SDK client for all calls, made on the first one; `fetch` finds its way by the asynchronous context.
 *
 * The SDK's own time-out is set to nothing on purpose. Its signal goes to `fetch` only, and ours does not listen to it,
 * because the host's clock rules. But the SDK forgets to clear its timer when `fetch` rejects, and a generous one would
 * keep the process from ending (intercom-client 7.0.3, `core/fetcher/makeRequest`; held by a test).
 */
function createSdk(
  baseUrl: string,
  version: string,
): <Result>(fetch: typeof globalThis.fetch, use: (sdk: Sdk) => PromiseLike<Result>) => Promise<Result> {
  const routed = new AsyncLocalStorage<typeof globalThis.fetch>()
  let made: Promise<Sdk> | undefined
  const make = async (): Promise<Sdk> => {
    const { IntercomClient: Client } = await import('intercom-client')
    return new Client({
      token: 'set by the transport',
      baseUrl,
      // The type of `version` ends at 2.14, so the header says it.
      headers: { 'Intercom-Version': version, Accept: 'application/json' },
      maxRetries: 0,
      timeoutInSeconds: 0,
      fetch: (input, init) => (routed.getStore() ?? globalThis.fetch)(input, init),
    })
  }
  return async (fetch, use) => {
    const client = await (made ??= make())
    return routed.run(fetch, async () => use(client))
  }
}
