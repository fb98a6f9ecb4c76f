import { expect, test } from 'vitest'
import { isNamedBy, renamed } from './naming.ts'

test.each([
  ['Title Case', 'Order Completed', true],
  ['Title Case', 'Product Added to Wishlist', true],
  ['Title Case', 'In-App Message Clicked', true],
  ['Title Case', '2FA Enabled', true],
  ['Title Case', 'Übung Beendet', true],
  ['Title Case', 'to Wishlist', false],
  ['Title Case', 'Order completed', false],
  ['Title Case', 'Order  Completed', false],
  ['Title Case', 'Order Completed ', false],
  ['snake_case', 'product_id', true],
  ['snake_case', 'address_2', true],
  ['snake_case', 'productId', false],
  ['snake_case', 'product__id', false],
  ['snake_case', '_id', false],
  ['camelCase', 'lifetimeValue', true],
  ['camelCase', 'LifetimeValue', false],
  ['camelCase', 'lifetime_value', false],
] as const)('%s: %s', (rule, name, isRight) => {
  expect(isNamedBy(rule, name)).toBe(isRight)
})

test('an own pattern is about the whole name', () => {
  expect(isNamedBy({ pattern: 'a|b' }, 'a')).toBe(true)
  expect(isNamedBy({ pattern: 'a|b' }, 'ab')).toBe(false)
})

test.each([
  ['Title Case', 'order_completed', 'Order Completed'],
  ['Title Case', 'productAddedToWishlist', 'Product Added to Wishlist'],
  ['snake_case', 'Product ID', 'product_id'],
  ['snake_case', 'lifetimeValue', 'lifetime_value'],
  ['camelCase', 'lifetime value', 'lifetimeValue'],
] as const)('%s: %s becomes %s', (rule, name, better) => {
  expect(renamed(rule, name)).toBe(better)
})

test('no name comes out of what has no letters', () => {
  expect(renamed('camelCase', '!!')).toBeUndefined()
  expect(renamed({ pattern: 'a' }, 'b')).toBeUndefined()
})
