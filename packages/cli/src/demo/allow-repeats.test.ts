import type { Picture } from '@tripline/testkit/expectations'
import { expect, test } from 'vitest'
import { allowRepeats } from './allow-repeats.ts'

const event = { person: 'user:u1', name: 'Seen', at: undefined, properties: {} }
const picture = (counts: readonly (readonly [least: number, most: number])[]): Picture => ({
  vendor: 'braze',
  events: new Map(counts.map(([least, most], index) => [String(index), { event, least, most }])),
  facts: new Map(),
})

test('only what is perhaps there twice may be there more often, and the sum stays bounded', () => {
  const given = picture([
    [1, 1],
    [1, 2],
    [0, 1],
    [3, 5],
  ])
  const { picture: widened, most } = allowRepeats(given)
  expect([...widened.events.values()].map(({ most }) => most)).toEqual([1, Infinity, 1, Infinity])
  expect(most).toBe(4)
})
