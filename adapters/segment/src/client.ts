import {
  baseUrlOf,
  createSecret,
  createTransport,
  sha256Hex32,
  transportOptions,
  type HttpRequest,
  type HttpResult,
  type Observation,
  type Session,
  type Transport,
} from '@tripline/kit'
import { TriplineError, type Ability, type Host } from '@tripline/model'
import { pretend } from './dry-run.ts'
import { judge, waitOf } from './errors.ts'
import { maxOf, segmentLimits, type SegmentLimitId } from './limits.ts'
import type { SegmentMessage } from './mapping/events.ts'
import { createOAuth, type TokenAnswer } from './oauth.ts'
import type { SegmentApi, SegmentOptions, SegmentRegion } from './options.ts'

/** https://segment.com/docs/guides/regional-segment/ and the pages of the four interfaces. */
export const regionHosts = {
  us: {
    tracking: 'https://api.segment.io',
    profile: 'https://profiles.segment.com',
    public: 'https://api.segmentapis.com',
    oauth: 'https://oauth2.segment.io',
  },
  eu: {
    tracking: 'https://events.eu1.segmentapis.com',
    profile: 'https://profiles.euw1.segment.com',
    public: 'https://eu1.api.segmentapis.com',
    oauth: 'https://oauth2.eu1.segmentapis.com',
  },
} as const satisfies Record<SegmentRegion, Record<SegmentApi, string>>

interface EndpointSettings {
  readonly api: SegmentApi
  /** What a 403 takes away. */
  readonly ability?: Ability
  /** The budget that its headers, or a 429, speak of. */
  readonly budget?: SegmentLimitId
  /** Version of a Public API operation, asked for by media type. */
  readonly version?: 'v1' | 'v1alpha'
}
/** Every endpoint we use. */
export const endpoints = {
  'POST /v1/batch': { api: 'tracking', budget: 'tracking.rate' },
  'POST /token': { api: 'oauth' },
  'GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/traits': {
    api: 'profile',
    ability: 'read.ids',
  },
  'GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/metadata': {
    api: 'profile',
    ability: 'read.ids',
  },
  'GET /': { api: 'public', version: 'v1' },
  'GET /spaces/{spaceId}/audiences': {
    api: 'public',
    ability: 'segments.list',
    budget: 'audiences.list.rate',
    version: 'v1',
  },
  'POST /spaces/{spaceId}/audiences': {
    api: 'public',
    ability: 'segments.ensure',
    budget: 'audiences.create.rate',
    version: 'v1',
  },
  'GET /spaces/{spaceId}/traits': {
    api: 'public',
    ability: 'schema',
    budget: 'schema.traits.rate',
    version: 'v1alpha',
  },
  'GET /spaces/{spaceId}/events/{eventName}/properties': {
    api: 'public',
    ability: 'schema',
    budget: 'schema.properties.rate',
    version: 'v1alpha',
  },
} as const satisfies Record<string, EndpointSettings>
export type SegmentEndpoint = keyof typeof endpoints

/** One event at a time through the vendor's own client, over our transport. */
export interface HandOff {
  send(message: SegmentMessage): Promise<HttpResult>
  close(): Promise<void>
}
export interface SegmentClient {
  readonly transport: Transport
  /** What `messageId`s are made from, besides the key of an item. */
  keySpace(): Promise<string>
  /** Bytes of a batch request around its messages. */
  readonly frameBytes: number
  /** A batch of messages as JSON; `sentAt` is now for every try. */
  batch(messages: readonly string[], session: Session): HttpRequest
  /** A request; `parameters` go into the path. */
  request(
    endpoint: SegmentEndpoint,
    settings: Pick<HttpRequest, 'purpose' | 'repeat'> & {
      readonly parameters?: Readonly<Record<string, string>>
      readonly query?: Readonly<Record<string, string>>
      readonly body?: string
    },
  ): HttpRequest
  openHandOff(session: Session): Promise<HandOff>
  /** A token of the OAuth application; undefined when none is configured. */
  readonly accessToken: ((expired: boolean) => Promise<string>) | undefined
  /** The space of the options. @throws {TriplineError} code `invalid`: there is none */
  spaceId(): string
}

