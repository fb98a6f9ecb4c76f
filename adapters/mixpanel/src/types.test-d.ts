import type { Connector } from '@tripline/model'
import { expectTypeOf, test } from 'vitest'
import { createMixpanel, mixpanelCapabilities, type MixpanelOptions } from './index.ts'

const options = { region: 'eu', projectId: '1', projectToken: 'token' } as const

test('createMixpanel', () => {
  expectTypeOf(createMixpanel).returns.toEqualTypeOf<Connector>()
  expectTypeOf(options).toExtend<MixpanelOptions>()
  // @ts-expect-error the region is required: data does not move between them
  createMixpanel({ projectId: '1', projectToken: 'token' })
  // @ts-expect-error there are three regions
  createMixpanel({ ...options, region: 'de' })
  // @ts-expect-error ids are text
  createMixpanel({ ...options, projectId: 1 })
})
test('capabilities are known at compile time', () => {
  expectTypeOf(mixpanelCapabilities.event.repeat).toEqualTypeOf<'keyed'>()
  expectTypeOf(mixpanelCapabilities['read.since'].support).toEqualTypeOf<'unsupported'>()
})
