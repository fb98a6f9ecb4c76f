import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../core/index.ts'
import {
  type SegmentAccount,
  segmentDefaults,
  type SegmentSeed,
  type SegmentState,
  startSegmentSandbox,
} from './index.ts'

let sandbox: Sandbox<SegmentAccount, SegmentSeed, SegmentState>
beforeEach(async () => {
  sandbox = await startSegmentSandbox({ account: { profileLagMs: 0 } })
})
afterEach(() => sandbox.close())

const basic = (token: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${token}:`).toString('base64')}`,
})
const get = (
  path: string,
  headers: Record<string, string> = basic(segmentDefaults.profileToken),
): Promise<Response> =>
  fetch(`${sandbox.url}/v1/spaces/${segmentDefaults.spaceId}/collections/${path}`, { headers })
async function read<Body>(path: string): Promise<Body> {
  const reply = await get(path)
  expect(reply.status).toBe(200)
  return (await reply.json()) as Body
}
interface Cursor {
  readonly url: string
  readonly has_more: boolean
  readonly next: string
  readonly limit: number
}
interface TraitsPage {
  readonly traits: Readonly<Record<string, unknown>>
  readonly cursor: Cursor
}
interface ListPage {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly cursor: Cursor
}
const numbered = (count: number): Record<string, number> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`t${String(index).padStart(3, '0')}`, index]),
  )
const user = (id: string, traits: Record<string, unknown> = {}): SegmentSeed => ({
  profiles: [{ externalIds: [{ type: 'user_id', id }], traits }],
})

describe('errors', () => {
  test('401 without, with a wrong, and with another space’s token', async () => {
    const bearer = { authorization: `Bearer ${segmentDefaults.profileToken}` }
    for (const headers of [{}, basic('wrong'), bearer]) {
      const reply = await get('users/profiles/user_id:u1/traits', headers)
      expect(reply.status).toBe(401)
      expect(await reply.json()).toMatchObject({ error: { code: 'authentication_error' } })
    }
    const url = `${sandbox.url}/v1/spaces/other/collections/users/profiles/user_id:u1/traits`
    expect((await fetch(url, { headers: basic(segmentDefaults.profileToken) })).status).toBe(401)
  })

  test('404 for nobody, 400 for a bad collection, id, limit or class; every answer has a Request-Id', async () => {
    sandbox.seed(user('u1'))
    const missing = await get('users/profiles/user_id:nobody/traits')
    expect([missing.status, await missing.json()]).toEqual([
      404,
      { error: { code: 'not_found', message: 'Profile was not found.' } },
    ])
    expect(missing.headers.get('request-id')).toMatch(/^req-/)
    for (const path of [
      'us!ers/profiles/user_id:u1/traits',
      'users/profiles/u1/traits',
      'users/profiles/user_id:u1/traits?limit=0',
    ])
      expect(await (await get(path)).json()).toMatchObject({ error: { code: 'validation_error' } })
    expect(await (await get('users/profiles/user_id:u1/traits?class=x')).json()).toMatchObject({
      error: { code: 'invalid_request_error' },
    })
  })

  test('the 101st request of a second is 429, without Retry-After', async () => {
    sandbox.seed(user('u1'))
    sandbox.clock.advance(1_000 - (sandbox.clock.now() % 1_000))
    const replies = await Promise.all(
      Array.from({ length: 101 }, () => get('users/profiles/user_id:u1/metadata')),
    )
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(1)
    expect(refused[0]?.headers.has('retry-after')).toBe(false)
    expect(await refused[0]?.json()).toMatchObject({ error: { code: 'rate_limit_error' } })
    sandbox.clock.advance(1_000)
    expect((await get('users/profiles/user_id:u1/metadata')).status).toBe(200)
  })
})

