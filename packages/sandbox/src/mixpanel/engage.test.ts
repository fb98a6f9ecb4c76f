import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  startAtMs,
  startMixpanelClient,
  update,
  type MixpanelClient,
} from '../../fixtures/mixpanel-client.ts'
import { mixpanelDefaults } from './index.ts'

let client: MixpanelClient
beforeEach(async () => {
  client = await startMixpanelClient()
})
afterEach(() => client.close())

const quiet = { $ignore_time: true }
const profile = (id = 'u1') =>
  client.sandbox.inspect().profiles.find(({ distinctId }) => distinctId === id)?.properties
const apply = (...operations: readonly object[]) =>
  client.engage(operations.map((operation) => update('u1', operation, quiet)))

describe('operations', () => {
  test('$set overwrites, $set_once does not, $unset takes away', async () => {
    await apply(
      { $set: { a: 1, b: 1 } },
      { $set: { b: 2 } },
      { $set_once: { b: 3, c: 3 } },
      { $unset: ['a'] },
    )
    expect(profile()).toEqual({ b: 2, c: 3 })
  })
  test('$add counts from 0 and is not idempotent', async () => {
    await apply({ $add: { visits: 2 } }, { $add: { visits: 2, score: -1 } })
    expect(profile()).toEqual({ visits: 4, score: -1 })
  })
  test('$append doubles, $union does not, $remove takes out', async () => {
    await apply(
      { $append: { list: 'a' } },
      { $append: { list: 'a' } },
      { $union: { set: ['a', 'b'] } },
      { $union: { set: ['b', 'c'] } },
    )
    expect(profile()).toEqual({ list: ['a', 'a'], set: ['a', 'b', 'c'] })
    await apply({ $remove: { set: 'b' } }, { $remove: { absent: 'x' } })
    expect(profile()).toEqual({ list: ['a', 'a'], set: ['a', 'c'] })
  })
  test('$delete takes the profile away, not the events', async () => {
    await apply({ $set: { a: 1 } }, { $delete: '' })
    expect(profile()).toBeUndefined()
  })
  test('texts are cut at 255 bytes, objects above the limit are not kept', async () => {
    client.sandbox.configure({ limits: { profileObjectBytes: 20 } })
    await apply({ $set: { text: 'x'.repeat(256), fits: { a: 'x'.repeat(12) }, gone: { a: 'x'.repeat(13) } } })
    expect(profile()).toEqual({ text: 'x'.repeat(255), fits: { a: 'x'.repeat(12) } })
  })
})

describe('what an update changes unasked', () => {
  test('$last_seen moves unless $ignore_time', async () => {
    await client.engage([update('u1', { $set: { a: 1 } }), update('u2', { $set: { a: 1 } }, quiet)])
    expect(profile('u1')).toEqual({ a: 1, $last_seen: new Date(startAtMs).toISOString().slice(0, 19) })
    expect(profile('u2')).toEqual({ a: 1 })
  })
  test("the caller's address overwrites the place, unless ip=0 or $ip says otherwise", async () => {
    const updates = [
      update('caller', { $set: {} }, quiet),
      update('none', { $set: {} }, { ...quiet, $ip: '0' }),
      update('own', { $set: { $city: 'Nantes' } }, { ...quiet, $ip: '198.51.100.7' }),
      update('spot', { $set: {} }, { ...quiet, $ip: '0', $latitude: 45.7, $longitude: 4.8 }),
    ]
    await client.engage(updates, 'verbose=2')
    expect(profile('caller')).toMatchObject({ $city: 'Ashburn', $timezone: 'America/New_York' })
    expect(profile('none')).toEqual({})
    expect(profile('own')).toMatchObject({ $city: 'Lyon', $country_code: 'FR' })
    expect(profile('spot')).toEqual({ $latitude: 45.7, $longitude: 4.8 })
    await client.engage([update('zero', { $set: {} }, quiet)], 'ip=0')
    expect(profile('zero')).toEqual({})
  })
})

