import { describe, expect, test } from 'vitest'
import { openBraze, type TestClient } from './test-client.ts'

const time = '2026-01-02T03:04:05Z'
const anonymous = (name: string, label = 'anonymous'): object => ({ alias_name: name, alias_label: label })
const aliasOnly = (name: string, values: object): object => ({
  user_alias: anonymous(name),
  _update_existing_only: false,
  ...values,
})
const identify = (braze: TestClient, id: string, name: string) =>
  braze.post('/users/identify', { aliases_to_identify: [{ external_id: id, user_alias: anonymous(name) }] })

describe('identify', () => {
  test('an unknown external id is given to the aliased profile', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', { attributes: [aliasOnly('a', { plan: 'pro' })] })
    expect((await identify(braze, 'u', 'a')).body).toEqual({ message: 'success', aliases_processed: 1 })
    expect(braze.sandbox.inspect().profiles).toMatchObject([
      { external_id: 'u', user_aliases: [anonymous('a')], custom_attributes: { plan: 'pro' } },
    ])
  })

  test('a known one takes the profile in: its own values win, counts add up, the alias leads to it', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', {
      attributes: [
        aliasOnly('a', { plan: 'free', city: 'Rome', first_name: 'Ann', email_subscribe: 'unsubscribed' }),
        { external_id: 'u', plan: 'pro' },
      ],
      events: [
        { user_alias: anonymous('a'), name: 'seen', time: '2026-01-01T00:00:00Z' },
        { external_id: 'u', name: 'seen', time },
      ],
    })
    await identify(braze, 'u', 'a')
    await braze.post('/users/track', { attributes: [{ user_alias: anonymous('a'), later: true }] })
    const { profiles } = braze.sandbox.inspect()
    expect(profiles).toHaveLength(1)
    expect(profiles[0]).toMatchObject({
      custom_attributes: { plan: 'pro', city: 'Rome', later: true },
      standard: { first_name: 'Ann' },
      custom_events: [
        { name: 'seen', count: 2, first: '2026-01-01T00:00:00.000Z', last: '2026-01-02T03:04:05.000Z' },
      ],
    })
    expect(profiles[0]?.standard).not.toHaveProperty('email_subscribe')
  })

  test('an unknown alias changes nothing, a user with another name under the label is not combined; both are success', async () => {
    await using braze = await openBraze()
    await braze.post('/users/alias/new', { user_aliases: [{ external_id: 'u', ...anonymous('x') }] })
    await braze.post('/users/track', { attributes: [{ external_id: 'u', n: 1 }, aliasOnly('a', { m: 1 })] })
    await braze.post('/users/alias/new', { user_aliases: [{ external_id: 'u', ...anonymous('x') }] })
    expect((await identify(braze, 'u', 'nobody')).status).toBe(201)
    expect((await identify(braze, 'u', 'a')).status).toBe(201)
    expect(braze.sandbox.inspect().profiles).toHaveLength(2)
  })

  test('by e-mail the prioritization must leave exactly one', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', {
      attributes: [aliasOnly('a', { email: 'x@y.test' }), aliasOnly('b', { email: 'x@y.test', n: 1 })],
    })
    const by = (prioritization: unknown) =>
      braze.post('/users/identify', {
        emails_to_identify: [{ external_id: 'u', email: 'x@y.test', prioritization }],
      })
    expect((await by(undefined)).status).toBe(400)
    await by(['unidentified'])
    expect(braze.profile('u')).toBeUndefined()
    await by(['unidentified', 'most_recently_updated'])
    expect(braze.profile('u')).toMatchObject({ custom_attributes: { n: 1 } })
  })

  test('50 at once, 51 are refused', async () => {
    await using braze = await openBraze()
    const many = (count: number) => ({
      aliases_to_identify: Array.from({ length: count }, (_, n) => ({
        external_id: `u${n}`,
        user_alias: anonymous(`a${n}`),
      })),
    })
    expect((await braze.post('/users/identify', many(50))).status).toBe(201)
    expect((await braze.post('/users/identify', many(51))).body).toEqual({
      message: 'The max number of ids per request was exceeded',
    })
  })
})

describe('aliases', () => {
  test('new: success for a taken pair and an unknown user too; without external_id an alias-only user', async () => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/alias/new', {
      user_aliases: [anonymous('a'), anonymous('a'), { external_id: 'nobody', ...anonymous('b') }],
    })
    expect(reply.body).toEqual({ message: 'success', aliases_processed: 3 })
    expect(braze.sandbox.inspect().profiles.map((profile) => profile.user_aliases)).toEqual([
      [anonymous('a')],
    ])
  })

  test('update renames within the label', async () => {
    await using braze = await openBraze()
    await braze.post('/users/alias/new', { user_aliases: [anonymous('a'), anonymous('b')] })
    const update = (from: string, to: string) =>
      braze.post('/users/alias/update', {
        alias_updates: [{ alias_label: 'anonymous', old_alias_name: from, new_alias_name: to }],
      })
    await update('a', 'c')
    await update('b', 'c')
    expect(braze.sandbox.inspect().profiles.map((profile) => profile.user_aliases)).toEqual([
      [anonymous('c')],
      [anonymous('b')],
    ])
  })

  test('a name of 236 bytes fits, 237 do not', async () => {
    await using braze = await openBraze()
    expect(
      (await braze.post('/users/alias/new', { user_aliases: [anonymous('é'.repeat(118))] })).status,
    ).toBe(201)
    expect(
      (await braze.post('/users/alias/new', { user_aliases: [anonymous(`${'é'.repeat(118)}x`)] })).status,
    ).toBe(400)
  })
})

