import type * as ContactsSdk from '@hubspot/api-client/lib/codegen/crm/contacts/index.js'
import {
  baseUrlOf,
  createSecret,
  createTransport,
  transportOptions,
  type Answer,
  type HttpRequest,
  type HttpResult,
  type Observation,
  type Session,
  type Transport,
} from '@tripline/kit'
import type { Host } from '@tripline/model'
import { pretend } from './dry-run.ts'
import {
  endpoints,
  paths,
  resolvePaths,
  type BasePaths,
  type EndpointRow,
  type HubSpotEndpoint,
} from './endpoints.ts'
import { judge } from './errors.ts'
import { effectiveLimits } from './limits.ts'
import type { HubSpotOptions } from './options.ts'

type Settings = Pick<HttpRequest, 'purpose' | 'repeat'>
/** One record of a batch upsert; `properties` are text. */
export interface UpsertInput {
  readonly id: string
  readonly idProperty?: string
  readonly properties: Readonly<Record<string, string>>
  readonly objectWriteTraceId: string
}
export interface ReadInput {
  readonly ids: readonly string[]
  /** Property that holds `ids`; absent: they are record ids. */
  readonly idProperty?: string
  readonly properties: readonly string[]
  readonly archived?: boolean
}
export interface SearchInput {
  readonly filters: readonly {
    readonly propertyName: string
    readonly operator: 'GTE' | 'GT' | 'EQ'
    readonly value: string
  }[]
  /** Ascending. */
  readonly sort: string
  readonly properties: readonly string[]
  readonly limit: number
}
/** One custom event, complete. */
export interface EventInput {
  readonly eventName: string
  readonly properties: Readonly<Record<string, string>>
  readonly occurredAt: string
  readonly uuid: string
  readonly objectId?: string
  readonly email?: string
  readonly utk?: string
}
export interface PropertyInput {
  readonly name: string
  readonly label: string
  readonly groupName: string
  readonly type: string
  readonly fieldType: string
  readonly hasUniqueValue?: boolean
  readonly options?: readonly {
    readonly label: string
    readonly value: string
    readonly displayOrder: number
    readonly hidden: boolean
  }[]
}

export interface HubSpotClient {
  readonly transport: Transport
  /** A request to HubSpot; `parameters` fill the braces of the path, `query` goes behind it. */
  request(
    endpoint: HubSpotEndpoint,
    settings: Settings & {
      readonly parameters?: Readonly<Record<string, string>>
      readonly query?: string
      readonly body?: string
    },
  ): HttpRequest
  /** The token, for the one call that shows it its own scopes. */
  token(): Promise<string>
  // What follows is built by `@hubspot/api-client` and sent by our transport.
  upsertContacts(session: Session, inputs: readonly UpsertInput[]): Promise<HttpResult>
  readContacts(session: Session, input: ReadInput): Promise<HttpResult>
  searchContacts(session: Session, input: SearchInput): Promise<HttpResult>
  sendEvent(session: Session, event: EventInput): Promise<HttpResult>
  readProperties(session: Session, objectType: string): Promise<HttpResult>
  createProperties(
    session: Session,
    objectType: string,
    inputs: readonly PropertyInput[],
  ): Promise<HttpResult>
}

/** The only place that knows the host, the token and the SDK; the paths stand in `endpoints.ts`. */
export function createClient(options: HubSpotOptions, host: Host): HubSpotClient {
  const base = baseUrlOf('hubspot', options.baseUrl ?? 'https://api.hubapi.com')
  const basePaths = resolvePaths(options)
  const secret = createSecret('hubspot', options.accessToken, 'HUBSPOT_ACCESS_TOKEN')
  const timeZone = options.timeZone ?? 'UTC'
  const rowOf = (name: string): EndpointRow | undefined => endpoints[name as HubSpotEndpoint]
  const transport = createTransport({
    vendor: 'hubspot',
    host,
    limits: effectiveLimits(options),
    authorize: async (expired, request): Promise<Record<string, string>> =>
      request.url.startsWith(`${base}/`) ? { authorization: `Bearer ${await secret(expired)}` } : {},
    judge: (answer, nowMs) => judge(answer, nowMs, rowOf(answer.request.endpoint), timeZone),
    observe,
    pretend,
    ...transportOptions(options),
  })
  const request: HubSpotClient['request'] = (endpoint, { parameters = {}, query, body, ...settings }) => {
    const { resource, path } = endpoints[endpoint]
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(parameters[name] ?? ''),
    )
    return {
      endpoint,
      ...settings,
      method: endpoint.slice(0, endpoint.indexOf(' ')) as HttpRequest['method'],
      url: base + basePaths[resource] + filled + (query ? `?${query}` : ''),
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    }
  }
  return {
    transport,
    request,
    token: () => Promise.resolve(secret(false)),
    ...createSdkCalls(base, basePaths),
  }
}

/** Headers speak of the ten seconds; search and event sends answer without, and take from other limits. */
function observe(answer: Answer, nowMs: number): readonly Observation[] {
  const left = answer.headers.get('x-hubspot-ratelimit-remaining')
  const intervalMs = Number(answer.headers.get('x-hubspot-ratelimit-interval-milliseconds') ?? Number.NaN)
  if (left === null || Number.isNaN(intervalMs)) return []
  const { endpoint } = answer.request
  if (endpoint === 'POST /crm/objects/contacts/search' || endpoint.startsWith('POST /events/send')) return []
  const limitId = endpoint.startsWith('POST /crm/associations/') ? 'associations.rate' : 'tenSeconds.rate'
  return [{ limitId, left: Number(left), resetAtMs: nowMs + intervalMs }]
}

