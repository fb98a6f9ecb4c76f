import type { EventItem, Values } from '@tripline/model'
import { expect, test } from 'vitest'
import { findVips, membershipItems } from './vip.ts'

const order = (userId: string, day: string, properties: Values): EventItem => ({
  kind: 'event',
  key: `${userId}-${day}`,
  lane: userId,
  at: `2026-10-${day}T10:00:00.000Z`,
  who: { userId },
  event: { type: 'track', event: 'Order Completed', properties },
})
const newestAt = '2026-10-30T10:00:00.000Z'

test('revenue decides, at one rate for each currency; who stopped buying leaves', () => {
  const vips = findVips(
    [
      order('eur', '20', { revenue: 150, currency: 'EUR' }),
      order('less', '20', { revenue: 149.99, currency: 'EUR' }),
      order('yen', '29', { revenue: 24_000, currency: 'JPY' }),
      order('lapsed', '01', { revenue: 400, currency: 'EUR' }),
      order('lapsed', '02', { revenue: 400, currency: 'EUR' }),
      order('odd', '20', { revenue: 1e9, currency: 'XXX' }),
    ],
    newestAt,
  )
  expect(vips.joined).toEqual(['eur', 'yen', 'lapsed'])
  expect(vips.left).toEqual(['lapsed'])
})

test('without any revenue the number of orders decides', () => {
  const orders = (userId: string, count: number) =>
    Array.from({ length: count }, (_, index) => order(userId, String(20 + index), {}))
  expect(findVips([...orders('often', 5), ...orders('seldom', 4)], newestAt).joined).toEqual(['often'])
})

test('leaving is written after joining, each with its own key', () => {
  const items = membershipItems(
    { rule: '', joined: ['a', 'b'], left: ['b'] },
    { form: 'list', id: '7' },
    newestAt,
  )
  expect(items.map(({ key, member }) => [key, member])).toEqual([
    ['vip-join-a', true],
    ['vip-join-b', true],
    ['vip-leave-b', false],
  ])
})
