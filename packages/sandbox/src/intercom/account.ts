/** Versions of the API that this double answers. Intercom knows more; those are refused here as unknown. */
export const intercomVersions = ['2.14', '2.15', '2.16'] as const
export type IntercomVersion = (typeof intercomVersions)[number]

/** What a token may do. Intercom names one in a public example (`read_conversations`); the others are named alike here. */
export const intercomScopes = [
  'read_contacts',
  'write_contacts',
  'read_companies',
  'write_companies',
  'read_tags',
  'write_tags',
  'read_events',
  'write_events',
  'read_segments',
  'read_data_attributes',
  'write_data_attributes',
  'read_subscriptions',
  'write_subscriptions',
  'write_messages',
] as const
export type IntercomScope = (typeof intercomScopes)[number]

export interface IntercomAdmin {
  readonly id: string
  readonly name: string
  readonly email: string
}
/** One workspace and one private app in it. Everything can be patched while the sandbox runs. */
export interface IntercomAccount {
  readonly token: string
  /** Anything but `valid` answers 401 with this code. */
  readonly tokenState: 'valid' | 'token_revoked' | 'token_expired' | 'token_blocked'
  readonly scopes: readonly IntercomScope[]
  /** `restricted`: `POST /messages` answers 403 `api_plan_restricted`. */
  readonly plan: 'active' | 'restricted'
  readonly workspaceId: string
  readonly workspaceName: string
  readonly region: 'US' | 'EU' | 'AU'
  /** IANA name. Search cuts timestamps to days in this zone. */
  readonly timeZone: string
  /** The first is the token's owner (`GET /me`, `applied_by`, default author of notes). */
  readonly admins: readonly IntercomAdmin[]
  /** Used when a request names no `Intercom-Version`. */
  readonly defaultVersion: IntercomVersion
  /** Calls per minute, dealt out in windows of ten seconds. */
  readonly callsPerMinute: number
  /** Until a write to a contact is seen by search, in ms of sandbox time. Intercom says "a few minutes", no number. */
  readonly indexLagMs: number
  /** Whether `POST /messages` answers 404 until the contact is in the index. The description says "a short delay". */
  readonly messagesNeedIndex: boolean
  /** Whether two users may not share an e-mail address. Recorded traffic answers 409; the docs also speak of shared ones. */
  readonly emailIdentifiesUsers: boolean
  /** `GET` of a merged contact: the 2.16 text of GET says 410 with `Link`, the text of merge says 404. */
  readonly mergedContacts: 'gone' | 'not-found'
  /** Custom attribute text over 255 characters: what Intercom does is unverified. */
  readonly longStrings: 'reject' | 'truncate'
  /** Taking off a tag, company or subscription that is not there: unverified. */
  readonly detachMissing: 'not-found' | 'ok'
  /** A second `POST /events/summaries` for a name: unverified whether it replaces or adds. */
  readonly eventSummaries: 'add' | 'replace'
  /** Whether `POST /tags` with `users` also tags leads: unverified. */
  readonly tagManyTagsLeads: boolean
  readonly maxEventNames: number
  readonly maxContactAttributes: number
  readonly maxCompaniesPerContact: number
}

/**
 * A workspace that is ready to use: point a client at the sandbox's `url` with `intercomDefaults.token`.
 * Where Intercom's behaviour is unverified, the stricter reading is the default.
 */
export const intercomDefaults: IntercomAccount = {
  token: 'dG9rOnNhbmRib3gtaW50ZXJjb20=',
  tokenState: 'valid',
  scopes: intercomScopes,
  plan: 'active',
  workspaceId: 'sandbox1',
  workspaceName: 'Sandbox',
  region: 'US',
  timeZone: 'America/Los_Angeles',
  admins: [{ id: '991267459', name: 'Sandbox Admin', email: 'admin@example.com' }],
  defaultVersion: '2.16',
  callsPerMinute: 10_000,
  indexLagMs: 180_000,
  messagesNeedIndex: true,
  emailIdentifiesUsers: true,
  mergedContacts: 'gone',
  longStrings: 'reject',
  detachMissing: 'not-found',
  eventSummaries: 'add',
  tagManyTagsLeads: false,
  maxEventNames: 120,
  maxContactAttributes: 250,
  maxCompaniesPerContact: 1_000,
}
