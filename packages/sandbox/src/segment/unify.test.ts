import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../core/index.ts'
import {
  type SegmentAccount,
  segmentDefaults,
  type SegmentProfileState,
  type SegmentSeed,
  type SegmentState,
  startSegmentSandbox,
} from './index.ts'

let sandbox: Sandbox<SegmentAccount, SegmentSeed, SegmentState>
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

async function send(...batch: object[]): Promise<void> {
  const reply = await fetch(`${sandbox.url}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ batch, writeKey: segmentDefaults.writeKey }),
  })
  expect(reply.status).toBe(200)
}
async function settled(...batch: object[]): Promise<readonly SegmentProfileState[]> {
  await send(...batch)
  sandbox.clock.advance(5_000)
  return sandbox.inspect().profiles
}
const identify = (ids: object, traits: object = {}): object => ({ type: 'identify', ...ids, traits })
const reasons = (): string[] => sandbox.inspect().dropped.map(({ reason }) => reason)
const many = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index]))

test('a profile shows a message 5 seconds after it was accepted, not before', async () => {
  await send(identify({ userId: 'u1' }, { plan: 'pro' }))
  sandbox.clock.advance(4_999)
  expect(sandbox.inspect()).toMatchObject({ profiles: [], pending: 1 })
  sandbox.clock.advance(1)
  expect(sandbox.inspect()).toMatchObject({ profiles: [{ traits: { plan: 'pro' } }], pending: 0 })
})

test('traits merge; null is stored as null and clears nothing', async () => {
  const [profile] = await settled(
    identify({ userId: 'u1' }, { plan: 'pro', city: 'Rome', tags: ['a'] }),
    identify({ userId: 'u1' }, { plan: null }),
  )
  expect(profile?.traits).toEqual({ plan: null, city: 'Rome', tags: ['a'] })
})

test('context.traits of a track call gives an identifier and no trait', async () => {
  const [profile] = await settled({
    type: 'track',
    userId: 'u1',
    event: 'E',
    context: { traits: { email: 'a@example.com', plan: 'pro' } },
  })
  expect(profile?.traits).toEqual({})
  expect(profile?.externalIds).toEqual([
    { type: 'user_id', id: 'u1' },
    { type: 'email', id: 'a@example.com' },
  ])
})

test('pages and screens become Page Viewed and Screen Viewed, with their name', async () => {
  const [profile] = await settled(
    { type: 'page', userId: 'u1', name: 'Docs', properties: { url: '/docs' } },
    { type: 'screen', userId: 'u1', name: 'Home' },
  )
  expect(profile?.events.map(({ event, properties }) => [event, properties])).toEqual([
    ['Page Viewed', { url: '/docs', name: 'Docs', page_name: 'Docs' }],
    ['Screen Viewed', { name: 'Home', screen_name: 'Home' }],
  ])
})

test('a time without a zone is ignored: the event is of its arrival', async () => {
  const now = new Date(sandbox.clock.now()).toISOString()
  const [profile] = await settled(
    { type: 'track', userId: 'u1', event: 'Zoned', timestamp: '2020-01-01T00:00:00+01:00' },
    { type: 'track', userId: 'u1', event: 'Bare', timestamp: '2020-01-01T00:00:00' },
  )
  expect(profile?.events.map(({ timestamp }) => timestamp)).toEqual(['2019-12-31T23:00:00.000Z', now])
})

test('an event before 1970 is accepted and lost', async () => {
  await settled({ type: 'track', userId: 'u1', event: 'Old', timestamp: '1969-12-31T23:59:59Z' })
  expect(reasons()).toEqual(['timestamp_before_1970'])
})

describe('identity', () => {
  test('identify with both ids joins an anonymous profile to a known one', async () => {
    const profiles = await settled(
      { type: 'track', anonymousId: 'a1', event: 'Browsed' },
      identify({ userId: 'u1' }, { plan: 'pro' }),
      identify({ userId: 'u1', anonymousId: 'a1' }),
    )
    expect(profiles).toHaveLength(1)
    expect(profiles[0]).toMatchObject({ merges: 1, traits: { plan: 'pro' }, events: [{ event: 'Browsed' }] })
  })

  test('of two values the later one survives a merge', async () => {
    await settled(identify({ anonymousId: 'a1' }, { city: 'Rome', age: 1 }))
    await settled(identify({ userId: 'u1' }, { city: 'Oslo' }))
    const [profile] = await settled(identify({ userId: 'u1', anonymousId: 'a1' }))
    expect(profile?.traits).toEqual({ city: 'Oslo', age: 1 })
  })

  test('alias merges nothing', async () => {
    const profiles = await settled(identify({ userId: 'u1' }), identify({ userId: 'u2' }), {
      type: 'alias',
      userId: 'u2',
      previousId: 'u1',
    })
    expect(profiles).toHaveLength(2)
  })

  test('a profile has one user_id: a second user on the same e-mail or device stays apart', async () => {
    const profiles = await settled(
      identify({ userId: 'u1', anonymousId: 'a1' }, { email: 'team@example.com' }),
      identify({ userId: 'u2', anonymousId: 'a1' }, { email: 'team@example.com' }),
    )
    expect(profiles.map(({ externalIds }) => externalIds.map(({ id }) => id))).toEqual([
      ['u1', 'team@example.com', 'a1'],
      ['u2'],
    ])
  })

  test('five anonymous ids fit on a profile, the sixth is left aside and its message still counts', async () => {
    const tracks = Array.from({ length: 6 }, (_, index) => ({
      type: 'track',
      userId: 'u1',
      anonymousId: `a${index}`,
      event: 'E',
    }))
    const profiles = await settled(...tracks)
    expect(profiles).toHaveLength(1)
    expect(profiles[0]?.externalIds.filter(({ type }) => type === 'anonymous_id')).toHaveLength(5)
    expect(profiles[0]?.events).toHaveLength(6)
  })

  test('merging ends at the limit of merges', async () => {
    sandbox.configure({ maxMerges: 1, identifierLimits: { user_id: 1, anonymous_id: 50 } })
    const profiles = await settled(
      ...['a1', 'a2', 'a3'].map((anonymousId) => identify({ anonymousId })),
      ...['a1', 'a2', 'a3'].map((anonymousId) => identify({ userId: 'u1', anonymousId })),
    )
    // a1 was free to take the user id, a2 was the one merge, a3 stays alone
    expect(profiles.map(({ merges }) => merges)).toEqual([1, 0])
  })

  test.each(['0000-0000', '-1', 'null', 'anonymous', '---'])(
    'the blocked value %s makes no identifier',
    async (userId) => {
      const profiles = await settled(identify({ userId }), identify({ userId, anonymousId: 'a1' }))
      expect(profiles.map(({ externalIds }) => externalIds)).toEqual([[{ type: 'anonymous_id', id: 'a1' }]])
      expect(reasons()).toEqual(['no_identifier'])
      expect(sandbox.inspect().messages).toHaveLength(2)
    },
  )

  test('ids differing in case are one profile, unless the account keeps case', async () => {
    expect(await settled(identify({ userId: 'Ann' }), identify({ userId: 'ANN' }))).toHaveLength(1)
    sandbox.configure({ profileIdCase: 'exact' })
    expect(await settled(identify({ userId: 'Bob' }), identify({ userId: 'BOB' }))).toHaveLength(3)
  })

  test('custom identifiers need all four fields', async () => {
    const externalIds = [
      { id: '1', type: 'shop_id', collection: 'users', encoding: 'none' },
      { id: '2', type: 'crm_id', collection: 'users' },
    ]
    const [profile] = await settled(identify({ userId: 'u1', context: { externalIds } }))
    expect(profile?.externalIds.map(({ type }) => type)).toEqual(['user_id', 'shop_id'])
  })
})

describe('groups', () => {
  test('group makes an account profile, linked both ways; its traits are the account’s', async () => {
    const profiles = await settled({ type: 'group', userId: 'u1', groupId: 'g1', traits: { name: 'Acme' } })
    const user = profiles.find(({ collection }) => collection === 'users')
    const account = profiles.find(({ collection }) => collection === 'accounts')
    expect(user).toMatchObject({ traits: {}, links: [account?.id] })
    expect(account).toMatchObject({
      traits: { name: 'Acme' },
      links: [user?.id],
      externalIds: [{ type: 'group_id', id: 'g1' }],
    })
  })

  test.each([
    ['group_id_empty', { type: 'group', userId: 'u', groupId: '' }],
    ['group_id_empty', { type: 'group', userId: 'u' }],
    ['context_group_id_empty', { type: 'track', userId: 'u', event: 'E', context: { groupId: '' } }],
    ['group_id_too_long', { type: 'group', userId: 'u', groupId: 'g'.repeat(501) }],
  ])('%s: accepted, and no profile', async (reason, message) => {
    expect(await settled(message)).toEqual([])
    expect(reasons()).toEqual([reason])
    expect(sandbox.inspect().messages).toHaveLength(1)
  })
})

describe('lost without a word on the way to profiles', () => {
  test('300 properties arrive, 301 do not; 299 traits arrive, 300 do not', async () => {
    await settled(
      { type: 'track', userId: 'u1', event: 'Full', properties: many(300), messageId: 'a' },
      { type: 'track', userId: 'u1', event: 'Over', properties: many(301), messageId: 'b' },
      { ...identify({ userId: 'u1' }, many(299)), messageId: 'c' },
      { ...identify({ userId: 'u1' }, { ...many(299), last: 1 }), messageId: 'd' },
    )
    expect(sandbox.inspect().dropped.map(({ messageId, reason }) => [messageId, reason])).toEqual([
      ['b', 'too_many_properties'],
      ['d', 'too_many_traits'],
    ])
    expect(sandbox.inspect().messages).toHaveLength(4)
    expect(sandbox.inspect().profiles[0]?.traits).not.toHaveProperty('last')
  })

  test('a messageId of 100 characters arrives, of 101 does not', async () => {
    await settled(
      { ...identify({ userId: 'u1' }, { a: 1 }), messageId: 'm'.repeat(100) },
      { ...identify({ userId: 'u1' }, { b: 1 }), messageId: 'n'.repeat(101) },
    )
    expect(sandbox.inspect().profiles[0]?.traits).toEqual({ a: 1 })
    expect(reasons()).toEqual(['message_id_too_long'])
  })
})

describe('consent', () => {
  const consent = (ids: object, categoryPreferences: object): object => ({
    type: 'track',
    event: 'Segment Consent Preference Updated',
    ...ids,
    context: { consent: { categoryPreferences } },
  })
  test('is written by its own event only, and categories not named become false', async () => {
    const other = {
      type: 'track',
      userId: 'u1',
      event: 'E',
      context: { consent: { categoryPreferences: { ads: true } } },
    }
    expect((await settled(other))[0]?.consent).toEqual({})
    await settled(consent({ userId: 'u1' }, { ads: true, email: true }))
    const [profile] = await settled(consent({ userId: 'u1' }, { ads: true }))
    expect(profile?.consent).toEqual({ ads: true, email: false })
  })

  test('profiles that disagree when they merge are in conflict', async () => {
    await settled(consent({ anonymousId: 'a1' }, { ads: true }), consent({ userId: 'u1' }, { ads: false }))
    const [profile] = await settled(identify({ userId: 'u1', anonymousId: 'a1' }))
    expect(profile?.consent).toEqual({ ads: 'conflict' })
  })
})

test('a source that feeds no space leaves no profile', async () => {
  const [first] = sandbox.inspect().sources
  if (!first) throw new Error('no source')
  sandbox.seed({ sources: [{ ...first, spaceIds: [] }] })
  expect(await settled(identify({ userId: 'u1' }))).toEqual([])
  expect(sandbox.inspect().messages).toHaveLength(1)
})

test('reset forgets everything and brings the account back', async () => {
  sandbox.configure({ profileLagMs: 0 })
  await send(identify({ userId: 'u1' }))
  sandbox.reset()
  await send(identify({ userId: 'u2' }))
  expect(sandbox.inspect()).toMatchObject({ messages: [{ userId: 'u2' }], profiles: [], pending: 1 })
})

test('what is seeded is there at once, also while messages are under way', async () => {
  await send(identify({ userId: 'slow' }))
  sandbox.seed({ messages: [{ type: 'identify', userId: 'seeded', traits: {} }] })
  expect(sandbox.inspect()).toMatchObject({ pending: 1, profiles: [{ externalIds: [{ id: 'seeded' }] }] })
})

test('a changed account leaves sources and stored data alone', async () => {
  const [first] = sandbox.inspect().sources
  if (!first) throw new Error('no source')
  sandbox.seed({ sources: [{ ...first, enabled: false }] })
  sandbox.configure({ profileLagMs: 0 })
  expect(sandbox.inspect().sources[0]?.enabled).toBe(false)
})
