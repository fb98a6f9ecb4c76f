import { definePlan, did, on, segment, trigger } from '@tripline/triggers'
import { expectTypeOf, test } from 'vitest'
import { defineConfig, type TriplineConfig } from '../index.ts'

const plan = definePlan({ events: { 'Signed Up': { plan: 'string' } }, traits: { vip: 'boolean' } })
const signedUp = plan.event('Signed Up')

test('a config takes what was built, and the same as JSON', () => {
  const config = defineConfig({
    connectors: {},
    plan,
    segments: [segment('new', did(signedUp, { within: '7d' }))],
    triggers: [trigger('welcome', { when: on(signedUp) })],
    policy: { caps: [{ channel: 'email', count: 3, per: '7d' }] },
  })
  expectTypeOf(config).toEqualTypeOf<TriplineConfig>()
  defineConfig({
    connectors: {},
    plan: { specVersion: 1, events: { 'Signed Up': { plan: 'string' } } },
    triggers: [
      { specVersion: 1, id: 't', when: { kind: 'on', event: { type: 'track', name: 'Signed Up' } } },
    ],
  })
  // @ts-expect-error a trigger needs an occasion
  defineConfig({ connectors: {}, triggers: [{ specVersion: 1, id: 't' }] })
  // @ts-expect-error no such part of a policy
  defineConfig({ connectors: {}, policy: { cap: [] } })
})
