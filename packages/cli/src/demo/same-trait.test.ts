import type { Field } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { sameTrait } from './same-trait.ts'

const text: Field = { of: 'user', name: 'bio', type: 'string' }
const list: Field = { of: 'user', name: 'interests', type: 'strings' }
const instant: Field = { of: 'user', name: 'signedUpAt', type: 'instant' }

describe('without a loss', () => {
  test('a value is itself, and nothing else', () => {
    expect(sameTrait('braze', text, { value: 'Zoë', as: undefined }, 'Zoë')).toBe(true)
    expect(sameTrait('braze', text, { value: 'Zoë', as: undefined }, 'zoë')).toBe(false)
    expect(sameTrait('braze', text, undefined, 'Zoë')).toBe(false)
    expect(sameTrait('braze', text, { value: null, as: undefined }, undefined)).toBe(true)
    expect(sameTrait('braze', list, { value: ['a', 'b'], as: undefined }, ['b', 'a'])).toBe(true)
    expect(sameTrait('braze', list, { value: ['a', 'b'], as: undefined }, 'a, b')).toBe(false)
  })
  test('the resolution of the vendor counts', () => {
    const at = { value: '2026-10-01T10:00:00.900Z', as: undefined } as const
    expect(sameTrait('intercom', instant, at, '2026-10-01T10:00:00.000Z')).toBe(true)
    expect(sameTrait('braze', instant, at, '2026-10-01T10:00:00.000Z')).toBe(false)
    expect(sameTrait('hubspot', text, { value: '', as: undefined }, undefined)).toBe(true)
    expect(sameTrait('hubspot', list, { value: [], as: undefined }, undefined)).toBe(true)
    expect(sameTrait('braze', text, { value: '', as: undefined }, undefined)).toBe(false)
  })
})

test('a truncated text is a start of it that ends in a whole character', () => {
  const long = { value: 'abc🫖def', as: 'truncated' } as const
  expect(sameTrait('braze', text, long, 'abc')).toBe(true)
  expect(sameTrait('braze', text, long, 'abc🫖')).toBe(true)
  expect(sameTrait('braze', text, long, 'abc\uD83E')).toBe(false)
  expect(sameTrait('braze', text, long, 'abd')).toBe(false)
  expect(sameTrait('braze', text, long, '')).toBe(false)
  expect(sameTrait('braze', text, long, undefined)).toBe(false)
})

test('a coerced value says the same in another form', () => {
  expect(sameTrait('intercom', list, { value: ['a', 'b'], as: 'coerced' }, 'a, b')).toBe(true)
  expect(sameTrait('intercom', list, { value: ['a', 'b'], as: 'coerced' }, 'a')).toBe(false)
})
