import { defaultLimits, type MixpanelLimits } from './limits.ts'

/** A machine user of the organization. https://developer.mixpanel.com/reference/service-accounts */
export interface MixpanelServiceAccount {
  readonly username: string
  readonly secret: string
  /** `/import` and schema writes need owner or admin; a consumer cannot write cohorts. */
  readonly role: 'owner' | 'admin' | 'analyst' | 'consumer'
  /** Milliseconds since 1970; after it every call is 401. @default never */
  readonly expiresAtMs?: number
}
/** A group key of the project (Group Analytics). Must exist before `/groups` keeps anything. */
export interface MixpanelGroupKey {
  readonly propertyName: string
  readonly displayName: string
  /** 19 digits: keep it a string, a JavaScript number loses precision. */
  readonly dataGroupId: string
}
export interface MixpanelPlace {
  readonly city: string
  readonly region: string
  readonly countryCode: string
  readonly timeZone: string
}
export type MixpanelRegion = 'us' | 'eu' | 'in'

/** One Mixpanel project, what it may do, and how it answers where sources disagree. */
export interface MixpanelAccount {
  readonly projectId: number
  readonly projectName: string
  readonly organizationId: number
  readonly workspaceId: number
  readonly projectToken: string
  /** Legacy project secret; stops working on 2027-03-03. https://developer.mixpanel.com/reference/project-secret */
  readonly projectSecret: string
  readonly serviceAccounts: readonly MixpanelServiceAccount[]
  /** Personal GDPR OAuth tokens. https://developer.mixpanel.com/reference/gdpr-api */
  readonly gdprTokens: readonly string[]
  /** Where the project lives. */
  readonly region: MixpanelRegion
  /** Which region's hosts this server plays. Differs from `region`: a client that was pointed at the wrong host. */
  readonly hostRegion: MixpanelRegion
  /** What the wrong ingestion host does: refuse, or answer success and keep nothing. Query and App calls are 401 either way. */
  readonly wrongRegion: 'refused' | 'lost'
  readonly identityMode: 'simplified' | 'original'
  /** Free has no Query API and no saved cohorts. https://mixpanel.com/pricing */
  readonly plan: 'free' | 'growth' | 'enterprise'
  /** Group Analytics add-on. */
  readonly groupAnalytics: boolean
  readonly groupKeys: readonly MixpanelGroupKey[]
  /** A missing entitlement is seen as 402 or 403. */
  readonly entitlementStatus: 402 | 403
  /** The App API's cohort calls, known from the alpha Terraform provider only. Off: 404. */
  readonly cohortApi: boolean
  /** How many ways `/engage?strict=1` may answer; the reference promises per-record messages, not their shape. */
  readonly engageStrict: 'records' | 'http-400' | 'ignored'
  /** Spelling of the id in `failed_records`: specification and live replies say `insert_id`, prose says `$insert_id`. */
  readonly failedRecordKey: 'insert_id' | '$insert_id'
  /** Whether an imported event without `ip` takes the caller's place: the docs say yes, ak--47/mixpanel-import says no. */
  readonly importGeoFromCaller: boolean
  /** Places by address; an unknown one gives no place. `127.0.0.1` stands for the caller's data centre. */
  readonly places: Readonly<Record<string, MixpanelPlace>>
  /** Seconds in `Retry-After` of an ingestion 429; whether the vendor sends it is unverified. @default none */
  readonly ingestionRetryAfterSeconds?: number
  /** Edges of a cohort's day window: unverified, so both. */
  readonly cohortWindow: 'rolling' | 'calendar'
  /** Minutes east of UTC of a project made before 2023: export days and `time` are then local. @default 0 */
  readonly legacyTimeZoneOffsetMinutes: number
  /** Oldest day the plan may export, in days before now. @default no limit */
  readonly exportMaxAgeDays?: number
  /** Until a stored event is seen by queries and the export. Assumed: seen live as minutes to 45 minutes. */
  readonly eventVisibleAfterMs: number
  /** Until a profile update is seen. No source; 0 unless a test needs it. */
  readonly profileVisibleAfterMs: number
  /** Until a device joins its user: "under a minute" in the activity feed, up to 24 h elsewhere. */
  readonly identityVisibleAfterMs: number
  /** How long one query runs, in sandbox time: what concurrency is counted over. @default 0 */
  readonly queryDurationMs: number
  /** When a deletion leaves PENDING and can no longer be cancelled. Assumed. */
  readonly deletionStartsAfterMs: number
  /** When a deletion is done: "may take 30 days". */
  readonly deletionDoneAfterMs: number
  /** Shape of the GDPR answer: `results.task_id` (specification) or `results[0].tracking_id` (prose example). */
  readonly deletionReply: 'task_id' | 'tracking_id'
  /** Merged over the defaults, one by one. */
  readonly limits: Partial<MixpanelLimits>
}
/** An account with every limit filled in. */
export interface FullAccount extends MixpanelAccount {
  readonly limits: MixpanelLimits
}

const dayMs = 86_400_000

/** A Growth project in the US with simplified identity. Point a connector at it without any set-up. */
export const mixpanelDefaults: FullAccount = {
  projectId: 3_141_592,
  projectName: 'Sandbox',
  organizationId: 271_828,
  workspaceId: 3_750_001,
  projectToken: '0123456789abcdef0123456789abcdef',
  projectSecret: 'fedcba9876543210fedcba9876543210',
  serviceAccounts: [
    { username: 'sandbox.1a2b3c.mp-service-account', secret: 'SandboxServiceAccountSecret01', role: 'admin' },
  ],
  gdprTokens: ['sandbox-gdpr-token'],
  region: 'us',
  hostRegion: 'us',
  wrongRegion: 'refused',
  identityMode: 'simplified',
  plan: 'growth',
  groupAnalytics: true,
  groupKeys: [{ propertyName: 'company', displayName: 'Company', dataGroupId: '1234567890123456789' }],
  entitlementStatus: 402,
  cohortApi: true,
  engageStrict: 'records',
  failedRecordKey: 'insert_id',
  importGeoFromCaller: true,
  places: {
    '127.0.0.1': { city: 'Ashburn', region: 'Virginia', countryCode: 'US', timeZone: 'America/New_York' },
    '198.51.100.7': {
      city: 'Lyon',
      region: 'Auvergne-Rhone-Alpes',
      countryCode: 'FR',
      timeZone: 'Europe/Paris',
    },
  },
  cohortWindow: 'rolling',
  legacyTimeZoneOffsetMinutes: 0,
  eventVisibleAfterMs: 60_000,
  profileVisibleAfterMs: 0,
  identityVisibleAfterMs: 60_000,
  queryDurationMs: 0,
  deletionStartsAfterMs: 15 * dayMs,
  deletionDoneAfterMs: 30 * dayMs,
  deletionReply: 'task_id',
  limits: defaultLimits,
}

/** Limits are merged one by one, everything else is replaced. */
export const patchAccount = (account: FullAccount, patch: Partial<MixpanelAccount>): FullAccount => ({
  ...account,
  ...patch,
  limits: { ...account.limits, ...patch.limits },
})
