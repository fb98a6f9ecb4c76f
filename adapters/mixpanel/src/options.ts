import type { ConnectorOptions, Secret } from '@tripline/kit'

export type MixpanelRegion = 'us' | 'eu' | 'in'

export interface MixpanelOptions extends ConnectorOptions {
  /**
   * Where the project's data lives; fixed when the project was made. Required: another region's hosts refuse or lose
   * what they get. https://docs.mixpanel.com/docs/privacy/eu-residency
   */
  readonly region: MixpanelRegion
  /** The project's number as text, e.g. `'3141592'`. */
  readonly projectId: string
  /** The project token (public); profiles and groups go by it. */
  readonly projectToken: string
  /**
   * A service account with the role admin or owner (`/import` needs it).
   * @default process.env.MIXPANEL_SERVICE_ACCOUNT_USERNAME, read on first use
   */
  readonly serviceAccountUsername?: Secret
  /** @default process.env.MIXPANEL_SERVICE_ACCOUNT_SECRET, read on first use */
  readonly serviceAccountSecret?: Secret
  /** One address for all API families (a proxy, a sandbox). @default the region's hosts */
  readonly baseUrl?: string | URL
  /** The address of one API family; wins over `baseUrl`. @default the region's hosts */
  readonly hosts?: {
    /** `/import`, `/engage`, `/groups`. */
    readonly ingestion?: string | URL
    /** `/api/query/*`. */
    readonly query?: string | URL
    /** `/api/app/*`. */
    readonly app?: string | URL
  }
  /**
   * How the project joins anonymous and known people; look it up in its settings. In an `original` project links are
   * sent as `$identify` (anonymous id is a UUID v4) or `$create_alias`, and a read profile has only its Mixpanel id,
   * because Mixpanel chooses which id of a person that is. A simplified project refuses a batch with those events.
   * https://docs.mixpanel.com/docs/tracking-methods/id-management
   * @default 'simplified'
   */
  readonly identityMode?: 'simplified' | 'original'
  /** Name of the event that joins an anonymous id to a user in a simplified project. @default 'Identity Linked' */
  readonly linkEvent?: string
  /** Group keys of the project (Group Analytics add-on), e.g. `['company']`; group profiles are written for these. @default [] */
  readonly groupKeys?: readonly string[]
  /**
   * Events with `backfill`. Mixpanel itself starts nothing by an event, but a cohort may count old events, too, and a sync
   * set up behind it hands people on: then `mute` (the name gets the suffix ` (backfill)`) or `refuse`. @default 'send'
   */
  readonly backfill?: 'send' | 'mute' | 'refuse'
  /** Compress event batches above 1 KB. @default true */
  readonly gzip?: boolean
  /**
   * Bytes of one request body before compression. The docs say 10 MB, an example of theirs 2,097,152; a refused batch
   * is halved either way. @default 10_000_000
   */
  readonly maxBodyBytes?: number
  /** Values that equal `before` are not sent. @default true */
  readonly skipUnchanged?: boolean
  /**
   * Make the cohort on a membership flag by the App API, which only Mixpanel's own alpha tools use. What it refuses
   * comes back as a recipe to do by hand. mixpanel/terraform-provider-mixpanel:gen/refined_manifest.json
   * @default false
   */
  readonly experimentalCohorts?: boolean
}
