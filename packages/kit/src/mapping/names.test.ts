import { TriplineError } from '@tripline/model'
import { expect, test } from 'vitest'
import { createNames } from './names.ts'

const vendor = 'example'
const fold = (name: string): string => name.toLowerCase().replaceAll(' ', '_')

test('the account’s renames win over the table, and the table over the fold', () => {
  const names = createNames({
    vendor,
    table: { email: 'Email', plan: 'plan_name' },
    renames: { plan: 'tier' },
    fold,
  })
  expect(['email', 'plan', 'Last Seen', 'constructor'].map((name) => names.to(name))).toEqual([
    'Email',
    'tier',
    'last_seen',
    'constructor',
  ])
  expect(['Email', 'tier', 'plan_name', 'last_seen'].map((name) => names.from(name))).toEqual([
    'email',
    'plan',
    'plan_name',
    'last_seen',
  ])
})

test('without a fold unknown names stay', () => {
  expect(createNames({ vendor }).to('Any Name')).toBe('Any Name')
})

test('each name is folded once', () => {
  let folds = 0
  const names = createNames({ vendor, fold: (name) => `${name}${++folds}` })
  expect([names.to('a'), names.to('a'), names.to('b')]).toEqual(['a1', 'a1', 'b2'])
})

test('declared names are known both ways', () => {
  expect(createNames({ vendor, fold, declared: ['Last Seen'] }).from('last_seen')).toBe('Last Seen')
})

test.each([
  ['two rows of the table', { table: { a: 'x', b: 'x' } }],
  ['a rename and the table', { table: { a: 'x' }, renames: { b: 'x' } }],
  ['two declared names after folding', { fold, declared: ['Last Seen', 'last_seen'] }],
  ['a declared name and the table', { fold, table: { seen: 'last_seen' }, declared: ['Last Seen'] }],
])('%s that meet are an error at start', (_, rules) => {
  expect(() => createNames({ vendor, ...rules })).toThrow(TriplineError)
  expect(() => createNames({ vendor, ...rules })).toThrow(/both become "(?:x|last_seen)"/)
})
