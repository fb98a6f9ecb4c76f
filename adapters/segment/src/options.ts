import type { ConnectorOptions, Secret } from '@tripline/kit'

export type SegmentRegion = 'us' | 'eu'
/** The four interfaces of Segment, each with its own host and credential. */
export type SegmentApi = 'tracking' | 'profile' | 'public' | 'oauth'

/**
 * An OAuth application, for sources and workspaces that ask for one. The private key signs short-lived assertions; it is
 * never sent. https://segment.com/docs/connections/oauth/
 */
export interface SegmentOAuth {
  readonly clientId: string
  readonly keyId: string
  /** PKCS #8 PEM. @default process.env.SEGMENT_OAUTH_PRIVATE_KEY, read on first use */
  readonly privateKey?: Secret
  /** What the token is used for; the application must have these scopes. @default ['tracking_api:write'] */
  readonly scopes?: readonly ('tracking_api:write' | 'public_api:read_write')[]
}

export interface SegmentOptions extends ConnectorOptions {
  /** Write key of the source that takes what is delivered. @default process.env.SEGMENT_WRITE_KEY, read on first use */
  readonly writeKey?: Secret
  /**
   * A lasting name of that source. Segment recognises repeats by `messageId` over all sources, so the ids are made from
   * this and the item's key: two sources need two names, or the second loses its copy.
   * @default derived from the write key; a retry across a change of the key then counts twice
   */
  readonly source?: string
  /** Writes with a token of this application instead of the bare write key. @default none */
  readonly oauth?: SegmentOAuth
  /** Unify space (`spa_…`) for reading profiles and for audiences. @default none: profiles and segments cannot be read */
  readonly spaceId?: string
  /** Profile API access token of that space. @default process.env.SEGMENT_PROFILE_TOKEN, read on first use */
  readonly profileToken?: Secret
  /** Public API token of the workspace. @default process.env.SEGMENT_PUBLIC_API_TOKEN, read on first use */
  readonly publicApiToken?: Secret
  /**
   * Where the workspace lives. Data sent to the other region may be answered with 200 and lost.
   * https://segment.com/docs/guides/regional-segment/ @default 'us'
   */
  readonly region?: SegmentRegion
  /** One address for all four interfaces (a proxy, a sandbox). @default the region's hosts */
  readonly baseUrl?: string | URL
  /** The address of one interface; wins over `baseUrl`. A path prefix is kept. @default the region's hosts */
  readonly hosts?: Readonly<Partial<Record<SegmentApi, string | URL>>>
  /**
   * Which destinations get what is delivered, by their display names, e.g. `{ All: false, Mixpanel: true }`. Case counts.
   * https://segment.com/docs/guides/filtering-data/#filtering-with-the-integrations-object @default all of them
   */
  readonly integrations?: Readonly<
    Record<string, boolean | Readonly<Record<string, string | number | boolean>>>
  >
  /**
   * Back-dated events may fill audiences and start journeys, so an event with `backfill` is sent under a muted name or not
   * at all. Pages and screens count by their kind, not by their name, so they cannot be muted. @default 'mute': the name
   * gets the suffix ` (backfill)`
   */
  readonly backfill?: 'mute' | 'refuse'
  /**
   * `channel`, or `channel:topic`, → id of the consent category in Segment. @default the channel, or `channel_topic`
   */
  readonly consentCategories?: Readonly<Record<string, string>>
  /** `segments.ensure` also makes the audience on the trait, where the workspace has audiences. @default true */
  readonly audiences?: boolean
  /** Profiles may be looked up by e-mail when neither id finds one. @default false */
  readonly emailIdentifies?: boolean
  /** Traits that equal `before` are not sent again. @default true */
  readonly skipUnchanged?: boolean
}
