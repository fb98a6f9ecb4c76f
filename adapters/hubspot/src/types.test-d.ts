import type { Connector } from '@tripline/model'
import { expectTypeOf, test } from 'vitest'
import { createHubSpot, hubspotCapabilities, hubspotLimits } from './index.ts'

test('createHubSpot', () => {
  expectTypeOf(createHubSpot).returns.toExtend<Connector>()
  createHubSpot()
  createHubSpot({ accessToken: async (expired) => (expired ? 'new' : 'old') })
  createHubSpot({ apiVersion: { lists: '2026-03' } })
  // @ts-expect-error HubSpot has no such generation of paths
  createHubSpot({ apiVersion: '2025-01' })
  // @ts-expect-error an order has one of two forms
  createHubSpot({ orders: 'purchases' })
})

test('the tables are literal', () => {
  expectTypeOf(hubspotCapabilities.event.repeat).toEqualTypeOf<'keyed'>()
  expectTypeOf(hubspotLimits[0].id).toEqualTypeOf<'tenSeconds.rate'>()
})
