import type { RateWindow } from '../core/index.ts'
import type { RateGroup } from './limits.ts'

/** A REST API key. Its permissions are fixed when it is made: a new permission means a new key. */
export interface BrazeApiKey {
  readonly key: string
  /** `all`, or the permission names of the endpoint pages, such as `users.track`. */
  readonly permissions: 'all' | readonly string[]
}

/**
 * One workspace as Braze's people and its contract have set it up. Every switch stands for something that differs between
 * real accounts, or that Braze does not document; the default is then the stricter reading.
 */
export interface BrazeAccount {
  readonly apiKeys: readonly BrazeApiKey[]
  /** What is paid for. It decides the limit of `/users/track` and the form of its 429. @default 'data-points' */
  readonly plan: 'data-points' | 'mau'
  /** Requests to `/users/track` of a `mau` plan, per clock hour and per 3 s. Braze sets them per company, so there is no default. */
  readonly mauLimits: { readonly perHour: number; readonly perThreeSeconds: number } | undefined
  /** Objects of one track request: counted together, or in each array (older contracts). @default 'combined' */
  readonly trackLimit: 'combined' | 'per-array'
  /** @default 75 (50 on the 2024/25 MAU plans: braze-inc/braze-docs:_docs/_api/endpoints/user_data/post_user_track.md) */
  readonly trackMaxObjects: number
  /** `/users/track/bulk` and `/users/track/sync` are limited betas; without them they answer 403. @default true */
  readonly trackBetas: boolean
  /** What happens to a value that does not have the attribute's type. @default 'coerce' */
  readonly typeConflict: 'coerce' | 'drop'
  /** Text in ISO 8601 form makes a new attribute a time. @default true */
  readonly isoTextIsTime: boolean
  /**
   * An array with more than 500 elements: no update, or cut to the newest 500. Braze's pages say either
   * (braze-inc/braze-docs:_docs/_api/endpoints/user_data/post_user_track_synchronous.md, and an older
   * _docs/_api/objects_filters/user_attributes_object.md). @default 'drop'
   */
  readonly longArrays: 'drop' | 'cut'
  /** `/users/export/ids`: accounts since 2024-08-22, earlier ones, and the faster variant of some. @default '250-a-minute' */
  readonly exportIdsRate: '250-a-minute' | '2500-a-minute' | '40-a-second'
  /** Without `fields_to_export` the call is refused (accounts since 2024-08-22). @default true */
  readonly exportFieldsRequired: boolean
  /** Whether one export may name users by more than one kind of identifier; undocumented. @default false */
  readonly exportMixesIdentifiers: boolean
  /** A paused or archived campaign: 201 with `notice` as for a Canvas, or 400; undocumented. @default 'notice' */
  readonly pausedCampaign: 'notice' | 'refuse'
  /** Whether `canvas_entry_properties` still counts beside `context`; undocumented since 2026. @default false */
  readonly legacyCanvasProperties: boolean
  /** Braze's pages bill a `country` and `language` that are set by hand; other people's code disagrees. @default true */
  readonly billsCountryAndLanguage: boolean
  /** From 201 to stored. Braze: normally 10 to 100 ms. @default 50 */
  readonly visibleAfterMs: number
  /** From the call to gone, for delete and for the source of a merge. Braze: up to 5 min. @default 300_000 */
  readonly removedAfterMs: number
  /** From the call to a finished segment export; Braze promises nothing. @default 60_000 */
  readonly exportReadyAfterMs: number
  /** Ids that spam blocking refuses (dummy users with more than 5 million sessions). @default [] */
  readonly blockedExternalIds: readonly string[]
  /** Limits raised or lowered for this account. */
  readonly rateLimits: Readonly<Partial<Record<RateGroup, RateWindow>>>
}

/** Ready to use: `Authorization: Bearer braze-sandbox-key`. */
export const brazeDefaults = {
  apiKeys: [{ key: 'braze-sandbox-key', permissions: 'all' }],
  plan: 'data-points',
  mauLimits: undefined,
  trackLimit: 'combined',
  trackMaxObjects: 75,
  trackBetas: true,
  typeConflict: 'coerce',
  isoTextIsTime: true,
  longArrays: 'drop',
  exportIdsRate: '250-a-minute',
  exportFieldsRequired: true,
  exportMixesIdentifiers: false,
  pausedCampaign: 'notice',
  legacyCanvasProperties: false,
  billsCountryAndLanguage: true,
  visibleAfterMs: 50,
  removedAfterMs: 300_000,
  exportReadyAfterMs: 60_000,
  blockedExternalIds: [],
  rateLimits: {},
} as const satisfies BrazeAccount
