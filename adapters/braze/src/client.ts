import {
  baseUrlOf,
  createSecret,
  createTransport,
  transportOptions,
  type HttpRequest,
  type Observation,
  type Transport,
} from '@tripline/kit'
import type { Ability, Host } from '@tripline/model'
import { pretend } from './dry-run.ts'
import { exportFile, judge, resetOf } from './errors.ts'
import { brazeLimits } from './limits.ts'
import type { BrazeOptions } from './options.ts'

/**
 * Every endpoint we use: its ability (which a 403 takes away), the budget its headers speak of, and the permission that the
 * key needs. Everything written by `/users/track` goes as the ability `event`, so a 403 there stops all of it.
 */
export const endpoints = {
  'POST /users/track': { ability: 'event', budget: 'track.rate', permission: 'users.track' },
  'POST /users/identify': { ability: 'link', budget: 'identify.rate', permission: 'users.identify' },
  'POST /users/export/ids': { ability: 'read.ids', budget: 'export.rate', permission: 'users.export.ids' },
  'POST /users/export/segment': {
    ability: 'read.all',
    budget: 'shared.rate',
    permission: 'users.export.segment',
  },
  'GET export file': { ability: 'read.all', budget: undefined, permission: undefined },
  'GET /segments/list': { ability: 'segments.list', budget: 'shared.rate', permission: 'segments.list' },
  'GET /custom_attributes': {
    ability: 'schema',
    budget: 'catalog.rate',
    permission: 'custom_attributes.get',
  },
  'POST /canvas/trigger/send': { ability: 'start', budget: 'shared.rate', permission: 'canvas.trigger.send' },
  'POST /campaigns/trigger/send': {
    ability: 'start',
    budget: 'shared.rate',
    permission: 'campaigns.trigger.send',
  },
} as const satisfies Record<
  string,
  {
    readonly ability: Ability | undefined
    readonly budget: string | undefined
    readonly permission: string | undefined
  }
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
  const base = baseUrlOf('braze', options.baseUrl)
  const secret = createSecret('braze', options.apiKey, 'BRAZE_API_KEY')
  const settingsOf = (name: string) => endpoints[name as BrazeEndpoint]
  const transport = createTransport({
    vendor: 'braze',
    host,
    limits: brazeLimits,
    // A finished export lies at another host, and its address is its own credential.
    authorize: async (expired, request): Promise<Record<string, string>> =>
      request.endpoint === exportFile ? {} : { authorization: `Bearer ${await secret(expired)}` },
    judge(answer, nowMs) {
      const { ability, permission } = settingsOf(answer.request.endpoint) ?? {}
      return judge(answer, nowMs, ability, permission)
    },
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
