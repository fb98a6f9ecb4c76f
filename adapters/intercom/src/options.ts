import type { ConnectorOptions, Secret } from '@tripline/kit'

export interface IntercomOptions extends ConnectorOptions {
  /** Access token of the workspace's app. @default process.env.INTERCOM_ACCESS_TOKEN, read on first use */
  readonly accessToken?: Secret
  /** Where the workspace lives; a token of another region is refused with 401. @default 'us' */
  readonly region?: 'us' | 'eu' | 'au'
  /** Replaces the region's host, e.g. for the sandbox. @default the host of `region` */
  readonly baseUrl?: string | URL
  /** Sent as `Intercom-Version`. Written for and tested with the default. @default '2.16' */
  readonly apiVersion?: string
  /**
   * Id of the workspace (`app_id`). Keeps the cached ids of two workspaces apart when both lend one cache, and `check`
   * compares it. @default none
   */
  readonly workspaceId?: string
  /** Calls per minute that Intercom grants the app; raised on request. @default 10_000 */
  readonly callsPerMinute?: number
  /** The workspace's users are told apart by e-mail address, too: it finds people where nothing else does. @default false */
  readonly emailIdentifies?: boolean
  /** Creates a contact that an event, a tag, a company or a consent is for and that is not there; else `dead`. @default true */
  readonly createMissingContacts?: boolean
  /**
   * Intercom has no anonymous people. `lead`: they become leads, and `link` makes such a lead the user. A lead is found
   * again only by the cache (Intercom makes its external id), and an answer lost on its creation may leave two.
   * @default 'skip'
   */
  readonly anonymousPeople?: 'skip' | 'lead'
  /** `link` where lead and user both exist: merges the lead into the user, which cannot be undone. @default false */
  readonly mergeLeads?: boolean
  /** An archived contact with the same ids is brought back and updated. @default false: `dead` with code `conflict` */
  readonly reviveArchived?: boolean
  /** Custom attributes must exist. What becomes of values that Intercom has no attribute for. @default 'dead', that item only */
  readonly unknownAttributes?: 'dead' | 'drop'
  /** Intercom holds no lists: their texts in one text, or nothing, with a loss either way. @default 'join' */
  readonly lists?: 'join' | 'drop'
  /** Between the texts of a list. @default ', ' */
  readonly listSeparator?: string
  /**
   * Intercom keeps one event per contact, name and second. `bump`: a later one is sent with the next free second;
   * `collapse`: it is left to Intercom, which ignores it. Both are reported as losses. @default 'bump'
   */
  readonly sameSecond?: 'bump' | 'collapse'
  /**
   * An event with `backfill` may start nothing, and whether Intercom's event rules see a back-dated one is not
   * documented: it is sent under a muted name or not at all. @default 'mute': the name gets the suffix ` (backfill)`
   */
  readonly backfill?: 'mute' | 'refuse'
  /** Group types that become companies; Intercom has no other groups. @default ['company'] */
  readonly groupTypes?: readonly string[]
  /** The admin (teammate) that messages come from; required to `start` a message. @default none */
  readonly adminId?: string
  /** Writes the trait `lastSeenAt`. It resets Intercom's "last seen", on which inactivity rules rest. @default false */
  readonly writeLastSeen?: boolean
}
