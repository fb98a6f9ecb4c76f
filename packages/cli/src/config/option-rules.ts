import type { ConnectorsConfig } from './connectors.ts'
import type { Vendor } from './vendors.ts'

/** What an option of an adapter may be. The types say the same to the editor; these rules say it to a running program. */
export type OptionRule = { readonly required?: true } & (
  | { readonly is: 'text' | 'url' | 'flag' | 'texts' | 'fields' }
  /** An object whose values are texts, under any names. */
  | { readonly is: 'names' }
  /** A whole number. */
  | { readonly is: 'count'; readonly min: number }
  | { readonly is: 'choice'; readonly of: readonly string[] }
  /** A list of choices. */
  | { readonly is: 'choices'; readonly of: readonly string[] }
  /** From the environment or a callback, never written out. `environment` is read when the option is absent. */
  | { readonly is: 'secret'; readonly environment: string }
  | { readonly is: 'object'; readonly of: OptionRules }
  /** One of several forms. */
  | { readonly is: 'either'; readonly of: readonly OptionRule[] }
  /** An object that the vendor interprets. */
  | { readonly is: 'anything' }
)
export type OptionRules = Readonly<Record<string, OptionRule>>

const backfill = { is: 'choice', of: ['mute', 'refuse'] } as const
const flag = { is: 'flag' } as const
const text = { is: 'text' } as const
const url = { is: 'url' } as const
const common = {
  fields: { is: 'fields' },
  eventNames: { is: 'names' },
  fieldNames: { is: 'names' },
  timeoutMs: { is: 'count', min: 1 },
  maxAttempts: { is: 'count', min: 1 },
} as const satisfies OptionRules

const hubspotVersion = { is: 'choice', of: ['2026-09', '2026-03', 'v4', 'v3'] } as const
const hubspotVersions = {
  objects: hubspotVersion,
  associations: hubspotVersion,
  properties: hubspotVersion,
  lists: hubspotVersion,
  eventDefinitions: hubspotVersion,
  eventSend: hubspotVersion,
  consent: hubspotVersion,
  flows: hubspotVersion,
  accountInfo: hubspotVersion,
  privateApps: hubspotVersion,
} as const

/** Every option of every adapter; the type below fails the build when an adapter gains one that is not here. */
export const optionRules = {
  segment: {
    ...common,
    writeKey: { is: 'secret', environment: 'SEGMENT_WRITE_KEY' },
    source: text,
    oauth: {
      is: 'object',
      of: {
        clientId: { is: 'text', required: true },
        keyId: { is: 'text', required: true },
        privateKey: { is: 'secret', environment: 'SEGMENT_OAUTH_PRIVATE_KEY' },
        scopes: { is: 'choices', of: ['tracking_api:write', 'public_api:read_write'] },
      },
    },
    spaceId: text,
    profileToken: { is: 'secret', environment: 'SEGMENT_PROFILE_TOKEN' },
    publicApiToken: { is: 'secret', environment: 'SEGMENT_PUBLIC_API_TOKEN' },
    region: { is: 'choice', of: ['us', 'eu'] },
    baseUrl: url,
    hosts: { is: 'object', of: { tracking: url, profile: url, public: url, oauth: url } },
    integrations: { is: 'anything' },
    backfill,
    consentCategories: { is: 'names' },
    audiences: flag,
    emailIdentifies: flag,
    skipUnchanged: flag,
  },
  mixpanel: {
    ...common,
    region: { is: 'choice', of: ['us', 'eu', 'in'], required: true },
    projectId: { is: 'text', required: true },
    projectToken: { is: 'text', required: true },
    serviceAccountUsername: { is: 'secret', environment: 'MIXPANEL_SERVICE_ACCOUNT_USERNAME' },
    serviceAccountSecret: { is: 'secret', environment: 'MIXPANEL_SERVICE_ACCOUNT_SECRET' },
    baseUrl: url,
    hosts: { is: 'object', of: { ingestion: url, query: url, app: url } },
    identityMode: { is: 'choice', of: ['simplified', 'original'] },
    linkEvent: text,
    groupKeys: { is: 'texts' },
    backfill: { is: 'choice', of: ['send', 'mute', 'refuse'] },
    gzip: flag,
    maxBodyBytes: { is: 'count', min: 1 },
    skipUnchanged: flag,
    experimentalCohorts: flag,
  },
  hubspot: {
    ...common,
    accessToken: { is: 'secret', environment: 'HUBSPOT_ACCESS_TOKEN' },
    baseUrl: url,
    apiVersion: { is: 'either', of: [hubspotVersion, { is: 'object', of: hubspotVersions }] },
    paths: { is: 'names' },
    portalId: text,
    idProperty: text,
    companyIdProperty: text,
    groupTypes: { is: 'texts' },
    emailIdentifies: flag,
    anonymousIdIsUtk: flag,
    missingContact: { is: 'choice', of: ['refuse', 'create'] },
    invalidFields: { is: 'choice', of: ['refuse', 'drop'] },
    eventFallback: { is: 'choice', of: ['none', 'properties'] },
    orders: { is: 'choice', of: ['event', 'properties'] },
    backfill,
    tier: { is: 'choice', of: ['free', 'starter', 'professional', 'enterprise'] },
    credential: { is: 'choice', of: ['private-app', 'service-key', 'oauth'] },
    limitAddOn: flag,
    timeZone: text,
    workflows: { is: 'names' },
    legalBasis: {
      is: 'choice',
      of: [
        'LEGITIMATE_INTEREST_PQL',
        'LEGITIMATE_INTEREST_CLIENT',
        'LEGITIMATE_INTEREST_OTHER',
        'PERFORMANCE_OF_CONTRACT',
        'CONSENT_WITH_NOTICE',
        'NON_GDPR',
        'PROCESS_AND_STORE',
      ],
    },
    legalBasisExplanation: text,
    skipUnchanged: flag,
    membershipsPerCall: { is: 'count', min: 1 },
  },
  braze: {
    ...common,
    apiKey: { is: 'secret', environment: 'BRAZE_API_KEY' },
    baseUrl: { is: 'url', required: true },
    appId: text,
    aliasLabel: text,
    orders: { is: 'choice', of: ['ecommerce', 'purchases', 'event'] },
    ecommerceSource: text,
    backfill,
    everyoneSegmentId: text,
    skipUnchanged: flag,
  },
  intercom: {
    ...common,
    accessToken: { is: 'secret', environment: 'INTERCOM_ACCESS_TOKEN' },
    region: { is: 'choice', of: ['us', 'eu', 'au'] },
    baseUrl: url,
    apiVersion: text,
    workspaceId: text,
    callsPerMinute: { is: 'count', min: 1 },
    emailIdentifies: flag,
    createMissingContacts: flag,
    anonymousPeople: { is: 'choice', of: ['skip', 'lead'] },
    mergeLeads: flag,
    reviveArchived: flag,
    unknownAttributes: { is: 'choice', of: ['dead', 'drop'] },
    lists: { is: 'choice', of: ['join', 'drop'] },
    listSeparator: text,
    sameSecond: { is: 'choice', of: ['bump', 'collapse'] },
    backfill,
    groupTypes: { is: 'texts' },
    adminId: text,
    writeLastSeen: flag,
  },
} as const satisfies {
  readonly [V in Vendor]: { readonly [Name in keyof Required<NonNullable<ConnectorsConfig[V]>>]: OptionRule }
}

export const rulesOf = (vendor: Vendor): OptionRules => optionRules[vendor]