/** The only place that knows hosts, paths, credentials and the vendor's client. */
export function createClient(options: SegmentOptions, host: Host): SegmentClient {
  const base = hostsOf(options)
  const credentials = createCredentials(options)
  const settingsOf = (name: string): EndpointSettings => endpoints[name as SegmentEndpoint]
  const transport: Transport = createTransport({
    vendor: 'segment',
    host,
    limits: segmentLimits,
    authorize: (expired, { endpoint }) => authorize(settingsOf(endpoint).api, expired),
    judge(answer, nowMs) {
      const { api, ability } = settingsOf(answer.request.endpoint)
      return judge(answer, nowMs, api, ability)
    },
    observe: (answer, nowMs) => observe(settingsOf(answer.request.endpoint).budget, answer, nowMs),
    pretend,
    ...transportOptions(options),
  })
  const request = createRequest(base)
  const accessToken = options.oauth && createAccessToken(options.oauth, base.oauth, transport, request)
  const scopes = options.oauth ? (options.oauth.scopes ?? ['tracking_api:write']) : []
  const frame = createFrame(options, scopes.includes('tracking_api:write'))

  async function authorize(api: SegmentApi, expired: boolean): Promise<Record<string, string>> {
    switch (api) {
      case 'oauth':
        return {}
      case 'tracking':
        if (!accessToken || !frame.inBody) return basic(await credentials.writeKey(expired))
        frame.writeKey = await credentials.writeKey(false)
        return { authorization: `Bearer ${await accessToken(expired)}` }
      case 'profile':
        return basic(await credentials.profileToken(expired))
      case 'public': {
        const isOAuth = accessToken && scopes.includes('public_api:read_write')
        const token = isOAuth ? await accessToken(expired) : await credentials.publicApiToken(expired)
        return { authorization: `Bearer ${token}` }
      }
    }
  }
  const batch: SegmentClient['batch'] = (messages, session) => {
    const joined = messages.join(',')
    const body = (): string =>
      frame.around(joined, new Date(session.clock.now()).toISOString(), !session.dryRun)
    return { ...request('POST /v1/batch', { purpose: 'write', repeat: 'keyed', body: '' }), body }
  }
  return {
    transport,
    keySpace: createKeySpace(options, credentials.writeKey),
    frameBytes: frame.bytes,
    batch,
    request,
    openHandOff: (session) => openHandOff(session, batch),
    accessToken,
    spaceId() {
      if (options.spaceId !== undefined) return options.spaceId
      const message = 'set the option spaceId to the Unify space that profiles and audiences belong to'
      throw new TriplineError('segment', { code: 'invalid', message })
    },
  }
}

const basic = (user: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:`).toString('base64')}`,
})
const createCredentials = (options: SegmentOptions) => ({
  writeKey: createSecret('segment', options.writeKey, 'SEGMENT_WRITE_KEY'),
  profileToken: createSecret('segment', options.profileToken, 'SEGMENT_PROFILE_TOKEN'),
  publicApiToken: createSecret('segment', options.publicApiToken, 'SEGMENT_PUBLIC_API_TOKEN'),
})

function hostsOf({
  region = 'us',
  baseUrl,
  hosts = {},
}: SegmentOptions): Readonly<Record<SegmentApi, string>> {
  const of = (api: SegmentApi): string =>
    baseUrlOf('segment', hosts[api] ?? baseUrl ?? regionHosts[region][api])
  return { tracking: of('tracking'), profile: of('profile'), public: of('public'), oauth: of('oauth') }
}

function createRequest(base: Readonly<Record<SegmentApi, string>>): SegmentClient['request'] {
  return (endpoint, { body, query, parameters = {}, ...given }) => {
    const { api, version }: EndpointSettings = endpoints[endpoint]
    const [method = 'GET', path = ''] = endpoint.split(' ')
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '')
    const type = version ? `application/vnd.segment.${version}+json` : 'application/json'
    return {
      endpoint,
      ...given,
      method: method as HttpRequest['method'],
      url: base[api] + filled + (query ? `?${new URLSearchParams(query).toString()}` : ''),
      headers: {
        ...(version && { accept: type }),
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body }),
    }
  }
}

/** What a 429, or a success of the Public API, says of a limit. */
function observe(
  limitId: SegmentLimitId | undefined,
  answer: Parameters<typeof waitOf>[0],
  nowMs: number,
): readonly Observation[] {
  if (limitId === undefined) return []
  if (answer.status === 429) {
    const waitMs = waitOf(answer, nowMs)
    return waitMs === undefined ? [] : [{ limitId, left: 0, resetAtMs: nowMs + waitMs }]
  }
  const left = answer.headers.get('x-ratelimit-remaining')
  const resetAtMs = Date.parse(answer.headers.get('x-ratelimit-reset') ?? '') // an RFC 5322 date here
  return left === null || Number.isNaN(resetAtMs) ? [] : [{ limitId, left: Number(left), resetAtMs }]
}