describe('merge', () => {
  const merge = (braze: TestClient, from: object, to: object) =>
    braze.post('/users/merge', { merge_updates: [{ identifier_to_merge: from, identifier_to_keep: to }] })

  test('fills the target soon and removes the source later', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', {
      attributes: [
        { external_id: 'old', plan: 'x', city: 'Rome' },
        { external_id: 'new', plan: 'y' },
      ],
    })
    expect(await merge(braze, { external_id: 'old' }, { external_id: 'new' })).toMatchObject({
      status: 202,
      body: { message: 'success' },
    })
    expect(braze.profile('new')?.custom_attributes).toEqual({ plan: 'y', city: 'Rome' })
    expect(braze.profile('old')).toBeDefined()
    braze.sandbox.clock.advance(301_000)
    expect(braze.profile('old')).toBeUndefined()
  })

  test.each([
    [{ merge_updates: {} }, "'merge_updates' must be an array of objects"],
    [
      { merge_updates: [{ identifier_to_merge: { external_id: 'a' } }] },
      "'merge_updates' must only have 'identifier_to_merge' and 'identifier_to_keep'",
    ],
    [
      { merge_updates: Array.from({ length: 51 }, () => ({})) },
      'a single request may not contain more than 50 merge updates',
    ],
  ])('refuses malformed input: %#', async (body, message) => {
    await using braze = await openBraze()
    expect(await braze.post('/users/merge', body)).toMatchObject({ status: 400, body: { message } })
  })

  test('an ambiguous e-mail merges nothing, and is success', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', {
      attributes: [
        { external_id: 'a', email: 'x@y.test' },
        { external_id: 'b', email: 'x@y.test', n: 1 },
        { external_id: 'c' },
      ],
    })
    expect(
      (await merge(braze, { email: 'x@y.test', prioritization: ['identified'] }, { external_id: 'c' }))
        .status,
    ).toBe(202)
    expect((await merge(braze, { email: 'x@y.test' }, { external_id: 'c' })).status).toBe(400)
    expect(braze.profile('c')?.custom_attributes).toEqual({})
  })
})

describe('removal', () => {
  test('delete counts those it found and works within five minutes', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', { attributes: [{ external_id: 'a' }, { external_id: 'b' }] })
    braze.settle()
    expect((await braze.post('/users/delete', { external_ids: ['a', 'nobody'] })).body).toEqual({
      message: 'success',
      deleted: 1,
    })
    braze.sandbox.clock.advance(299_000)
    expect(braze.profile('a')).toBeDefined()
    braze.sandbox.clock.advance(1_000)
    expect([braze.profile('a'), braze.profile('b')?.external_id]).toEqual([undefined, 'b'])
  })

  test('delete takes one kind of id, 1 to 50', async () => {
    await using braze = await openBraze()
    const ids = (count: number) => Array.from({ length: count }, (_, n) => `u${n}`)
    const statuses = []
    for (const body of [
      { external_ids: ids(50) },
      { external_ids: ids(51) },
      { external_ids: [] },
      {},
      { external_ids: ['a'], braze_ids: ['b'] },
    ])
      statuses.push((await braze.post('/users/delete', body)).status)
    expect(statuses).toEqual([201, 400, 400, 400, 400])
  })

  test('rename keeps the old id working until it is removed, and no id is used twice', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', { attributes: [{ external_id: 'a', n: 1 }, { external_id: 'taken' }] })
    braze.settle()
    const rename = (from: string, to: string) =>
      braze.post('/users/external_ids/rename', {
        external_id_renames: [{ current_external_id: from, new_external_id: to }],
      })
    expect((await rename('a', 'b')).body).toEqual({
      message: 'success',
      external_ids: ['b'],
      rename_errors: [],
    })
    expect((await rename('b', 'taken')).body['rename_errors']).toEqual([
      [0, 'new_external_id is already in use'],
    ])
    expect((await rename('b', 'a')).body['rename_errors']).toEqual([[0, 'new_external_id is already in use']])
    expect((await rename('a', 'c')).body['external_ids']).toEqual([])
    const read = await braze.post('/users/export/ids', {
      external_ids: ['a'],
      fields_to_export: ['external_id'],
    })
    expect(read.body['users']).toEqual([{ external_id: 'b' }])
    const removed = await braze.post('/users/external_ids/remove', { external_ids: ['a', 'b'] })
    expect(removed.body).toMatchObject({
      removed_ids: ['a'],
      removal_errors: [[1, 'external_id is not deprecated']],
    })
    expect(braze.profile('b')?.deprecated_external_ids).toEqual([])
  })

  test('deleting by a deprecated id kills the whole profile', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({ profiles: [{ external_id: 'new', deprecated_external_ids: ['old'] }] })
    await braze.post('/users/delete', { external_ids: ['old'] })
    braze.sandbox.clock.advance(300_000)
    expect(braze.profile('new')).toBeUndefined()
  })
})
