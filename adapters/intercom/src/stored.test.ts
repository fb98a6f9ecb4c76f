import type { Field, Item, Value, Values } from '@tripline/model'
import { mulberry32 } from '@tripline/sandbox'
import { comparePictures, expectIntercom, observeIntercom } from '@tripline/testkit/expectations'
import { expect, test } from 'vitest'
import { at, eventOf, openIntercom, profileOf } from '../fixtures/open-sandbox.ts'

const fields: readonly Field[] = [
  { of: 'user', name: 'plan', type: 'string' },
  { of: 'user', name: 'day', type: 'date' },
  { of: 'user', name: 'moment', type: 'instant' },
  { of: 'user', name: 'likes', type: 'strings' },
  { of: 'user', name: 'age', type: 'integer' },
  { of: 'user', name: 'address.city', type: 'string' },
  { of: 'event', name: 'due', type: 'date' },
]
const seed = {
  dataAttributes: [
    { name: 'plan', data_type: 'string' },
    { name: 'day', data_type: 'date' },
    { name: 'moment', data_type: 'date' },
    { name: 'likes', data_type: 'string' },
    { name: 'age', data_type: 'integer' },
    { name: 'address_city', data_type: 'string' },
    { name: 'agreed', data_type: 'boolean' },
    { name: 'score', data_type: 'float' },
  ],
  tags: [{ id: '9', name: 'seg:vip' }],
  subscriptionTypes: [{ id: '1', consent_type: 'opt_out' }],
} as const
const values: readonly Value[] = [
  null,
  '',
  'gold',
  'x'.repeat(300),
  7,
  1.5,
  true,
  '2026-11-01',
  '2026-11-01T10:00:00.250Z',
  ['a', 'b'],
  [],
  { city: 'Riga' },
  { amount: 19.99, currency: 'EUR' },
  { url: 'https://example.com', value: 'here' },
  [{ product_id: 'p1' }],
]
const names = {
  trait:
    'plan day moment likes age address agreed score unknown os name phone createdAt firstName lastName avatar ownerId',
  group: 'name plan employees website monthlySpend createdAt',
  property: 'total revenue currency price products due deep note',
}

/** Items of all kinds with values that fit and values that do not. */
function randomItems(random: () => number, count: number): readonly Item[] {
  const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One
  const bag = (kind: keyof typeof names): Values =>
    Object.fromEntries(
      Array.from({ length: 1 + Math.floor(random() * 4) }, () => [
        pick(names[kind].split(' ')),
        pick(values),
      ]),
    )
  const make = (index: number): Item => {
    const userId = `u${Math.floor(random() * 5)}`
    const time = new Date(Date.parse(at) + Math.floor(random() * 8) * 500).toISOString()
    const base = { key: `k${index}`, lane: userId, at: time, who: { userId } }
    const yes = random() < 0.5
    switch (pick(['event', 'event', 'profile', 'membership', 'consent', 'group'] as const)) {
      case 'event': {
        const order = yes ? { currency: 'EUR', total: 12.5 } : {}
        const name = pick(['Ordered', 'ordered', 'a.b', 'Order Completed'])
        return eventOf(
          base.key,
          userId,
          name,
          { ...bag('property'), ...order },
          { at: time, backfill: random() < 0.1 },
        )
      }
      case 'profile':
        return profileOf(base.key, userId, bag('trait'))
      case 'membership':
        return { kind: 'membership', ...base, segment: { form: 'tag', id: '9' }, member: yes }
      case 'consent': {
        const state = random() < 0.5 ? 'granted' : 'denied'
        return { kind: 'consent', ...base, channel: 'email', ...(yes && { topic: '1' }), state }
      }
      case 'group': {
        const groupId = `company of ${userId}`
        return {
          kind: 'group',
          ...base,
          groupType: 'company',
          groupId,
          set: bag('group'),
          member: { userId },
        }
      }
    }
  }
  return Array.from({ length: count }, (_, index) => make(index))
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'seed %i: what is stored is what was given, but for the losses that were reported',
  async (number) => {
    const { sandbox, intercom } = await openIntercom({ fields, unknownAttributes: 'drop' }, { seed })
    const items = randomItems(mulberry32(number), 150)
    const { results } = await intercom.deliver(items)
    for (const { outcome } of results) expect(['sent', 'skipped']).toContain(outcome.status)
    const delivered = results.flatMap((result, index) => {
      const item = items[index]
      return item ? [{ item, result }] : []
    })
    const { differences } = comparePictures(
      expectIntercom(delivered, { fields }),
      observeIntercom(sandbox.inspect()),
    )
    expect(differences).toEqual([])
  },
)
