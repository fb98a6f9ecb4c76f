import { gzipSync } from 'node:zlib'
import {
  baseUrlOf,
  createSecret,
  createTransport,
  transportOptions,
  type HttpRequest,
  type Session,
  type Transport,
} from '@tripline/kit'
import { TriplineError, type Ability, type Host, type Limit } from '@tripline/model'
import { pretend } from './dry-run.ts'
import { judge, observeQueries } from './errors.ts'
import type { MixpanelOptions } from './options.ts'
import { loadProfileRecords, type ProfileRecords } from './profile-records.ts'

/** https://developer.mixpanel.com/reference/overview; the raw export has hosts of its own, which no ability needs. */
const regions = {
  us: { ingestion: 'https://api.mixpanel.com', query: 'https://mixpanel.com', app: 'https://mixpanel.com' },
  eu: {
    ingestion: 'https://api-eu.mixpanel.com',
    query: 'https://eu.mixpanel.com',
    app: 'https://eu.mixpanel.com',
  },
  in: {
    ingestion: 'https://api-in.mixpanel.com',
    query: 'https://in.mixpanel.com',
    app: 'https://in.mixpanel.com',
  },
} as const
type Family = keyof (typeof regions)['us']

/** Every endpoint we use: its family, and the ability that a 402 or 403 takes away. */
export const endpoints = {
  'POST /import': { family: 'ingestion', ability: 'event' },
  'POST /engage': { family: 'ingestion', ability: 'profile' },
  'POST /groups': { family: 'ingestion', ability: 'group' },
  'POST /api/query/engage': { family: 'query', ability: 'read.all' },
  'POST /api/query/cohorts/list': { family: 'query', ability: 'segments.list' },
  'GET /api/app/me': { family: 'app', ability: undefined },
  'POST /api/app/validate-project-credentials/': { family: 'app', ability: undefined },
  'GET /api/app/projects/{projectId}/schemas': { family: 'app', ability: 'schema' },
  'GET /api/app/projects/{projectId}/data-groups': { family: 'app', ability: 'group' },
  'GET /api/app/projects/{projectId}/cohorts': { family: 'app', ability: 'segments.ensure' },
  'POST /api/app/projects/{projectId}/cohorts': { family: 'app', ability: 'segments.ensure' },
} as const satisfies Record<string, { readonly family: Family; readonly ability: Ability | undefined }>
export type MixpanelEndpoint = keyof typeof endpoints
/** These go by the project token in the body; the service account is not shown to them. */
const withoutAccount: ReadonlySet<string> = new Set([
  'POST /engage',
  'POST /groups',
  'POST /api/app/validate-project-credentials/',
])
const queryOf = (projectId: string): Partial<Record<MixpanelEndpoint, string>> => ({
  'POST /import': `?strict=1&project_id=${projectId}`,
  'POST /engage': '?ip=0&strict=1&verbose=2',
  'POST /groups': '?ip=0&strict=1&verbose=2',
  'POST /api/query/engage': `?project_id=${projectId}`,
  'POST /api/query/cohorts/list': `?project_id=${projectId}`,
})
/** Smaller bodies are not worth the header. */
const gzipFromBytes = 1_024

export interface MixpanelClient {
  readonly transport: Transport
  /** A request to Mixpanel; `json` and `form` are bodies. */
  request(
    endpoint: MixpanelEndpoint,
    settings: Pick<HttpRequest, 'purpose' | 'repeat' | 'weights'> & {
      readonly json?: string
      readonly form?: Readonly<Record<string, string>>
    },
  ): HttpRequest
  /** The request compressed, if the account wants that; a dry run shows it plain. */
  compress(request: HttpRequest, session: Session): HttpRequest
  /** The vendor's SDK as builder of profile and group records; loaded on first use. */
  records(): Promise<ProfileRecords>
}

/** The only place that knows hosts, paths and the service account. */
export function createClient(options: MixpanelOptions, host: Host, limits: readonly Limit[]): MixpanelClient {
  const { projectId } = options
  const bases = basesOf(options)
  const queries = queryOf(projectId)
  const username = createSecret(
    'mixpanel',
    options.serviceAccountUsername,
    'MIXPANEL_SERVICE_ACCOUNT_USERNAME',
  )
  const secret = createSecret('mixpanel', options.serviceAccountSecret, 'MIXPANEL_SERVICE_ACCOUNT_SECRET')
  let records: Promise<ProfileRecords> | undefined
  const transport = createTransport({
    vendor: 'mixpanel',
    host,
    limits,
    async authorize(expired, { endpoint }): Promise<Record<string, string>> {
      if (withoutAccount.has(endpoint)) return {}
      const account = `${await username(expired)}:${await secret(expired)}`
      return { authorization: `Basic ${Buffer.from(account).toString('base64')}` }
    },
    judge: (answer, nowMs) =>
      judge(answer, nowMs, endpoints[answer.request.endpoint as MixpanelEndpoint]?.ability),
    observe: observeQueries,
    pretend,
    // Mixpanel wants 2 s, doubling to 60 s; half of a wait is random. https://developer.mixpanel.com/reference/import-events
    backoff: { baseMs: 4_000, maxMs: 60_000 },
    ...transportOptions(options),
  })
  return {
    transport,
    request(endpoint, { json, form, ...settings }) {
      const [method = 'GET', path = ''] = endpoint.split(' ')
      const { family } = endpoints[endpoint]
      const body = json ?? (form && new URLSearchParams(form).toString())
      const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json'
      return {
        endpoint,
        ...settings,
        method: method as HttpRequest['method'],
        url: bases[family] + path.replace('{projectId}', projectId) + (queries[endpoint] ?? ''),
        ...(body !== undefined && { body, headers: { 'content-type': type } }),
      }
    },
    compress(request, session) {
      const { body, headers } = request
      if (typeof body !== 'string' || body.length < gzipFromBytes) return request
      if (options.gzip === false || session.dryRun) return request
      // Level 1: 160 MB/s and a sixth of the size here, against 80 MB/s and little less at the default level. In one
      // go, because a clock that jumps over idle time (sandbox) must not see us wait.
      const bytes = gzipSync(body, { level: 1 })
      session.log.add(request.endpoint, request.purpose, { bytes: Buffer.byteLength(body) - bytes.length })
      return { ...request, body: bytes, headers: { ...headers, 'content-encoding': 'gzip' } }
    },
    records: () => (records ??= loadProfileRecords(options.projectToken)),
  }
}

function basesOf(options: MixpanelOptions): Readonly<Record<Family, string>> {
  const { region, projectId, projectToken, baseUrl, hosts = {} } = options
  const known = Object.hasOwn(regions, region) ? regions[region] : undefined
  if (!known) throw misuse('region', "'us', 'eu' or 'in': a project lives in one of them for ever")
  if (!/^\d+$/.test(projectId)) throw misuse('projectId', "the project's number as text")
  if (!projectToken) throw misuse('projectToken', 'the project token, from the project settings')
  const baseOf = (family: Family): string => baseUrlOf('mixpanel', hosts[family] ?? baseUrl ?? known[family])
  return { ingestion: baseOf('ingestion'), query: baseOf('query'), app: baseOf('app') }
}
const misuse = (name: string, wants: string): TriplineError =>
  new TriplineError('mixpanel', {
    code: 'invalid',
    message: `the option ${name} must be ${wants}`,
    path: name,
  })
