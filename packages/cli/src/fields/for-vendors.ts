import { fieldNamesOf, toField } from '../config/connector-options.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { Field } from '@tripline/model'
import type { PlanOptions } from './plan-fields.ts'

/** What each configured vendor's part of the registry is compared with, or all of them but those not named. */
export function fieldsForVendors(
  loaded: LoadedConfig,
  only: readonly string[],
  signal: AbortSignal,
): readonly PlanOptions[] {
  const named = only.map((name) => loaded.vendor(name))
  const { fields = [], routes = {}, connectors } = loaded.config
  return loaded.vendors
    .filter((vendor) => named.length === 0 || named.includes(vendor))
    .map((vendor) => ({
      vendor,
      connector: loaded.connector(vendor),
      fields: [...(connectors[vendor]?.fields ?? []), ...fields.map(toField)],
      names: { ...fieldNamesOf(vendor, fields), ...connectors[vendor]?.fieldNames },
      route: routes[vendor] ?? {},
      signal,
    }))
}

/** `user.plan`, `event "Order Completed".total`. */
export const fieldTitle = ({ of, event, name }: Field): string =>
  `${of}${event === undefined ? '' : ` ${JSON.stringify(event)}`}.${name}`