/** What stands around the messages of a batch. With OAuth the write key goes into the body. */
function createFrame({ integrations }: SegmentOptions, inBody: boolean) {
  const shared = `${integrations ? `,"integrations":${JSON.stringify(integrations)}` : ''},"context":{"library":{"name":"tripline"}}`
  const frame = {
    inBody,
    /** Known when a request is signed; a dry run signs none, and shows none. */
    writeKey: '',
    around(messages: string, sentAt: string, withKey: boolean): string {
      const writeKey = withKey ? frame.writeKey : '{write key}'
      const key = inBody ? `,"writeKey":${JSON.stringify(writeKey)}` : ''
      return `{"batch":[${messages}]${shared}${key},"sentAt":"${sentAt}"}`
    },
  }
  const roomForKey = inBody ? 200 : 0
  const empty = frame.around('', new Date(0).toISOString(), false)
  return Object.assign(frame, { bytes: Buffer.byteLength(empty) + roomForKey })
}

function createAccessToken(
  oauth: NonNullable<SegmentOptions['oauth']>,
  audience: string,
  transport: Transport,
  request: SegmentClient['request'],
): (expired: boolean) => Promise<string> {
  const { clock } = transport.host
  return createOAuth(oauth, {
    audience,
    clock,
    privateKey: createSecret('segment', oauth.privateKey, 'SEGMENT_OAUTH_PRIVATE_KEY'),
    async exchange(form) {
      const session = transport.session(undefined)
      try {
        const answer = await session.read({
          ...request('POST /token', { purpose: 'lookup', repeat: 'natural' }),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: form,
        })
        return answer.json() as TokenAnswer
      } finally {
        session.close()
      }
    },
  })
}

/** A key that cannot be read is told by the request that needs it, not here. */
function createKeySpace(
  { source }: SegmentOptions,
  writeKey: (expired: boolean) => Promise<string>,
): () => Promise<string> {
  let known = source === undefined ? undefined : `segment:${source}`
  return async () => {
    if (known !== undefined) return known
    try {
      known = `segment:${sha256Hex32(await writeKey(false))}`
    } catch (error) {
      if (!TriplineError.is(error)) throw error
    }
    return known ?? 'segment:'
  }
}

/**
 * The vendor's client builds each event, our transport sends it: `flushAt: 1` makes one request of one event, and the
 * client sees only "delivered" or "refused", so that it never retries, waits or follows a redirect by itself.
 * `adapters/segment/src/analytics-node.test.ts` pins why. https://segment.com/docs/connections/sources/catalog/libraries/server/node/
 */
async function openHandOff(session: Session, batch: SegmentClient['batch']): Promise<HandOff> {
  const { Analytics } = await import('@segment/analytics-node')
  const results = new Map<string, HttpResult>()
  const maxBytes = maxOf('event.bytes')
  const analytics = new Analytics({
    writeKey: 'set by our transport',
    flushAt: 1,
    maxRetries: 0,
    maxRateLimitDuration: 0,
    httpClient: {
      async makeRequest({ body }) {
        const [event] = (JSON.parse(body) as { readonly batch: readonly { readonly messageId: string }[] })
          .batch
        const json = JSON.stringify(event)
        const bytes = Buffer.byteLength(json)
        const result: HttpResult =
          bytes > maxBytes
            ? {
                kind: 'refused',
                fault: { code: 'too-large', message: `${bytes} bytes as JSON, Segment takes ${maxBytes}` },
              }
            : await session.request(batch([json], session))
        results.set(event?.messageId ?? '', result)
        return result.kind === 'ok'
          ? { status: 200, statusText: 'OK' }
          : { status: 400, statusText: result.kind }
      },
    },
  })
  return {
    async send(message) {
      const { type, timestamp, ...content } = message
      const params = { ...content, timestamp: new Date(timestamp) } as never
      await new Promise<void>((resolve) => {
        analytics[type](params, () => resolve())
      })
      const result = results.get(message.messageId)
      results.delete(message.messageId)
      if (!result) throw new Error('@segment/analytics-node made no request')
      return result
    },
    close: () => analytics.closeAndFlush({ timeout: 1_000 }),
  }
}
