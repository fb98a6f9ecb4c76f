import type { Secret } from '@tripline/kit'
import type { Field } from '@tripline/model'
import type {
  DefinitionsInput,
  PlanInput,
  SegmentInput,
  TrackingPlan,
  TriggerInput,
} from '@tripline/triggers'
import type { ConnectorsConfig } from './connectors.ts'
import type { Routes } from './route-rule.ts'
import type { Vendor } from './vendors.ts'

/** An entry of the field registry. Its place is its importance: where a vendor's limit bites, the last ones go first. */
export type FieldConfig = Field & {
  /** What a vendor calls it. @default the adapter's table, or its fold of the name */
  readonly names?: Readonly<Partial<Record<Vendor, string>>>
}
/** Canonical event name → what the vendors call it: one name for all, or one for each. */
export type EventNames = Readonly<Record<string, string | Readonly<Partial<Record<Vendor, string>>>>>

/** What `tripline.config.ts` holds. Each command uses the parts it needs. */
export interface TriplineConfig {
  /** The accounts. Only those named here are loaded and called. Secrets come from the environment or a callback. */
  readonly connectors: ConnectorsConfig
  /** The field registry. @default [] */
  readonly fields?: readonly FieldConfig[]
  /** What goes where. @default everything to every configured vendor */
  readonly routes?: Routes
  /** Renames of events; win over the adapters' tables. @default {} */
  readonly events?: EventNames
  /** What events and traits there are: `definePlan(…)`, or its JSON. */
  readonly plan?: { readonly definition: TrackingPlan } | PlanInput
  /** @default [] */
  readonly segments?: readonly SegmentInput[]
  /** @default [] */
  readonly triggers?: readonly TriggerInput[]
  /** What holds for all triggers. */
  readonly policy?: NonNullable<DefinitionsInput['policy']>
  /** `groupType` of Segment `group` calls, which do not name one. @default 'company' */
  readonly groupType?: string
  /** Copies plausible `email` and `phone` traits into the identity, for accounts where they identify people. @default false */
  readonly identityTraits?: boolean
  /** Whether the `previousId` of an `alias` is anonymous. @default only when it is the message's own `anonymousId` */
  readonly isAnonymousId?: (previousId: string) => boolean
}
export type { Secret }

/**
 * Types a config; checks nothing. The command checks it when it loads it, and names each mistake by its path.
 * @example
 * export default defineConfig({
 *   connectors: { braze: { baseUrl: 'https://rest.iad-01.braze.com' } },
 *   fields: [{ of: 'user', name: 'plan', type: 'string' }],
 *   routes: { braze: { events: { except: ['Page Viewed'] } } },
 * })
 */
export const defineConfig = (config: TriplineConfig): TriplineConfig => config
