import { expect, test } from 'vitest'
import { openBraze, type TestClient } from './test-client.ts'

async function workspace(): Promise<TestClient> {
  const braze = await openBraze()
  braze.sandbox.seed({
    subscription_groups: [{ id: 'news', name: 'News', channel: 'email' }],
    profiles: [
      { external_id: 'a', standard: { email: 'x@y.test' } },
      { external_id: 'b', standard: { email: 'x@y.test' } },
      { external_id: 'c' },
    ],
  })
  return braze
}
const set = (braze: TestClient, body: object) =>
  braze.post('/subscription/status/set', {
    subscription_group_id: 'news',
    subscription_state: 'subscribed',
    ...body,
  })
const setV2 = (braze: TestClient, ...groups: object[]) =>
  braze.post('/v2/subscription/status/set', {
    subscription_groups: groups.map((group) => ({
      subscription_group_id: 'news',
      subscription_state: 'unsubscribed',
      ...group,
    })),
  })
const status = async (braze: TestClient, query: string) =>
  (await braze.get(`/subscription/status/get?subscription_group_id=news&${query}`)).body['status']

test('set and get: by id, by e-mail for everybody who has it, Unknown without a record', async () => {
  await using braze = await workspace()
  expect((await set(braze, { external_id: ['c'] })).status).toBe(201)
  expect(await status(braze, 'external_id[]=c')).toEqual({ c: 'Unknown' })
  braze.settle()
  expect(await status(braze, 'external_id[]=c&external_id[]=a&external_id[]=nobody')).toEqual({
    c: 'Subscribed',
    a: 'Unknown',
    nobody: 'Unknown',
  })
  await setV2(braze, { emails: ['x@y.test'] })
  braze.settle()
  expect(await status(braze, 'external_id=a&external_id=b')).toEqual({ a: 'Unsubscribed', b: 'Unsubscribed' })
  expect(await status(braze, 'email=x@y.test')).toEqual({ 'x@y.test': 'Unsubscribed' })
})

test('a state set before the user exists is held for 30 days', async () => {
  await using braze = await workspace()
  await set(braze, { external_id: ['soon', 'late'] })
  braze.settle()
  await braze.post('/users/track', { attributes: [{ external_id: 'soon' }] })
  braze.sandbox.clock.advance(30 * 86_400_000)
  await braze.post('/users/track', { attributes: [{ external_id: 'late' }] })
  expect([braze.profile('soon')?.subscription_groups, braze.profile('late')?.subscription_groups]).toEqual([
    { news: 'Subscribed' },
    {},
  ])
})

test('refusals: both addresses, unknown group or state, 51 people, no people', async () => {
  await using braze = await workspace()
  const ids = (count: number) => Array.from({ length: count }, (_, n) => `u${n}`)
  const both = 'Either an email address or a phone number should be provided, but not both.'
  expect((await set(braze, { email: ['a@b.test'], phone: ['+14155552671'] })).body).toEqual({ message: both })
  expect((await setV2(braze, { external_ids: ids(50) })).status).toBe(201)
  const bad = [
    await setV2(braze, { external_ids: ids(51) }),
    await setV2(braze, {}),
    await setV2(braze, { external_ids: 'a' }),
    await setV2(braze),
    await set(braze, { external_id: ['a'], subscription_group_id: 'none' }),
    await set(braze, { external_id: ['a'], subscription_state: 'opted_in' }),
    await braze.get('/subscription/status/get?subscription_group_id=news'),
    await braze.get('/subscription/status/get?subscription_group_id=news&email=a@b.test&phone=1'),
  ]
  expect(bad.map((reply) => reply.status)).toEqual(bad.map(() => 400))
})

test('track sets groups too', async () => {
  await using braze = await workspace()
  await braze.post('/users/track', {
    attributes: [
      {
        external_id: 'a',
        subscription_groups: [{ subscription_group_id: 'news', subscription_state: 'subscribed' }],
      },
    ],
  })
  expect(braze.profile('a')?.subscription_groups).toEqual({ news: 'Subscribed' })
})

test('email/status changes everybody with the address, up to 50 addresses', async () => {
  await using braze = await workspace()
  const change = (email: unknown, subscription_state = 'unsubscribed') =>
    braze.post('/email/status', { email, subscription_state })
  expect((await change('x@y.test')).body).toEqual({ message: 'success' })
  expect([braze.profile('a')?.standard, braze.profile('b')?.standard]).toMatchObject([
    { email_subscribe: 'unsubscribed' },
    { email_subscribe: 'unsubscribed' },
  ])
  const many = (count: number) => Array.from({ length: count }, (_, n) => `u${n}@y.test`)
  expect([
    (await change(many(50))).status,
    (await change(many(51))).status,
    (await change('nope')).status,
    (await change('x@y.test', 'yes')).status,
  ]).toEqual([201, 400, 400, 400])
})
