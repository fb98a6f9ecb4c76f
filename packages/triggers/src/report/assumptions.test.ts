import { expect, test } from 'vitest'
import { normaliseDefinitions } from '../definition/normalise.ts'
import { assumptionsOf, type Sources } from './assumptions.ts'

const when = { kind: 'on', event: { type: 'track', name: 'A' } } as const
const content = { braze: { kind: 'canvas', id: 'c1' } }
const nothing: Sources = {
  consents: false,
  suppressions: false,
  reachability: false,
  engagements: false,
  memberships: false,
}
const all: Sources = {
  consents: true,
  suppressions: true,
  reachability: true,
  engagements: true,
  memberships: true,
}
const definitions = normaliseDefinitions({
  specVersion: 1,
  segments: [
    {
      specVersion: 1,
      kind: 'mirrored',
      id: 'vip',
      vendor: 'hubspot',
      segment: { form: 'list', id: '7' },
    },
  ],
  triggers: [
    {
      specVersion: 1,
      id: 't',
      when,
      goals: [{ event: { type: 'track', name: 'B' } }],
      journey: [
        {
          kind: 'branch',
          condition: { kind: 'inSegment', segment: 'vip' },
          yes: [
            {
              kind: 'fallback',
              sends: [
                { channel: 'push', content },
                { channel: 'email', content },
              ],
              ifNotEngagedIn: '1d',
            },
          ],
        },
      ],
    },
  ],
})
const topics = (given: Sources) => assumptionsOf(definitions, given).map(({ topic }) => topic)

test('what is not given is assumed, and said; a step inside a branch counts', () => {
  expect(topics(nothing)).toEqual([
    'consent',
    'suppression',
    'reachability',
    'engagement',
    'membership',
    'delivery',
    'goals',
  ])
})

test('what is given is not; what no data could tell always is', () => {
  expect(topics(all)).toEqual(['delivery', 'goals'])
})

test('nothing is said about what is never asked', () => {
  const silent = normaliseDefinitions({ specVersion: 1, triggers: [{ specVersion: 1, id: 't', when }] })
  expect(assumptionsOf(silent, nothing).map(({ topic }) => topic)).toEqual(['consent', 'suppression'])
  expect(assumptionsOf(normaliseDefinitions({ specVersion: 1 }), nothing)).toEqual([])
})
