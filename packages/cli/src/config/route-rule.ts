import type { ItemKind } from './item-kinds.ts'
import type { Vendor } from './vendors.ts'

/** A choice of names: either these, or all but these. Naming both is a mistake of the config. */
export interface NameChoice {
  readonly only?: readonly string[]
  readonly except?: readonly string[]
}
/**
 * What one vendor gets. Everything that is not narrowed here goes to every configured vendor.
 * @example { items: ['event', 'profile', 'link'], events: { only: ['Order Completed'] }, lastDays: 90 }
 */
export interface RouteRule {
  /** Nothing goes there. @default false */
  readonly off?: boolean
  /** Kinds of items. @default all six */
  readonly items?: readonly ItemKind[]
  /** Events by canonical name; pages and screens by the page's name. @default all */
  readonly events?: NameChoice
  /** Traits of profiles and groups by canonical name. What is withheld is no loss: it was never meant for there. @default all */
  readonly fields?: NameChoice
  /**
   * Only events of the last days, counted back from the newest event of the input or from `--now`. Profiles, links,
   * groups, memberships and consent are states and go however old they are. @default all
   */
  readonly lastDays?: number
}
export type Routes = Readonly<Partial<Record<Vendor, RouteRule>>>
