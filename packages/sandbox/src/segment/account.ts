/** What the simulated workspace is: its keys, limits, lags and the vendor behaviours that are not documented enough to be fixed. */
export interface SegmentAccount {
  readonly workspace: { readonly id: string; readonly slug: string; readonly name: string }
  readonly sources: readonly AccountSource[]
  readonly spaces: readonly AccountSpace[]
  readonly publicApiTokens: readonly PublicApiToken[]
  /** The OAuth application of `POST /token`. @default one whose assertions are checked for form only */
  readonly oauth: OAuthApplication | undefined
  /** Features of the workspace; a missing one hides its Public API operations. @default all on */
  readonly features: { readonly audiences: boolean; readonly spaces: boolean; readonly protocols: boolean }
  /** Status of an operation whose feature is off. Not documented, so an adapter must bear all three. @default 404 */
  readonly featureOffStatus: 401 | 404 | 422
  /** Every message is rejected as `locked_workspace`. @default false */
  readonly locked: boolean
  /**
   * This server is the endpoint of the workspace's own region, or of the other one: `wrong-lost` answers 200 and
   * stores nothing, `wrong-refused` answers 400 (that data is refused is documented, the status is not).
   * https://www.twilio.com/docs/segment/guides/regional-segment @default 'right'
   */
  readonly region: 'right' | 'wrong-lost' | 'wrong-refused'
  /** A write key nobody has: 200 and rejected as `project_not_found` (documented), or 401. @default 'lost' */
  readonly unknownWriteKey: 'lost' | 'refused'
  /** A batch item over `maxEventBytes`: 400 for the whole batch (stricter reading), or only that item rejected. @default 'refuse-batch' */
  readonly oversizeItem: 'refuse-batch' | 'drop-item'
  /** Whether `Segment Consent Preference Updated` without anonymousId is rejected; one page of two says so. @default false */
  readonly consentNeedsAnonymousId: boolean
  /** Where the Tracking API redirects every request (302), to show what clients do then. @default undefined */
  readonly trackingRedirect: string | undefined
  /** How long a messageId is remembered, in ms; the vendor promises at least 24 h. @default 86_400_000 */
  readonly deduplicationWindowMs: number
  /** Time from acceptance until a profile shows it, in ms; "seconds, not guaranteed". @default 5_000 */
  readonly profileLagMs: number
  /** Lag of Delivery Overview, in ms. @default 300_000 */
  readonly metricsLagMs: number
  /** Time to backfill a new or changed audience, in ms; the vendor says to allow up to 24 h. @default 60_000 */
  readonly audienceBackfillMs: number
  /** Cadence of batch audiences, in ms. @default 28_800_000 (8 h) */
  readonly batchComputeMs: number
  /** Time a preview is RUNNING, in ms; assumed. @default 30_000 */
  readonly previewMs: number
  /** Time until a suppression holds, in ms; typically within 24 h. @default 60_000 */
  readonly suppressionLagMs: number
  /** Time until a deletion is FINISHED, in ms; the vendor's promise is 30 days. @default 3_600_000 */
  readonly regulationMs: number
  /** @default 1_000 requests a second on the Tracking API */
  readonly trackingPerSecond: number
  /** @default 100 requests a second and space on the Profile API */
  readonly profilePerSecond: number
  /** Public API calls a minute where the operation has no limit of its own; the number is not published. @default 600 */
  readonly publicPerMinute: number
  /** @default 32_768 */
  readonly maxEventBytes: number
  /** @default 512_000 */
  readonly maxBatchBytes: number
  /** @default 2_500 */
  readonly maxBatchEvents: number
  /** Largest `limit` of the traits list; one page says 200, another 100. @default 200 */
  readonly traitsMaxLimit: number
  /** Values of one identifier type on a profile; types not named have 5. @default { user_id: 1 } */
  readonly identifierLimits: Readonly<Record<string, number>>
  /** @default 100 */
  readonly maxMerges: number
  /** @default 1_000 */
  readonly maxIdsPerProfile: number
  /** Patterns whose matches never become identifiers. @default `^[0-]*$`, `-1`, `null`, `anonymous` */
  readonly blockedIds: readonly string[]
  /** `lower`: identifiers are kept in lower case, and a look-up in another case finds nothing (stricter reading). @default 'lower' */
  readonly profileIdCase: 'lower' | 'exact'
  /** How `trait('x')` of a boolean may be compared: with `true`, with `'true'`, or with both; documents disagree. @default 'both' */
  readonly audienceBooleans: 'both' | 'bare' | 'quoted'
  /** Cadence of `within` conditions counting up to 20; documents disagree. @default 'realtime' */
  readonly audienceWindows: 'realtime' | 'batch'
}
export interface AccountSource {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly writeKey: string
  readonly enabled: boolean
  /** Spaces that build profiles from this source. */
  readonly spaceIds: readonly string[]
  /** Only Bearer requests are let in. */
  readonly requiresOAuth: boolean
}
export interface AccountSpace {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** Profile API token of this space. */
  readonly accessToken: string
}
export interface PublicApiToken {
  readonly token: string
  /** A `read-only` token gets 401 on writes. */
  readonly access: 'full' | 'read-only'
  /** Without it `writeKeys` of sources come back empty. */
  readonly sourceAdmin: boolean
}
export interface OAuthApplication {
  readonly clientId: string
  readonly keyId: string
  /** PEM (SPKI); when undefined the assertion's signature is not checked, only its form. */
  readonly publicKeyPem: string | undefined
  readonly scopes: readonly string[]
  readonly tokenSeconds: number
}

