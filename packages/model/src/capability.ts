/** Everything a connector may be able to do. `webhooks` and `forget` join with the steps that build them. */
export const abilities = [
  'event',
  'profile',
  'link',
  'group',
  'membership',
  'consent',
  'schema',
  'read.since',
  'read.all',
  'read.ids',
  'segments.list',
  'segments.ensure',
  'members.all',
  'members.ids',
  'start',
] as const
export type Ability = (typeof abilities)[number]

export interface Capability {
  /** `emulated`: done with other means of the vendor; `manual`: a person must do it in the vendor's UI. */
  readonly support: 'native' | 'emulated' | 'manual' | 'unsupported'
  /** What a repeated write does. `natural`: no harm; `keyed`: the vendor de-duplicates for `keyForMs`; `doubles`. */
  readonly repeat?: 'natural' | 'keyed' | 'doubles'
  readonly keyForMs?: number
  /** How long until a write can be read back, in ms. */
  readonly visibleAfterMs?: number
  /** Scopes, permissions or tiers that the account must have. */
  readonly needs?: readonly string[]
  readonly because: string
  /** Public URL or `owner/repo:path`. */
  readonly source: string
}
export type Capabilities = Readonly<Record<Ability, Capability>>
