import type { ConnectorOptions, Secret } from '@tripline/kit'

export interface BrazeOptions extends ConnectorOptions {
  /** REST API key. @default process.env.BRAZE_API_KEY, read on first use */
  readonly apiKey?: Secret
  /**
   * Your cluster's REST host, e.g. `https://rest.iad-01.braze.com`. Required: Braze has no common host.
   * https://www.braze.com/docs/api/basics/#endpoints
   */
  readonly baseUrl: string | URL
  /** App identifier (`app_id`) put on events and purchases, for app-level analytics. @default none */
  readonly appId?: string
  /** Label under which an anonymous id is kept as a user alias. @default 'anonymous_id' */
  readonly aliasLabel?: string
  /**
   * How an order is written; one form per account, because revenue counts in each. An order that lacks what the form
   * needs takes the next one down, with a loss: `ecommerce` (`ecommerce.order_placed`) → `purchases` → `event`.
   * @default 'ecommerce'
   */
  readonly orders?: 'ecommerce' | 'purchases' | 'event'
  /** `source` of ecommerce recommended events. @default 'tripline' */
  readonly ecommerceSource?: string
  /**
   * Back-dated events start Canvases, so an event with `backfill` is sent under a muted name or not at all.
   * @default 'mute': the name gets the suffix ` (backfill)`
   */
  readonly backfill?: 'mute' | 'refuse'
  /** A dashboard segment that holds everybody; `readProfiles` with mode `all` exports it. @default none: not possible */
  readonly everyoneSegmentId?: string
  /** `fields` billed by data points: unchanged attributes are never sent. @default true */
  readonly skipUnchanged?: boolean
}
