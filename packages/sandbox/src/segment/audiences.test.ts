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

interface AudienceBody {
  readonly id: string
  readonly key: string
  readonly status: string
  readonly computeCadence?: { readonly type: string }
  readonly size?: { readonly count: number }
}
const base = `/spaces/${segmentDefaults.spaceId}/audiences`
function call(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${segmentDefaults.publicApiToken}`,
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}
async function audience(method: string, path: string, body?: unknown): Promise<AudienceBody> {
  const reply = await call(method, path, body)
  expect(reply.status).toBe(200)
  return ((await reply.json()) as { data: { audience: AudienceBody } }).data.audience
}
const create = (name: string, query: string, more: object = {}): Promise<AudienceBody> =>
  audience('POST', base, { name, definition: { query }, audienceType: 'USERS', ...more })
const message = (userId: string, traits: object): Record<string, unknown> => ({
  type: 'identify',
  userId,
  traits,
})
const traitsOf = (userId: string): Readonly<Record<string, unknown>> | undefined =>
  sandbox.inspect().profiles.find(({ externalIds }) => externalIds.some(({ id }) => id === userId))?.traits

describe('the life of an audience', () => {
  test('it is backfilled, then follows each message in real time', async () => {
    sandbox.seed({ messages: [message('u1', { plan: 'pro' }), message('u2', { plan: 'free' })] })
    const created = await create('Pro users!', "trait('plan') = 'pro'")
    expect(created).toMatchObject({ key: 'pro_users', status: 'Backfilling', audienceType: 'USERS' })
    expect(created).not.toHaveProperty('computeCadence')
    expect(traitsOf('u1')).toEqual({ plan: 'pro' })
    sandbox.clock.advance(60_000)
    expect(traitsOf('u1')).toEqual({ plan: 'pro', pro_users: true })
    expect(traitsOf('u2')).toEqual({ plan: 'free', pro_users: false })
    sandbox.seed({
      messages: [
        message('u2', { plan: 'pro' }),
        message('u1', { plan: 'free' }),
        message('u3', { plan: 'pro' }),
      ],
    })
    expect([traitsOf('u1')?.pro_users, traitsOf('u2')?.pro_users]).toEqual([false, true])
    const read = await audience('GET', `${base}/${created.id}`)
    expect(read).toMatchObject({
      status: 'Live',
      computeCadence: { type: 'REALTIME' },
      options: { filterByExternalIds: ['user_id', 'email', 'android.idfa', 'ios.idfa'] },
      size: { count: 2, type: 'USERS' },
    })
  })

  test('people with only an anonymous id are not computed unless asked for: the trait is absent, not false', async () => {
    sandbox.seed({ messages: [{ type: 'identify', anonymousId: 'a1', traits: { plan: 'pro' } }] })
    await create('Default', "trait('plan') = 'pro'")
    await create('Everybody', "trait('plan') = 'pro'", {
      options: { filterByExternalIds: ['user_id', 'anonymous_id'] },
    })
    sandbox.clock.advance(60_000)
    expect(traitsOf('a1')).toEqual({ plan: 'pro', everybody: true })
  })

  test('without history only profiles touched from then on are computed', async () => {
    sandbox.seed({ messages: [message('u1', { plan: 'pro' })] })
    await create('New', "trait('plan') = 'pro'", { options: { includeHistoricalData: false } })
    sandbox.clock.advance(60_000)
    expect(traitsOf('u1')).toEqual({ plan: 'pro' })
    sandbox.seed({ messages: [message('u1', {})] })
    expect(traitsOf('u1')).toEqual({ plan: 'pro', new: true })
  })

  test('a window lets people leave as time passes', async () => {
    sandbox.seed({ messages: [{ type: 'track', userId: 'u1', event: 'Ordered' }] })
    await create('Recent', "event('Ordered').within(1 day).count() >= 1")
    sandbox.clock.advance(86_400_000)
    expect(traitsOf('u1')?.recent).toBe(true)
    sandbox.clock.advance(1)
    expect(traitsOf('u1')?.recent).toBe(false)
  })

  test('a batch audience is computed every eight hours only', async () => {
    const created = await create('Window', "event('Ordered').between(0 hours, 100 days).count() >= 1")
    sandbox.clock.advance(60_000)
    expect(await audience('GET', `${base}/${created.id}`)).toMatchObject({
      computeCadence: { type: 'BATCH' },
    })
    sandbox.seed({ messages: [{ type: 'track', userId: 'u1', event: 'Ordered' }] })
    sandbox.clock.advance(8 * 3_600_000 - 1)
    expect(traitsOf('u1')).toEqual({})
    sandbox.clock.advance(1)
    expect(traitsOf('u1')).toEqual({ window: true })
  })

  test('a changed definition locks it until it is computed again', async () => {
    sandbox.seed({ messages: [message('u1', { plan: 'free' })] })
    const { id } = await create('Pro', "trait('plan') = 'pro'")
    expect((await call('PATCH', `${base}/${id}`, { name: 'x' })).status).toBe(409)
    sandbox.clock.advance(60_000)
    expect(
      await audience('PATCH', `${base}/${id}`, { definition: { query: "trait('plan') = 'free'" } }),
    ).toMatchObject({
      status: 'Locked',
      key: 'pro',
    })
    expect((await call('PATCH', `${base}/${id}`, { name: 'x' })).status).toBe(409)
    sandbox.clock.advance(60_000)
    expect(traitsOf('u1')?.pro).toBe(true)
    expect(await audience('PATCH', `${base}/${id}`, { enabled: false })).toMatchObject({ status: 'Disabled' })
    sandbox.seed({ messages: [message('u1', { plan: 'pro' })] })
    expect(traitsOf('u1')?.pro).toBe(true)
  })

  test('a removed one leaves a stale custom trait, and its key is never given again', async () => {
    sandbox.seed({ messages: [message('u1', { plan: 'pro' })] })
    const { id } = await create('Pro', "trait('plan') = 'pro'")
    sandbox.clock.advance(60_000)
    const removed = await call('DELETE', `${base}/${id}`)
    expect([removed.status, await removed.json()]).toEqual([200, { data: { status: 'SUCCESS' } }])
    expect((await call('GET', `${base}/${id}`)).status).toBe(404)
    expect(traitsOf('u1')).toEqual({ plan: 'pro', pro: true })
    expect((await create('Pro', "trait('plan') = 'pro'")).key).toBe('pro_2')
  })

  test('create is not idempotent: the same name twice makes two', async () => {
    const [first, second] = [await create('A', "trait('x') = 1"), await create('A', "trait('x') = 1")]
    expect(first.id).not.toBe(second.id)
    expect(first.key).not.toBe(second.key)
  })
})

describe('422', () => {
  const problem = async (method: string, path: string, body: unknown): Promise<unknown> => {
    const reply = await call(method, path, body)
    expect(reply.status).toBe(422)
    return ((await reply.json()) as { errors: { type: string; field: string }[] }).errors.map(
      ({ type, field }) => `${type} ${field}`,
    )
  }
  test('lists every problem of the body', async () => {
    expect(
      await problem('POST', base, { audienceType: 'PEOPLE', definition: {}, enabled: 'yes', colour: 'red' }),
    ).toEqual([
      'input-validation colour',
      'input-validation name',
      'input-validation enabled',
      'input-validation definition.query',
      'input-validation audienceType',
    ])
  })
  test('a query that is not in the language, and linked audiences', async () => {
    const body = { name: 'A', audienceType: 'USERS', definition: { query: "trait('x')" } }
    expect(await problem('POST', base, body)).toEqual(['input-validation definition.query'])
    expect(await problem('POST', base, { ...body, audienceType: 'LINKED' })).toEqual([
      'input-validation audienceType',
    ])
  })
  test('a cycle of audiences, and a change of cadence', async () => {
    const first = await create('First', "trait('x') = 1")
    await create('Second', "trait('first') = true")
    sandbox.clock.advance(60_000)
    const reply = await call('PATCH', `${base}/${first.id}`, {
      definition: { query: "trait('second') = true" },
    })
    expect(await reply.json()).toMatchObject({
      errors: [{ message: 'The audience would create a cycle by referencing another audience' }],
    })
    const batch = { definition: { query: "event('A').between(1 days, 2 days).count() >= 1" } }
    expect(await problem('PATCH', `${base}/${first.id}`, batch)).toEqual([
      'input-validation definition.query',
    ])
  })
})

describe('lists', () => {
  test('search by name, key or definition in both spellings; at most 200 a page', async () => {
    await create('Big Spenders', "trait('spend') > 100")
    await create('Pros', "trait('plan') = 'pro'")
    const keys = async (query: string): Promise<string[]> => {
      const reply = await call('GET', `${base}?${query}`)
      return ((await reply.json()) as { data: { audiences: AudienceBody[] } }).data.audiences.map(
        ({ key }) => key,
      )
    }
    expect(await keys('')).toEqual(['big_spenders', 'pros'])
    expect(await keys('search.type=NAME&search.query=big')).toEqual(['big_spenders'])
    expect(await keys('search[type]=DEFINITION&search[query]=plan')).toEqual(['pros'])
    expect(await keys('search[type]=KEY&search[query]=_spend')).toEqual(['big_spenders'])
    expect((await call('GET', `${base}?search.type=SIZE&search.query=1`)).status).toBe(422)
    expect((await call('GET', `${base}?pagination.count=200`)).status).toBe(200)
    expect((await call('GET', `${base}?pagination.count=201`)).status).toBe(422)
  })
})

describe('previews', () => {
  const start = (query: string): Promise<Response> =>
    call('POST', `${base}/previews`, { definition: { query }, audienceType: 'USERS' })

  test('run for a while, then say how many there are and show a few', async () => {
    sandbox.seed({
      messages: Array.from({ length: 12 }, (_, index) => message(`u${index}`, { plan: 'pro' })),
    })
    const { data } = (await (await start("trait('plan') = 'pro'")).json()) as {
      data: { audiencePreview: { id: string } }
    }
    const read = async (): Promise<unknown> =>
      (await call('GET', `${base}/previews/${data.audiencePreview.id}`)).json()
    expect(await read()).toMatchObject({ data: { audiencePreview: { status: 'RUNNING' } } })
    sandbox.clock.advance(30_000)
    const done = (await read()) as { data: { audiencePreview: { results: unknown[] } } }
    expect(done).toMatchObject({
      data: { audiencePreview: { status: 'COMPLETED', size: { count: 12, type: 'USERS' } } },
    })
    expect(done.data.audiencePreview.results).toHaveLength(10)
    expect((await call('GET', `${base}/previews/none`)).status).toBe(404)
  })

  test('five a minute; the answer to the sixth says how long to wait', async () => {
    const replies: Response[] = []
    for (let index = 0; index < 6; index++) replies.push(await start("trait('x') = 1"))
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
    expect(await replies[5]?.json()).toEqual({
      errors: [
        {
          type: 'RequestError',
          message: 'Too many requests',
          data: { remainingPoints: 0, msBeforeNext: 60_000, consumedPoints: 6 },
        },
      ],
    })
    expect(replies[5]?.headers.has('retry-after')).toBe(false)
    sandbox.clock.advance(60_000)
    expect((await start("trait('x') = 1")).status).toBe(200)
  })

  test('700 a month and space', async () => {
    for (let count = 0; count < 700; count++) {
      if (count % 5 === 0) sandbox.clock.advance(60_000)
      expect((await start("trait('x') = 1")).status).toBe(200)
    }
    sandbox.clock.advance(60_000)
    expect((await start("trait('x') = 1")).status).toBe(429)
  })
})
