import type { Vendor } from './vendors.ts'

/** What an option of an adapter may be. The types say the same to the editor; these rules say it to a running program. */
export type OptionRule =
  | { readonly is: 'text' | 'url' | 'flag' | 'texts' | 'names' | 'fields'; readonly required?: true }
  | { readonly is: 'count'; readonly min: number; readonly required?: true }
  | { readonly is: 'choice'; readonly of: readonly (string | number | boolean)[]; readonly required?: true }
  /** From the environment or a callback, never written out. `environment` is read when the option is absent. */
  | { readonly is: 'secret'; readonly environment?: string; readonly required?: true }
  /** Checked by the adapter itself when it is created. */
  | { readonly is: 'anything'; readonly required?: true }

const common = {
  fields: { is: 'fields' },
  eventNames: { is: 'names' },
  fieldNames: { is: 'names' },
  timeoutMs: { is: 'count', min: 1 },
  maxAttempts: { is: 'count', min: 1 },
} as const satisfies Record<string, OptionRule>

export const optionRules: Readonly<Record<Vendor, Readonly<Record<string, OptionRule>>>> = {
  segment: { ...common },
  mixpanel: { ...common },
  hubspot: { ...common },
  braze: {
    ...common,
    apiKey: { is: 'secret', environment: 'BRAZE_API_KEY' },
    baseUrl: { is: 'url', required: true },
    appId: { is: 'text' },
    aliasLabel: { is: 'text' },
    orders: { is: 'choice', of: ['ecommerce', 'purchases', 'event'] },
    ecommerceSource: { is: 'text' },
    backfill: { is: 'choice', of: ['mute', 'refuse'] },
    everyoneSegmentId: { is: 'text' },
    skipUnchanged: { is: 'flag' },
  },
  intercom: { ...common },
}
