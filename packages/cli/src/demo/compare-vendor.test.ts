import { TriplineError, type Connector, type Item, type Outcome } from '@tripline/model'
import type { SandboxProcess } from '@tripline/sandbox'
import { expect, test } from 'vitest'
import { compareVendor } from './compare-vendor.ts'
import { createCallCounter } from './count-calls.ts'
import type { Place } from './world.ts'
import type { Written } from './write-vendor.ts'

const at = '2026-10-01T10:00:00.000Z'
const event: Item = {
  kind: 'event',
  key: 'e1',
  lane: 'u1',
  at,
  who: { userId: 'u1' },
  event: { type: 'track', event: 'Seen', properties: { page: 1 } },
}
const profile: Item = {
  kind: 'profile',
  key: 'p1',
  lane: 'u1',
  at,
  who: { userId: 'u1' },
  set: { plan: 'pro' },
}
const sent: Outcome = { status: 'sent', proof: 'accepted' }

interface Scene {
  readonly outcome: Outcome
  /** How often the event is there. */
  readonly copies: number
  readonly plan?: string
  readonly readFails?: true
  readonly halt?: Written['delivery']['halt']
}
/** Braze with one person, one event, and what a test says of them. */
async function compare({ outcome, copies, plan = 'pro', readFails, halt }: Scene) {
  const stored = { braze_id: 'b1', name: 'Seen', time: at, properties: { page: 1 } }
  const user = { braze_id: 'b1', external_id: 'u1', user_aliases: [], standard: {}, subscription_groups: {} }
  const state = {
    profiles: [{ ...user, custom_attributes: { plan } }],
    events: Array.from({ length: copies }, () => stored),
    purchases: [],
  }
  const connector = {
    async *readProfiles() {
      if (readFails) throw new TriplineError('braze', { code: 'invalid', message: 'no such field' })
      yield { items: [{ kind: 'profile', who: { userId: 'u1' }, traits: { plan } }], last: true }
    },
    segments: {
      async *members() {
        yield { items: [], last: true }
      },
    },
  } as unknown as Connector
  const place: Place = {
    vendor: 'braze',
    sandbox: { inspect: async () => state } as unknown as SandboxProcess,
    environment: {},
    connector,
    settings: { fields: [{ of: 'user', name: 'plan', type: 'string' }] },
    counter: createCallCounter(),
    membersBy: 'ids',
    readModes: ['ids'],
  }
  const written: Written = {
    delivery: {
      delivered: [
        { item: event, result: { key: 'e1', outcome, losses: [], done: [] } },
        { item: profile, result: { key: 'p1', outcome: sent, losses: [], done: [] } },
      ],
      calls: [],
      halt,
    },
    ensured: [],
    segment: { segment: { form: 'attribute', id: 'seg_vip' }, created: false, manual: [] },
    strangers: 0,
    seconds: 0,
  }
  const signal = new AbortController().signal
  const { differences } = await compareVendor(place, { written, startAt: at, signal })
  return differences.listed.map(({ seenBy, what }) => `${seenBy}: ${what}`)
}

test('what must be there is there, once', async () => {
  expect(await compare({ outcome: sent, copies: 1 })).toEqual([])
  expect(await compare({ outcome: sent, copies: 0 })).toEqual([`inspection: event "Seen" at ${at}`])
  expect(await compare({ outcome: sent, copies: 2 })).toEqual([`inspection: event "Seen" at ${at}`])
})

test('perhaps twice allows one more in all, however it came about', async () => {
  const outcome: Outcome = { ...sent, maybeTwice: true }
  expect(await compare({ outcome, copies: 2 })).toEqual([])
  expect(await compare({ outcome, copies: 3 })).toEqual(['delivery: events in all'])
})

test('a wrong value is seen in the state and through the API', async () => {
  expect(await compare({ outcome: sent, copies: 1, plan: 'free' })).toEqual([
    'profiles: trait plan, read ids',
    'inspection: plan',
  ])
})

test('what was never delivered, a halt and a refused read are differences', async () => {
  const fault = { code: 'auth', message: 'key refused' } as const
  expect(await compare({ outcome: { status: 'retry', fault }, copies: 0 })).toEqual([
    'delivery: items never delivered',
  ])
  expect(await compare({ outcome: sent, copies: 1, halt: { what: 'connector', fault } })).toEqual([
    'delivery: halt of connector',
  ])
  expect(await compare({ outcome: sent, copies: 1, readFails: true })).toEqual(['delivery: reading'])
})
