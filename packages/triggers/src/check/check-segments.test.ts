import { expect, test } from 'vitest'
import { normaliseDefinitions } from '../definition/normalise.ts'
import { checkSegments } from './find-segments.ts'

const dynamic = (id: string) =>
  ({ specVersion: 1, kind: 'dynamic', id, condition: { kind: 'did', event: { type: 'any' } } }) as const
const definitions = normaliseDefinitions({
  specVersion: 1,
  segments: [dynamic('a'), dynamic('b'), { specVersion: 1, kind: 'static', id: 'c' }],
})
const people = (from: number, to: number) =>
  new Set(Array.from({ length: to - from }, (_, index) => `u${from + index}`))
const check = (a: ReadonlySet<string>, b: ReadonlySet<string>) => {
  const members = new Map([
    ['a', a],
    ['b', b],
    ['c', people(0, 0)],
  ])
  return checkSegments(definitions, { users: 1000, members }).map(({ rule, path }) => `${rule} ${path}`)
}

test('under one per cent of the users', () => {
  expect(check(people(0, 9), people(0, 500))).toEqual(['small-segment segments[0]'])
  expect(check(people(0, 10), people(0, 500))).toEqual([])
  expect(check(people(0, 0), people(0, 500))).toEqual(['small-segment segments[0]'])
})

test('at least 95 % of those who are in either are in both', () => {
  expect(check(people(0, 95), people(0, 100))).toEqual(['equal-segments segments[1]'])
  expect(check(people(0, 94), people(0, 100))).toEqual([])
  expect(check(people(0, 100), people(100, 200))).toEqual([])
})

test('without users there is nothing to say', () => {
  const nobody = people(0, 0)
  expect(
    checkSegments(definitions, {
      users: 0,
      members: new Map([
        ['a', nobody],
        ['b', nobody],
      ]),
    }),
  ).toEqual([])
})
