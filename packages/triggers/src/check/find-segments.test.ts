import { expect, test } from 'vitest'
import { normaliseDefinitions } from '../definition/normalise.ts'
import { countMemberships } from './find-segments.ts'

const dynamic = (id: string) =>
  ({ specVersion: 1, kind: 'dynamic', id, condition: { kind: 'did', event: { type: 'any' } } }) as const
const definitions = normaliseDefinitions({
  specVersion: 1,
  segments: [{ specVersion: 1, kind: 'static', id: 'c' }, dynamic('a'), dynamic('b')],
})
/** Of 1,000 users, numbered; each segment has those from one number to another. */
const check = (a: readonly [number, number], b: readonly [number, number], users = 1000) => {
  const count = countMemberships(definitions)
  for (let user = 0; user < users; user++) {
    const inside = ([from, to]: readonly [number, number]) => user >= from && user < to
    count.addUser(new Set([...(inside(a) ? ['a'] : []), ...(inside(b) ? ['b'] : [])]))
  }
  return count.findings().map(({ rule, path }) => `${rule} ${path}`)
}

test('under one per cent of the users', () => {
  expect(check([0, 9], [0, 500])).toEqual(['small-segment segments[1]'])
  expect(check([0, 10], [0, 500])).toEqual([])
  expect(check([0, 0], [0, 0])).toEqual(['small-segment segments[1]', 'small-segment segments[2]'])
})

test('at least 95 % of those who are in either are in both', () => {
  expect(check([0, 95], [0, 100])).toEqual(['equal-segments segments[2]'])
  expect(check([0, 94], [0, 100])).toEqual([])
  expect(check([0, 100], [100, 200])).toEqual([])
  expect(check([100, 200], [100, 200])).toEqual(['equal-segments segments[2]'])
})

test('without users there is nothing to say', () => {
  expect(check([0, 0], [0, 0], 0)).toEqual([])
})