/** Ready credentials of the default account, so that a connector can be pointed at it without set-up. */
export const segmentDefaults = {
  writeKey: 'sandbox-write-key',
  secondWriteKey: 'sandbox-write-key-2',
  spaceId: 'spa_sandbox',
  profileToken: 'sandbox-profile-token',
  publicApiToken: 'sandbox-public-api-token',
  oauthClientId: 'sandbox-oauth-app',
  oauthKeyId: 'sandbox-oauth-key',
} as const

const source = (id: string, slug: string, writeKey: string): AccountSource => ({
  id,
  slug,
  name: slug,
  writeKey,
  enabled: true,
  spaceIds: [segmentDefaults.spaceId],
  requiresOAuth: false,
})

/** The account when a test says nothing. @see https://segment.com/docs/unify/identity-resolution/identity-resolution-settings/ (identifiers) */
export const defaultAccount: SegmentAccount = {
  workspace: { id: 'ws_sandbox', slug: 'sandbox', name: 'Sandbox' },
  sources: [
    source('src_sandbox', 'http-api', segmentDefaults.writeKey),
    source('src_sandbox_2', 'backend', segmentDefaults.secondWriteKey),
  ],
  spaces: [
    {
      id: segmentDefaults.spaceId,
      slug: 'sandbox',
      name: 'Sandbox',
      accessToken: segmentDefaults.profileToken,
    },
  ],
  publicApiTokens: [{ token: segmentDefaults.publicApiToken, access: 'full', sourceAdmin: true }],
  oauth: {
    clientId: segmentDefaults.oauthClientId,
    keyId: segmentDefaults.oauthKeyId,
    publicKeyPem: undefined,
    scopes: ['tracking_api:write', 'public_api:read_write'],
    tokenSeconds: 86_400,
  },
  features: { audiences: true, spaces: true, protocols: true },
  featureOffStatus: 404,
  locked: false,
  region: 'right',
  unknownWriteKey: 'lost',
  oversizeItem: 'refuse-batch',
  consentNeedsAnonymousId: false,
  trackingRedirect: undefined,
  deduplicationWindowMs: 86_400_000,
  profileLagMs: 5_000,
  metricsLagMs: 300_000,
  audienceBackfillMs: 60_000,
  batchComputeMs: 28_800_000,
  previewMs: 30_000,
  suppressionLagMs: 60_000,
  regulationMs: 3_600_000,
  trackingPerSecond: 1_000,
  profilePerSecond: 100,
  publicPerMinute: 600,
  // 32 and 500 KB counted in units of 1,024: segmentio/analytics-next:packages/node/src/plugins/segmentio/context-batch.ts
  maxEventBytes: 32 * 1_024,
  maxBatchBytes: 500 * 1_024,
  maxBatchEvents: 2_500,
  traitsMaxLimit: 200,
  identifierLimits: { user_id: 1 },
  maxMerges: 100,
  maxIdsPerProfile: 1_000,
  blockedIds: ['^[0-]*$', '^-1$', '^null$', '^anonymous$'],
  profileIdCase: 'lower',
  audienceBooleans: 'both',
  audienceWindows: 'realtime',
}