describe('HTTP 200 for good and bad', () => {
  const noId = { $token: mixpanelDefaults.projectToken, $set: { a: 1 } }
  const badValue = () => update('u1', { $add: { a: 'x' } }, quiet)
  const good = () => update('u1', { $set: { a: 1 } }, quiet)
  test.each([
    ['', '0'],
    ['verbose=1', '{"status":0,"error":"$distinct_id, missing or empty"}'],
    ['verbose=2', '{"status":0,"error":"$distinct_id, missing or empty","num_good_events":0}'],
  ])('a record without an id, %s', async (query, text) => {
    const answer = await client.engage([noId], query)
    expect([answer.status, answer.text]).toEqual([200, text])
  })
  test('only verbose=2 tells of a bad value; the others call it a success', async () => {
    expect((await client.engage([badValue()], '')).text).toBe('1')
    expect((await client.engage([badValue()], 'verbose=1')).json).toEqual({ status: 1, error: null })
    expect((await client.engage([badValue()], 'verbose=2')).json).toMatchObject({
      status: 0,
      error: '$add, must be an object of numbers',
    })
  })
  test('a mixed batch keeps the good ones; verbose=2 is status 0 all the same', async () => {
    expect((await client.engage([good(), noId], '')).text).toBe('1')
    expect((await client.engage([good(), noId], 'verbose=2')).json).toEqual({
      status: 0,
      error: '$distinct_id, missing or empty',
      num_good_events: 1,
    })
    expect(profile()).toMatchObject({ a: 1 })
  })
  test.each([
    ['two operations', { $set: { a: 1 }, $unset: ['b'] }, '$unset, only one operation is allowed'],
    ['no operation', {}, 'operation, missing or empty'],
    ['an unknown operation', { $increment: { a: 1 } }, '$increment, unsupported operation'],
    ['$unset of an object', { $unset: { a: 1 } }, '$unset, must be a list of property names'],
    ['$union of a text', { $union: { a: 'x' } }, '$union, must be an object of lists'],
  ])('%s is refused', async (_, operation, error) => {
    expect((await client.engage([update('u1', operation)])).json).toMatchObject({ status: 0, error })
  })
  test('strict=1 lists the bad records, as the account is set', async () => {
    const query = 'strict=1&verbose=2'
    const failed_records = [{ index: 1, message: '$distinct_id, missing or empty' }]
    expect((await client.engage([good(), noId], query)).json).toMatchObject({
      status: 0,
      failed_records,
      num_good_events: 1,
    })
    client.sandbox.configure({ engageStrict: 'http-400' })
    expect(await client.engage([good(), noId], query)).toMatchObject({
      status: 400,
      json: { failed_records },
    })
    client.sandbox.configure({ engageStrict: 'ignored' })
    expect((await client.engage([good(), noId], query)).json).not.toHaveProperty('failed_records')
  })
  test('an unknown token is a success that keeps nothing', async () => {
    expect((await client.engage([{ ...good(), $token: 'other' }])).json).toMatchObject({ status: 1 })
    expect(client.sandbox.inspect()).toMatchObject({ profiles: [], counters: { profileUpdatesLost: 1 } })
  })
  test('2,000 updates pass, 2,001 do not', async () => {
    const many = Array.from({ length: 2_001 }, (_, index) => update(`u${index}`, { $set: { a: 1 } }))
    expect((await client.engage(many)).json).toMatchObject({ status: 0 })
    expect((await client.engage(many.slice(1))).json).toMatchObject({ status: 1, num_good_events: 2_000 })
    expect(client.sandbox.inspect().profiles).toHaveLength(2_000)
  })
  test('one update must be smaller than 1 MB', async () => {
    const huge = update('u1', { $set: { list: ['x'.repeat(1_000_000)] } })
    expect((await client.engage([huge])).json).toMatchObject({ status: 0 })
  })
})

test('a delayed profile update is stored in order and seen later', async () => {
  client.sandbox.configure({ profileVisibleAfterMs: 5_000 })
  await apply({ $set: { a: 1 } }, { $add: { a: 1 } })
  expect(client.sandbox.inspect()).toMatchObject({ profiles: [], pendingProfileUpdates: 2 })
  client.sandbox.clock.advance(5_000)
  expect(profile()).toEqual({ a: 2 })
})

describe('/groups', () => {
  const group = (operation: object, more: object = {}) => ({
    $token: mixpanelDefaults.projectToken,
    $group_key: 'company',
    $group_id: 'acme',
    ...operation,
    ...more,
  })
  const send = (records: readonly unknown[]) => client.json('POST', '/groups?verbose=2', records)
  test('sets and unites, knows no $add and no $append', async () => {
    await send([group({ $set: { plan: 'pro' } }), group({ $union: { tags: ['a'] } })])
    expect(client.sandbox.inspect().groups).toEqual([
      { groupKey: 'company', groupId: 'acme', properties: { plan: 'pro', tags: ['a'] } },
    ])
    expect((await send([group({ $add: { seats: 1 } })])).json).toMatchObject({
      error: '$add, unsupported operation',
    })
    expect((await send([group({ $append: { tags: 'b' } })])).json).toMatchObject({
      error: '$append, unsupported operation',
    })
  })
  test('a key that is not in the settings is accepted and gone', async () => {
    expect((await send([group({ $set: { a: 1 } }, { $group_key: 'team' })])).json).toMatchObject({
      status: 1,
    })
    expect(client.sandbox.inspect().groups).toEqual([])
  })
  test('200 updates pass, 201 do not; without the add-on 402', async () => {
    const many = Array.from({ length: 201 }, () => group({ $set: { a: 1 } }))
    expect((await send(many)).json).toMatchObject({ status: 0 })
    expect((await send(many.slice(1))).json).toMatchObject({ status: 1 })
    client.sandbox.configure({ groupAnalytics: false })
    expect((await send([])).status).toBe(402)
  })
})
