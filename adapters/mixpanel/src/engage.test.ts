import { fc, test as fcTest } from '@fast-check/vitest'
import nock from 'nock'
import { createClock } from '@tripline/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { engageAnswers } from '../fixtures/engage-answers.ts'
import { accountOptions, profileItem } from '../fixtures/sandbox-account.ts'
import { foldUpdates, type ProfileChange, type ProfileUpdate } from './engage.ts'
import { createMixpanel } from './index.ts'

beforeAll(() => nock.disableNetConnect())
afterEach(() => nock.cleanAll())
afterAll(() => {
  nock.enableNetConnect()
  nock.restore()
})

const clock = createClock({ jump: true })
const engage = () =>
  nock('https://api.mixpanel.com').post('/engage').query({ ip: '0', strict: '1', verbose: '2' })
const deliver = async (...sets: Parameters<typeof profileItem>[1][]) => {
  const connector = createMixpanel(
    { ...accountOptions, maxAttempts: 3 },
    { clock, fetch: clock.track(globalThis.fetch) },
  )
  const { results } = await connector.deliver(sets.map((set, index) => profileItem(`u${index}`, set)))
  return results.map(({ outcome }) => outcome.status)
}

test('the request: no credential but the token, one operation a record, no visit', async () => {
  const seen: unknown[] = []
  engage().reply(async (request: Request) => {
    seen.push(request.headers.get('authorization'), await request.json())
    return [200, engageAnswers.good.body]
  })
  expect(await deliver({ a: 1, b: null })).toEqual(['sent'])
  expect(seen).toEqual([
    null,
    [
      { $token: accountOptions.projectToken, $distinct_id: 'u0', $set: { a: 1 }, $ignore_time: true },
      { $token: accountOptions.projectToken, $distinct_id: 'u0', $unset: ['b'], $ignore_time: true },
    ],
  ])
})

describe('a 200 is read', () => {
  test.each([
    [engageAnswers.plainGood, ['sent', 'sent']],
    [engageAnswers.good, ['sent', 'sent']],
    [engageAnswers.named, ['sent', 'dead']],
  ])('%o', async ({ status, body }, expected) => {
    engage().reply(status, body)
    expect(await deliver({ a: 1 }, { a: 2 })).toEqual(expected)
  })
  test('one of two is bad and not named: each is asked for alone', async () => {
    engage().reply(200, engageAnswers.oneBad.body)
    engage().reply(200, { ...engageAnswers.good.body, num_good_events: 1 })
    engage().reply(200, { ...engageAnswers.oneBad.body, num_good_events: 0 })
    expect(await deliver({ a: 1 }, { a: 2 })).toEqual(['sent', 'dead'])
  })
  test('a bare 0 says nothing of the records: tried again, then retry', async () => {
    engage().times(3).reply(200, engageAnswers.plainBad.body)
    expect(await deliver({ a: 1 })).toEqual(['retry'])
  })
})

describe('folding', () => {
  const value = fc.oneof(fc.integer(), fc.constant(null))
  const changeArbitrary = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value, { minKeys: 1 })
  const toUpdate = (change: Record<string, number | null>): ProfileUpdate => {
    const set = Object.fromEntries(
      Object.entries(change).filter((entry): entry is [string, number] => entry[1] !== null),
    )
    const unset = Object.keys(change).filter((name) => change[name] === null)
    const made: ProfileChange = {
      ...(Object.keys(set).length > 0 && { set }),
      ...(unset.length > 0 && { unset }),
      bytes: 10,
    }
    return { owner: { distinctId: 'u1' }, changes: [made] }
  }
  const apply = (updates: readonly ProfileUpdate[]): Record<string, unknown> => {
    const profile = new Map<string, unknown>()
    for (const { changes } of updates)
      for (const { set = {}, unset = [] } of changes) {
        for (const [name, one] of Object.entries(set)) profile.set(name, one)
        for (const name of unset) profile.delete(name)
      }
    return Object.fromEntries(profile)
  }
  fcTest.prop([fc.array(changeArbitrary, { minLength: 1, maxLength: 6 })])(
    'leaves the profile as one by one',
    (changes) => {
      const updates = changes.map(toUpdate)
      const [first, ...rest] = updates
      if (!first) return
      const folded = rest.reduce(foldUpdates, first)
      expect(folded.changes).toHaveLength(1)
      expect(apply([folded])).toEqual(apply(updates))
    },
  )
  test('what adds to a list stays apart, in its place', () => {
    const set = toUpdate({ company: 1 })
    const union: ProfileUpdate = { ...set, changes: [{ union: { company: ['acme'] }, bytes: 10 }] }
    expect(foldUpdates(foldUpdates(set, union), set).changes).toHaveLength(3)
  })
})
