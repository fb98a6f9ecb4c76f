import { describe, expect, test } from 'vitest'
import { brazeLimits } from '@tripline/braze'
import { hubspotLimits } from '@tripline/hubspot'
import { intercomLimits } from '@tripline/intercom'
import { mixpanelLimits } from '@tripline/mixpanel'
import { segmentLimits } from '@tripline/segment'
import type { Limit } from '@tripline/model'
import type { Vendor } from '../../scripts/workspace.ts'
import { endpointTables } from './endpoint-tables.ts'

const limits: Readonly<Record<Vendor, readonly Limit[]>> = {
  segment: segmentLimits,
  mixpanel: mixpanelLimits,
  hubspot: hubspotLimits,
  braze: brazeLimits,
  intercom: intercomLimits,
}

/** Nobody waits until midnight: HubSpot's answer ends the day, not our counting. */
const byAnswer: ReadonlySet<string> = new Set(['day.rate'])

describe.each(Object.entries(limits))('limits of %s', (vendor, table) => {
  const known = new Set(['*', ...endpointTables[vendor as Vendor]])

  test('name endpoints that the adapter has', () => {
    const unknown = table.flatMap(({ id, endpoints }) =>
      endpoints.filter((endpoint) => !known.has(endpoint)).map((endpoint) => `${id}: ${endpoint}`),
    )
    expect(unknown).toEqual([])
    const nowhere = table.filter(({ id, endpoints }) => endpoints.length === 0 && !byAnswer.has(id))
    expect(nowhere).toEqual([])
  })
  test('have ids of their own', () => {
    const ids = table.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
