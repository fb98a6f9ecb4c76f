import type { EnsuredField, Field } from '@tripline/model'
import type { Vendor } from '../config/vendors.ts'
import { isRouted, type PlanOptions } from './plan-fields.ts'

export type AppliedField = EnsuredField & { readonly vendor: Vendor }

/**
 * Creates what a vendor lacks of the registry, and what its adapter needs itself (HubSpot's id property, also without
 * any field). Never changes or removes a field.
 */
export async function applyFields({
  vendor,
  connector,
  fields,
  route,
  signal,
}: Omit<PlanOptions, 'names'>): Promise<readonly AppliedField[]> {
  const wanted: readonly Field[] = fields.filter((field) => isRouted(field, route))
  const ensured = await connector.schema.ensure(wanted, { signal })
  return ensured.map((each) => ({ ...each, vendor }))
}
