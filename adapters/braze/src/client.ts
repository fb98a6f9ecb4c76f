import {
  createSecret,
  createTransport,
  transportOptions,
  type HttpRequest,
  type Observation,
  type Transport,
} from '@tripline/kit'
import type { Ability, Host } from '@tripline/model'
import { pretend } from './dry-run.ts'
import { judge, resetOf } from './errors.ts'
import { brazeLimits } from './limits.ts'
import type { BrazeOptions } from './options.ts'

/** Every endpoint we use: its ability (whose permission a 403 takes away) and the budget its headers speak of. */
export const endpoints = {
  'POST /users/track': { ability: undefined, budget: 'track.rate' },
  'POST /users/identify': { ability: 'link', budget: 'identify.rate' },
  'POST /users/export/ids': { ability: 'read.ids', budget: 'export.rate' },
  'POST /users/export/segment': { ability: 'read.all', budget: 'shared.rate' },
  'GET export file': { ability: 'read.all', budget: undefined },
  'GET /segments/list': { ability: 'segments.list', budget: 'shared.rate' },
  'GET /custom_attributes': { ability: 'schema', budget: 'catalog.rate' },
  'POST /canvas/trigger/send': { ability: 'start', budget: 'shared.rate' },
  'POST /campaigns/trigger/send': { ability: 'start', budget: 'shared.rate' },
} as const satisfies Record<
  string,
  { readonly ability: Ability | undefined; readonly budget: string | undefined }
>
export type BrazeEndpoint = keyof typeof endpoints

export interface BrazeClient {
  readonly transport: Transport
  /** A request to Braze; `query` goes behind the path. */
  request(
    endpoint: BrazeEndpoint,
    settings: Pick<HttpRequest, 'purpose' | 'repeat'> & { readonly body?: string; readonly query?: string },
  ): HttpRequest
}

/** The only place that knows hosts, paths and the key. */
export function createClient(options: BrazeOptions, host: Host): BrazeClient {
  const base = new URL(options.baseUrl).href.replace(/\/+$/, '')
  const secret = createSecret('braze', options.apiKey, 'BRAZE_API_KEY')
  const settingsOf = (name: string) => endpoints[name as BrazeEndpoint]
  const transport = createTransport({
    vendor: 'braze',
    host,
    limits: brazeLimits,
    authorize: async (expired, request): Promise<Record<string, string>> =>
      request.url.startsWith(base) ? { authorization: `Bearer ${await secret(expired)}` } : {},
    judge: (answer, nowMs) => judge(answer, nowMs, settingsOf(answer.request.endpoint)?.ability),
    observe(answer, nowMs): readonly Observation[] {
      const limitId = settingsOf(answer.request.endpoint)?.budget
      const left = answer.headers.get('x-ratelimit-remaining')
      const resetAtMs = resetOf(answer.headers, nowMs)
      return limitId && left !== null && resetAtMs !== undefined
        ? [{ limitId, left: Number(left), resetAtMs }]
        : []
    },
    pretend,
    ...transportOptions(options),
  })
  return {
    transport,
    request(endpoint, { body, query, ...settings }) {
      const [method = 'GET', path = ''] = endpoint.split(' ')
      return {
        endpoint,
        ...settings,
        method: method as HttpRequest['method'],
        url: base + path + (query ? `?${query}` : ''),
        ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
      }
    },
  }
}