/** The parts of a generated group that carry our transport; the same in all groups. */
type SdkGroup = Pick<
  typeof ContactsSdk,
  'createConfiguration' | 'wrapHttpLibrary' | 'ResponseContext' | 'ServerConfiguration'
>
type SdkCalls = Omit<HubSpotClient, 'transport' | 'request' | 'token'>
type SdkCall = Settings & { readonly endpoint: HubSpotEndpoint }
/** Runs one call of a generated class; its request leaves through our transport. */
type RunSdk = <Group extends object>(
  session: Session,
  call: SdkCall,
  load: () => Promise<Group>,
  use: (group: Group, configuration: ContactsSdk.Configuration) => Promise<unknown>,
) => Promise<HttpResult>

/**
 * Calls whose requests the generated classes of the SDK build. They know only the numbered paths, which are replaced on
 * the way out; their own time-outs, retries and limiter are never reached.
 */
function createSdkCalls(base: string, basePaths: BasePaths): SdkCalls {
  const rewrite = (url: string): string => {
    for (const resource of ['objects', 'properties', 'eventSend'] as const) {
      const old = base + paths[resource].v3
      if (url.startsWith(old)) return base + basePaths[resource] + url.slice(old.length)
    }
    return url
  }
  const configure = (group: SdkGroup, fetch: typeof globalThis.fetch): ContactsSdk.Configuration => {
    const httpApi = group.wrapHttpLibrary({
      async send(request) {
        const response = await fetch(rewrite(request.getUrl()), {
          method: request.getHttpMethod(),
          headers: request.getHeaders(),
          body: (request.getBody() as string | undefined) ?? null,
        })
        const text = await response.text()
        return new group.ResponseContext(response.status, Object.fromEntries(response.headers), {
          text: () => Promise.resolve(text),
          binary: () => Promise.resolve(Buffer.from(text)),
        })
      },
    })
    return group.createConfiguration({ baseServer: new group.ServerConfiguration(base, {}), httpApi })
  }
  const run: RunSdk = (session, call, load, use) =>
    session.bridge(call).run(async (fetch) => {
      const group = await load()
      return use(group, configure(group as SdkGroup, fetch))
    })
  return { ...contactCalls(run), ...otherCalls(run) }
}

const loadContacts = () => import('@hubspot/api-client/lib/codegen/crm/contacts/index.js')
const loadProperties = () => import('@hubspot/api-client/lib/codegen/crm/properties/index.js')
const loadSend = () => import('@hubspot/api-client/lib/codegen/events/send/index.js')

function contactCalls(run: RunSdk): Pick<SdkCalls, 'upsertContacts' | 'readContacts' | 'searchContacts'> {
  const upsert = {
    endpoint: 'POST /crm/objects/contacts/batch/upsert',
    purpose: 'write',
    repeat: 'natural',
  } as const
  const read = {
    endpoint: 'POST /crm/objects/contacts/batch/read',
    purpose: 'lookup',
    repeat: 'read',
  } as const
  const search = { endpoint: 'POST /crm/objects/contacts/search', purpose: 'lookup', repeat: 'read' } as const
  return {
    upsertContacts: (session, given) =>
      run(session, upsert, loadContacts, (sdk, configuration) => {
        const inputs = given.map((input) => ({ ...input, properties: { ...input.properties } }))
        return new sdk.BatchApi(configuration).upsert({ inputs })
      }),
    readContacts: (session, { ids, idProperty, properties, archived }) =>
      run(session, read, loadContacts, (sdk, configuration) => {
        const body = {
          inputs: ids.map((id) => ({ id })),
          properties: [...properties],
          propertiesWithHistory: [],
          ...(idProperty !== undefined && { idProperty }),
        }
        return new sdk.BatchApi(configuration).read(body, archived)
      }),
    searchContacts: (session, { filters, sort, properties, limit }) =>
      run(session, search, loadContacts, (sdk, configuration) => {
        // The SDK wants its own enum, whose values are these very texts.
        const filterGroups = [{ filters: filters as never }]
        const body = { filterGroups, sorts: [sort], properties: [...properties], limit }
        return new sdk.SearchApi(configuration).doSearch(body)
      }),
  }
}

/** The groups' configurations are the same, but their types do not know of each other: hence `never`. */
function otherCalls(run: RunSdk): Pick<SdkCalls, 'sendEvent' | 'readProperties' | 'createProperties'> {
  const send = { endpoint: 'POST /events/send', purpose: 'write', repeat: 'keyed' } as const
  const read = { endpoint: 'GET /crm/properties/{objectType}', purpose: 'schema', repeat: 'read' } as const
  const create = {
    endpoint: 'POST /crm/properties/{objectType}/batch/create',
    purpose: 'schema',
    repeat: 'natural',
  } as const
  return {
    sendEvent: (session, event) =>
      run(session, send, loadSend, (sdk, configuration) => {
        const { occurredAt, properties, ...rest } = event
        const body = { ...rest, properties: { ...properties }, occurredAt: new Date(occurredAt) }
        return new sdk.BasicApi(configuration as never).send(body)
      }),
    readProperties: (session, objectType) =>
      run(session, read, loadProperties, (sdk, configuration) =>
        new sdk.CoreApi(configuration as never).getAll(objectType),
      ),
    createProperties: (session, objectType, inputs) =>
      run(session, create, loadProperties, (sdk, configuration) =>
        new sdk.BatchApi(configuration as never).create(objectType, { inputs: inputs as never }),
      ),
  }
}
