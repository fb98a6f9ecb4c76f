import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { createSecondBook } from './same-second.ts'

test('the next free second, and the same again for the same key', () => {
  const book = createSecondBook()
  const take = (key: string, second = 10) => book.take('u1', 'ordered', second, key)
  expect([take('a'), take('b'), take('c'), take('d', 11)]).toEqual([10, 11, 12, 13])
  expect([take('c'), take('a'), take('d', 11), take('b')]).toEqual([12, 10, 13, 11])
  expect(book.take('u2', 'ordered', 10, 'e')).toBe(10)
  expect(book.take('u1', 'paid', 10, 'f')).toBe(10)
})

test('what is old is forgotten, but a moved key longer than what it moved for', () => {
  const book = createSecondBook(2)
  expect([book.take('u', 'e', 10, 'a'), book.take('u', 'e', 10, 'b')]).toEqual([10, 11])
  expect([book.take('u', 'e', 20, 'c')]).toEqual([20])
  expect(book.take('u', 'e', 10, 'b')).toBe(11)
})

fcTest.prop([fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 20 })), { maxLength: 60 })])(
  'different keys never share a second; a key never changes its',
  (asked) => {
    const book = createSecondBook()
    const given = new Map<string, number>()
    for (const [second, id] of asked) {
      const key = `${second}-${id}`
      const got = book.take('u', 'e', second, key)
      expect(given.get(key) ?? got).toBe(got)
      expect(got).toBeGreaterThanOrEqual(second)
      given.set(key, got)
    }
    expect(new Set(given.values()).size).toBe(given.size)
  },
)