describe('finding a profile', () => {
  test('by its segment id, also after it was merged away', async () => {
    sandbox.seed({
      profiles: [
        { externalIds: [{ type: 'user_id', id: 'u1' }] },
        { externalIds: [{ type: 'anonymous_id', id: 'a1' }] },
      ],
    })
    const [, anonymous] = sandbox.inspect().profiles
    sandbox.seed({
      messages: [{ type: 'identify', userId: 'u1', anonymousId: 'a1', traits: { plan: 'pro' } }],
    })
    expect((await read<TraitsPage>(`users/profiles/${anonymous?.id}/traits`)).traits).toEqual({ plan: 'pro' })
  })

  test('only in lower case, and a plus sign must be written %2B', async () => {
    sandbox.seed(user('Ann'))
    expect((await get('users/profiles/user_id:Ann/traits')).status).toBe(404)
    expect((await get('users/profiles/user_id:ann/traits')).status).toBe(200)
    sandbox.seed({ profiles: [{ externalIds: [{ type: 'phone', id: '+1555' }] }] })
    expect((await get('users/profiles/phone:+1555/traits')).status).toBe(404)
    expect((await get('users/profiles/phone:%2B1555/traits')).status).toBe(200)
  })

  test('the older path with `namespaces` answers the same', async () => {
    sandbox.seed(user('u1', { plan: 'pro' }))
    const url = `${sandbox.url}/v1/namespaces/${segmentDefaults.spaceId}/collections/users/profiles/user_id:u1/traits`
    const reply = await fetch(url, { headers: basic(segmentDefaults.profileToken) })
    expect(await reply.json()).toMatchObject({ traits: { plan: 'pro' } })
  })

  test('an identifier of the other collection finds nothing', async () => {
    sandbox.seed({ messages: [{ type: 'group', userId: 'u1', groupId: 'g1', traits: { name: 'Acme' } }] })
    expect((await get('users/profiles/group_id:g1/traits')).status).toBe(404)
    expect((await read<TraitsPage>('accounts/profiles/group_id:g1/traits')).traits).toEqual({ name: 'Acme' })
    expect(await read<object>('users/profiles/user_id:u1/links')).toMatchObject({
      data: [{ to_collection: 'accounts', external_ids: [{ id: 'g1', type: 'group_id' }] }],
    })
  })
})

describe('traits', () => {
  test('come ten at a time unless asked; `next` leads through all of them', async () => {
    sandbox.seed(user('u1', numbered(25)))
    const first = await read<TraitsPage>('users/profiles/user_id:u1/traits')
    expect(Object.keys(first.traits)).toHaveLength(10)
    expect(first.cursor).toMatchObject({ has_more: true, next: 't010', limit: 10 })
    const seen: Record<string, unknown> = {}
    for (let next = ''; ;) {
      const page = await read<TraitsPage>(`users/profiles/user_id:u1/traits?limit=10&next=${next}`)
      Object.assign(seen, page.traits)
      next = page.cursor.next
      if (!page.cursor.has_more) break
    }
    expect(seen).toEqual(numbered(25))
  })

  test('limit 200 is the most, or 100 when the account says so', async () => {
    sandbox.seed(user('u1', numbered(250)))
    expect(
      Object.keys((await read<TraitsPage>('users/profiles/user_id:u1/traits?limit=200')).traits),
    ).toHaveLength(200)
    expect((await get('users/profiles/user_id:u1/traits?limit=201')).status).toBe(400)
    sandbox.configure({ traitsMaxLimit: 100 })
    expect((await get('users/profiles/user_id:u1/traits?limit=101')).status).toBe(400)
  })

  test('include, verbose and class', async () => {
    sandbox.seed({
      ...user('u1', { plan: 'pro', age: 5 }),
      audiences: [{ name: 'Pros', query: "trait('plan') = 'pro'" }],
    })
    expect((await read<TraitsPage>('users/profiles/user_id:u1/traits?include=age,none')).traits).toEqual({
      age: 5,
    })
    expect((await read<TraitsPage>('users/profiles/user_id:u1/traits?class=audience')).traits).toEqual({
      pros: true,
    })
    expect((await read<TraitsPage>('users/profiles/user_id:u1/traits?class=computed_trait')).traits).toEqual(
      {},
    )
    const updatedAt = new Date(sandbox.clock.now()).toISOString()
    expect(
      (await read<TraitsPage>('users/profiles/user_id:u1/traits?verbose=true&include=age')).traits,
    ).toEqual({
      age: { value: 5, source_id: 'src_sandbox', updated_at: updatedAt },
    })
  })
})

