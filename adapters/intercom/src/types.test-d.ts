import type { Connector, Host } from '@tripline/model'
import { IntercomClient } from 'intercom-client'
import { expectTypeOf, test } from 'vitest'
import {
  createIntercom,
  type intercomCapabilities,
  type intercomLimits,
  type IntercomOptions,
} from './index.ts'

test('createIntercom', () => {
  expectTypeOf(createIntercom).returns.toEqualTypeOf<Connector>()
  expectTypeOf(createIntercom).parameter(1).toEqualTypeOf<Partial<Host> | undefined>()
  createIntercom({}) // the token comes from the environment, the region is the US
  createIntercom({ region: 'eu', accessToken: async () => 'token', anonymousPeople: 'lead' })
  // @ts-expect-error Intercom has three regions
  createIntercom({ region: 'uk' })
  // @ts-expect-error the version is text: 2.1 and 2.10 are two versions
  createIntercom({ apiVersion: 2.16 })
})

test('tables are data, down to their literals', () => {
  expectTypeOf<(typeof intercomCapabilities)['event']['repeat']>().toEqualTypeOf<'keyed'>()
  expectTypeOf<(typeof intercomCapabilities)['start']['repeat']>().toEqualTypeOf<'doubles'>()
  expectTypeOf<(typeof intercomLimits)[0]['id']>().toEqualTypeOf<'app.rate'>()
  expectTypeOf<IntercomOptions['sameSecond']>().toEqualTypeOf<'bump' | 'collapse' | undefined>()
})

test('the types of intercom-client 7.0.3 end at version 2.14, so ours goes by header', () => {
  expectTypeOf(IntercomClient).toBeConstructibleWith({ version: '2.14' })
  // @ts-expect-error when 2.16 is in its list, the header can go
  expectTypeOf(IntercomClient).toBeConstructibleWith({ version: '2.16' })
})
