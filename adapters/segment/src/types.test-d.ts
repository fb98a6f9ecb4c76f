import type { Connector } from '@tripline/model'
import { expectTypeOf, test } from 'vitest'
import { createSegment, segmentCapabilities, type SegmentOptions } from './index.ts'

test('createSegment gives a Connector, and knows two regions', () => {
  expectTypeOf(createSegment).returns.toEqualTypeOf<Connector>()
  expectTypeOf<SegmentOptions['region']>().toEqualTypeOf<'us' | 'eu' | undefined>()
  createSegment({})
  // @ts-expect-error Segment has no region in Asia
  createSegment({ region: 'asia' })
})

test('an OAuth application needs both of its ids', () => {
  expectTypeOf<NonNullable<SegmentOptions['oauth']>['keyId']>().toEqualTypeOf<string>()
  // @ts-expect-error the key's id tells Segment which public key to check with
  createSegment({ oauth: { clientId: 'app' } })
})

test('capabilities keep their literal types', () => {
  expectTypeOf(segmentCapabilities.event.repeat).toEqualTypeOf<'keyed'>()
})