describe('external ids, events, metadata', () => {
  test('identifiers are paged with an opaque cursor', async () => {
    const externalIds = [
      { type: 'user_id', id: 'u1' },
      { type: 'email', id: 'a@example.com' },
      { type: 'anonymous_id', id: 'a1' },
    ]
    sandbox.seed({ profiles: [{ externalIds }] })
    const first = await read<ListPage>('users/profiles/user_id:u1/external_ids?limit=2')
    expect(first.data[0]).toMatchObject({
      collection: 'users',
      type: 'user_id',
      id: 'u1',
      encoding: 'none',
      source_id: 'src_sandbox',
    })
    const second = await read<ListPage>(
      `users/profiles/user_id:u1/external_ids?limit=2&next=${first.cursor.next}`,
    )
    expect([second.data.length, second.cursor.has_more, second.cursor.next]).toEqual([1, false, ''])
    expect((await get('users/profiles/user_id:u1/external_ids?next=zzz')).status).toBe(400)
    expect((await read<ListPage>('users/profiles/user_id:u1/external_ids?include=email')).data).toHaveLength(
      1,
    )
  })

  test('events of 14 days, newest first, with start, end, include, exclude, sort and pages', async () => {
    const day = 86_400_000
    const event = (name: string, daysAgo: number): object => ({
      type: 'track',
      userId: 'u1',
      event: name,
      messageId: `${name}-${daysAgo}`,
      timestamp: new Date(sandbox.clock.now() - daysAgo * day).toISOString(),
    })
    sandbox.seed({
      messages: [event('A', 1), event('B', 3), event('A', 13), event('A', 15)] as Record<string, unknown>[],
    })
    const ids = async (query: string): Promise<unknown[]> =>
      (await read<ListPage>(`users/profiles/user_id:u1/events${query}`)).data.map(
        ({ message_id }) => message_id,
      )
    expect(await ids('')).toEqual(['A-1', 'B-3', 'A-13'])
    expect(await ids('?sort=asc')).toEqual(['A-13', 'B-3', 'A-1'])
    expect(await ids('?include=B')).toEqual(['B-3'])
    expect(await ids('?exclude=A')).toEqual(['B-3'])
    const middle = new Date(sandbox.clock.now() - 2 * day).toISOString()
    expect(await ids(`?start=${middle}`)).toEqual(['A-1'])
    expect(await ids(`?end=${middle}`)).toEqual(['B-3', 'A-13'])
    const { cursor } = await read<ListPage>('users/profiles/user_id:u1/events?limit=2')
    expect(await ids(`?limit=2&next=${encodeURIComponent(cursor.next)}`)).toEqual(['A-13'])
    expect((await get('users/profiles/user_id:u1/events?start=yesterday')).status).toBe(400)
    expect((await get('users/profiles/user_id:u1/events?limit=101')).status).toBe(400)
  })

  test('metadata names the first and the last message', async () => {
    sandbox.seed({
      messages: [
        { type: 'identify', userId: 'u1', messageId: 'first' },
        { type: 'identify', userId: 'u1', messageId: 'last' },
      ],
    })
    expect(await read<object>('users/profiles/user_id:u1/metadata')).toMatchObject({
      metadata: {
        first_message_id: 'first',
        last_message_id: 'last',
        last_source_id: 'src_sandbox',
        expires_at: null,
      },
    })
  })
})
