/** The order of HubSpot's tiers, lowest first. */
export const tiers = ['free', 'starter', 'professional', 'enterprise'] as const
export type HubspotTier = (typeof tiers)[number]

/** Scopes the default tokens hold. `HubSpot/HubSpot-public-api-spec-collection`, security of each operation. */
export const allScopes = [
  'oauth',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.companies.read',
  'crm.objects.companies.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
  'crm.schemas.companies.read',
  'crm.schemas.companies.write',
  'crm.lists.read',
  'crm.lists.write',
  'behavioral_events.event_definitions.read_write',
  'analytics.behavioral_events.send',
  'automation',
  'communication_preferences.read',
  'communication_preferences.write',
  'communication_preferences.read_write',
] as const

export interface HubspotAccount {
  readonly portalId: number
  readonly userId: number
  readonly appId: number
  /** Highest tier of any hub: custom events need `enterprise`, flows `professional`, consent `starter`. */
  readonly tier: HubspotTier
  readonly accountType: 'STANDARD' | 'DEVELOPER_TEST' | 'SANDBOX' | 'APP_DEVELOPER'
  readonly timeZone: string
  /** Moves the midnight at which the daily limit starts anew, in ms. */
  readonly utcOffsetMs: number
  readonly uiDomain: string
  readonly dataHostingLocation: string
  /** Token of a private app (or project app with static authentication). */
  readonly accessToken: string
  /** A Service Key: as a private app, but blind to flows. */
  readonly serviceKey: string
  /** `accessToken` is valid for 1,800 s from the start of the sandbox; later ones come from the token endpoint. */
  readonly oauth: {
    readonly clientId: string
    readonly clientSecret: string
    readonly accessToken: string
    readonly refreshToken: string
  }
  /** Granted to all three kinds of token. */
  readonly scopes: readonly string[]
  /** Tokens that answer 401 from now on. */
  readonly revokedTokens: readonly string[]
  /** The account bought the API limit add-on: 250 calls in 10 s, a million more a day. */
  readonly limitAddOn: boolean
  /** Lowers (or raises) a documented limit. */
  readonly limits: {
    readonly perTenSeconds?: number
    readonly perDay?: number
    readonly searchesPerSecond?: number
    readonly eventCallsPerSecond?: number
    readonly associationCallsPerTenSeconds?: number
  }
  /** How long a write stays unseen by search, in ms. HubSpot says "seconds". */
  readonly searchLagMs: number
  /** How long an accepted event waits for its processing, in ms. HubSpot says "seconds". */
  readonly eventLagMs: number
  /** How long a list write stays unseen by membership reads and by flows, in ms. HubSpot says seconds to minutes. */
  readonly membershipLagMs: number
  /** How long a new DYNAMIC or SNAPSHOT list says PROCESSING, in ms. */
  readonly listProcessingMs: number
  /** A flow made by API misses what happens in its first minute (integrators' reports). Seeded flows are warm. */
  readonly flowWarmUpMs: number
  /** Writes to CRM records answer 423 until then, ms since 1970. */
  readonly lockedUntilMs: number
  /** All calls answer 477 with `Retry-After` until then, ms since 1970: the account moves to another data centre. */
  readonly migratingUntilMs: number
  /** Unversioned paths answer 404 from the day HubSpot announced. */
  readonly sunset: boolean
  /** Form of a 5xx: HubSpot's envelope, or what its gateway sends. */
  readonly serverError: 'json' | 'html'
  /** GDPR mode: a subscription status needs a legal basis. */
  readonly gdprMode: boolean
  // What follows is not verified: the default is the stricter reading, the other one is what some integrators see.
  /** A body field HubSpot does not describe. */
  readonly unknownFields: 'refused' | 'ignored'
  /** A property value that is a JSON number or boolean. HubSpot's description says text. */
  readonly nonStringValues: 'refused' | 'coerced'
  /** A property value null. */
  readonly nullValues: 'refused' | 'ignored'
  /** `ordinary` treats e-mail as any unique property; `all-or-nothing` fails the whole upsert by e-mail with one bad row. */
  readonly emailUpsert: 'ordinary' | 'all-or-nothing'
  /** An event whose `occurredAt` lies ahead of now. */
  readonly futureEvents: 'refused' | 'stored'
  /** Longer text values of events are dropped with no word, in characters. */
  readonly eventTextMaxChars: number
  /** A merge answers with a new record id, or keeps the primary's. */
  readonly mergeKeepsPrimaryId: boolean
  /** The API may subscribe somebody again who unsubscribed himself. */
  readonly resubscribe: 'refused' | 'allowed'
  /** 429 answers carry `Retry-After`. */
  readonly retryAfterHeader: boolean
}

/** A ready account: point a connector at the sandbox with `hubspotDefaults.accessToken`. */
export const hubspotDefaults: HubspotAccount = {
  portalId: 24_000_001,
  userId: 9_000_001,
  appId: 3_000_001,
  tier: 'enterprise',
  accountType: 'DEVELOPER_TEST',
  timeZone: 'UTC',
  utcOffsetMs: 0,
  uiDomain: 'app.hubspot.com',
  dataHostingLocation: 'na1',
  accessToken: 'pat-na1-sandbox',
  serviceKey: 'service-key-na1-sandbox',
  oauth: {
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-client-secret',
    accessToken: 'oauth-access-sandbox',
    refreshToken: 'oauth-refresh-sandbox',
  },
  scopes: allScopes,
  revokedTokens: [],
  limitAddOn: false,
  limits: {},
  searchLagMs: 2_000,
  eventLagMs: 2_000,
  membershipLagMs: 2_000,
  listProcessingMs: 2_000,
  flowWarmUpMs: 60_000,
  lockedUntilMs: 0,
  migratingUntilMs: 0,
  sunset: false,
  serverError: 'json',
  gdprMode: false,
  unknownFields: 'refused',
  nonStringValues: 'refused',
  nullValues: 'refused',
  emailUpsert: 'ordinary',
  futureEvents: 'refused',
  eventTextMaxChars: 1_024,
  mergeKeepsPrimaryId: false,
  resubscribe: 'refused',
  retryAfterHeader: false,
}
