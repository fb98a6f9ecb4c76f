import type { ConnectorOptions, Secret } from '@tripline/kit'

/** A generation of HubSpot's paths: dated ones, or the numbered ones before them, which end in 2027. */
export type HubSpotVersion = '2026-09' | '2026-03' | 'v4' | 'v3'
/** What has a path of its own. */
export type HubSpotResource =
  | 'objects'
  | 'associations'
  | 'properties'
  | 'lists'
  | 'eventDefinitions'
  | 'eventSend'
  | 'consent'
  | 'flows'
  | 'accountInfo'
  | 'privateApps'
/** https://developers.hubspot.com/docs/api-reference/latest/communication-preferences/guide */
export type HubSpotLegalBasis =
  | 'LEGITIMATE_INTEREST_PQL'
  | 'LEGITIMATE_INTEREST_CLIENT'
  | 'LEGITIMATE_INTEREST_OTHER'
  | 'PERFORMANCE_OF_CONTRACT'
  | 'CONSENT_WITH_NOTICE'
  | 'NON_GDPR'
  | 'PROCESS_AND_STORE'

export interface HubSpotOptions extends ConnectorOptions {
  /**
   * Token of a private app, a project app or a Service Key; or a callback that fetches an OAuth access token anew when
   * `expired` is true. @default process.env.HUBSPOT_ACCESS_TOKEN, read on first use
   */
  readonly accessToken?: Secret
  /** @default 'https://api.hubapi.com', also for accounts hosted in the EU: HubSpot routes by token */
  readonly baseUrl?: string | URL
  /**
   * Generation of the paths, for all or by resource. A resource that lacks the one asked for takes its numbered path
   * (workflows have no dated one). @default '2026-09'
   */
  readonly apiVersion?: HubSpotVersion | { readonly [Resource in HubSpotResource]?: HubSpotVersion }
  /** Base paths that win over `apiVersion`, e.g. `{ flows: '/automation/2027-03-beta/flows' }`. @default {} */
  readonly paths?: { readonly [Resource in HubSpotResource]?: string }
  /** Account id (Hub ID). Keeps accounts that share one `Host.cache` apart. @default '' */
  readonly portalId?: string
  /** Contact property that holds our `userId`; unique, made by `schema.ensure`. @default 'tripline_user_id' */
  readonly idProperty?: string
  /** Company property that holds our `groupId`; unique, made by `schema.ensure`. @default 'tripline_group_id' */
  readonly companyIdProperty?: string
  /** Group types that are companies; other groups are skipped. @default ['company'] */
  readonly groupTypes?: readonly string[]
  /**
   * An e-mail address finds a person: someone without `userId` is known by it, and a contact that already holds the
   * address, but no id of ours, is adopted instead of refused. @default false
   */
  readonly emailIdentifies?: boolean
  /** Our `anonymousId` is HubSpot's tracking cookie (`hubspotutk`): events of visitors are sent with it. @default false */
  readonly anonymousIdIsUtk?: boolean
  /** A membership, event or group link of somebody who is no contact yet. @default 'refuse': `dead`, not-found */
  readonly missingContact?: 'refuse' | 'create'
  /**
   * A property that does not exist or a value it cannot take fails the whole record at HubSpot. `drop` sends the record
   * again without them, with losses. @default 'refuse': `dead`, with the property named
   */
  readonly invalidFields?: 'refuse' | 'drop'
  /**
   * Custom events need an Enterprise hub. `properties` counts events in contact properties instead:
   * `last_<event>_at`, `<event>_count`, `last_<event>_key`. @default 'none'
   */
  readonly eventFallback?: 'none' | 'properties'
  /** How an order is written, one form per account: a custom event, or last/total properties. @default 'event' */
  readonly orders?: 'event' | 'properties'
  /**
   * Back-dated events enrol contacts in workflows, so an event with `backfill` is sent under a muted name or not at all.
   * @default 'mute': the name gets the suffix `_backfill`
   */
  readonly backfill?: 'mute' | 'refuse'
  /** Highest tier of any hub; sets the ten-second limit until HubSpot's headers correct it. @default 'free' */
  readonly tier?: 'free' | 'starter' | 'professional' | 'enterprise'
  /** OAuth apps have a ten-second limit of their own, and no daily one. @default 'private-app' */
  readonly credential?: 'private-app' | 'service-key' | 'oauth'
  /** The account bought the API limit add-on. @default false */
  readonly limitAddOn?: boolean
  /** IANA name; the daily limit starts anew at its midnight. @default 'UTC' */
  readonly timeZone?: string
  /**
   * Workflow behind what `start` uses: event name or list id → workflow (flow) id. A disabled one is then `not-live`;
   * without it nobody knows whether a workflow listens. @default {}
   */
  readonly workflows?: Readonly<Record<string, string>>
  /** Legal basis of subscriptions whose `basis` is none of HubSpot's. Accounts in GDPR mode demand one. @default none */
  readonly legalBasis?: HubSpotLegalBasis
  /** Text beside the legal basis. @default the item's `basis` */
  readonly legalBasisExplanation?: string
  /** A value that equals the one in `before` is not sent. @default true */
  readonly skipUnchanged?: boolean
  /** Record ids per list call. HubSpot publishes no number; 100,000 is said to work. @default 10_000 */
  readonly membershipsPerCall?: number
}

export const idPropertyOf = (options: HubSpotOptions): string => options.idProperty ?? 'tripline_user_id'
export const companyIdPropertyOf = (options: HubSpotOptions): string =>
  options.companyIdProperty ?? 'tripline_group_id'
