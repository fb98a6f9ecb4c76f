import type { Connector } from '@tripline/model'
import { expectTypeOf, test } from 'vitest'
import { brazeCapabilities, createBraze, type BrazeOptions } from './index.ts'

test('createBraze gives a Connector and needs a host', () => {
  expectTypeOf(createBraze).returns.toEqualTypeOf<Connector>()
  expectTypeOf<BrazeOptions['baseUrl']>().toEqualTypeOf<string | URL>()
  // @ts-expect-error Braze has no common host, so the cluster's is required
  createBraze({ apiKey: 'key' })
})

test('capabilities keep their literal types', () => {
  expectTypeOf(brazeCapabilities.event.repeat).toEqualTypeOf<'doubles'>()
})
