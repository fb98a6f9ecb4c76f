import { describe, expect, test } from 'vitest'
import { failed, open } from '../../fixtures/intercom-client.ts'

const people = [
  { id: 'c1', external_id: 'u1' },
  { id: 'c2', external_id: 'u2' },
  { id: 'lead1', role: 'lead' },
] as const

describe('tags', () => {
  test('names do not differ by case: creating again gives the first one', async () => {
    const { sandbox, call } = await open()
    const first = await call('POST', '/tags', { name: 'VIP' })
    expect(first.body).toMatchObject({ type: 'tag', name: 'VIP', users: [], companies: [] })
    expect((await call('POST', '/tags', { name: 'vip' })).body).toEqual(first.body)
    expect((await call('POST', '/tags', { name: 'vip' }, '2.15')).body).not.toHaveProperty('users')
    expect(sandbox.inspect().tags).toHaveLength(1)
  })
  test('an id renames; an unknown id is 404; a name in use is refused', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      tags: [
        { id: '5', name: 'a' },
        { id: '6', name: 'b' },
      ],
    })
    expect((await call('POST', '/tags', { id: '5', name: 'A2' })).body).toMatchObject({ id: '5', name: 'A2' })
    expect(await call('POST', '/tags', { id: '9', name: 'x' })).toMatchObject(failed(404, 'not_found'))
    expect(await call('POST', '/tags', { id: '5', name: 'B' })).toMatchObject(
      failed(400, 'parameter_invalid'),
    )
    expect((await call('GET', '/tags')).body).toEqual({
      type: 'list',
      data: [
        { type: 'tag', id: '5', name: 'A2' },
        { type: 'tag', id: '6', name: 'b' },
      ],
    })
  })
  test.each([
    { test: 'invalid' },
    { name: '' },
    { name: 'x', users: [] },
    { name: 'x', users: [{ email: 'a@b.c' }] },
  ])('%j: invalid tag parameters', async (body) => {
    const { sandbox, call } = await open()
    expect(await call('POST', '/tags', body)).toMatchObject(
      failed(400, 'parameter_invalid', 'invalid tag parameters'),
    )
    expect(sandbox.inspect().tags).toEqual([])
  })
  test('many users: since 2.16 the unknown ones are reported, before they spoil the call', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: people })
    const body = { name: 'vip', users: [{ id: 'c1' }, { id: 'nobody' }, { id: 'lead1' }] }
    expect(await call('POST', '/tags', body, '2.15')).toMatchObject(
      failed(404, 'not_found', 'User Not Found'),
    )
    expect(sandbox.inspect().tags).toEqual([])
    expect((await call('POST', '/tags', body)).body).toMatchObject({
      users: [
        { id: 'c1', tagged: true },
        { id: 'nobody', tagged: false },
        { id: 'lead1', tagged: false },
      ],
    })
    sandbox.configure({ tagManyTagsLeads: true })
    await call('POST', '/tags', body)
    expect(sandbox.inspect().tags).toMatchObject([{ contacts: ['c1', 'lead1'] }])
  })
  test('companies are tagged by either id and untagged by a flag', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      companies: [
        { id: 'k1', company_id: 'acme' },
        { id: 'k2', company_id: 'beta' },
      ],
    })
    const companies = [{ id: 'k1' }, { company_id: 'beta' }, { company_id: 'none' }]
    expect(await call('POST', '/tags', { name: 'big', companies }, '2.15')).toMatchObject(
      failed(404, 'company_not_found'),
    )
    expect((await call('POST', '/tags', { name: 'big', companies })).body).toMatchObject({
      companies: [
        { id: 'k1', tagged: true },
        { id: 'k2', tagged: true },
        { id: 'none', tagged: false },
      ],
    })
    await call('POST', '/tags', { name: 'big', companies: [{ id: 'k1', untag: true }] })
    expect(sandbox.inspect().tags).toMatchObject([{ name: 'big', companies: ['k2'] }])
  })
  test('tagging again keeps the first time; taking off what is not on is 404, or fine', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: people, tags: [{ id: '5', name: 'vip' }] })
    const first = await call('POST', '/contacts/c1/tags', { id: '5' })
    sandbox.clock.advance(60_000)
    expect((await call('POST', '/contacts/c1/tags', { id: '5' })).body).toEqual(first.body)
    expect(first.body).toMatchObject({ applied_by: { type: 'admin', id: '991267459' } })
    expect((await call('DELETE', '/contacts/c1/tags/5')).status).toBe(200)
    expect(await call('DELETE', '/contacts/c1/tags/5')).toMatchObject(
      failed(404, 'not_found', 'Resource Not Found'),
    )
    sandbox.configure({ detachMissing: 'ok' })
    expect((await call('DELETE', '/contacts/c1/tags/5')).status).toBe(200)
    expect(await call('POST', '/contacts/c1/tags', { id: '9' })).toMatchObject(
      failed(404, 'not_found', 'Resource Not Found'),
    )
    expect(await call('POST', '/contacts/none/tags', { id: '5' })).toMatchObject(
      failed(404, 'not_found', 'User Not Found'),
    )
  })
  test('a contact shows ten of its tags, the list all of them', async () => {
    const { sandbox, call } = await open()
    const tags = Array.from({ length: 11 }, (_, n) => ({ id: String(n), name: `t${n}`, contacts: ['c1'] }))
    sandbox.seed({ contacts: people, tags })
    const { tags: shown } = (await call('GET', '/contacts/c1')).body as {
      readonly tags: { readonly data: unknown[] }
    }
    expect(shown).toMatchObject({ total_count: 11, has_more: true })
    expect(shown.data).toHaveLength(10)
    const { data } = (await call('GET', '/contacts/c1/tags')).body as { readonly data: unknown[] }
    expect(data).toHaveLength(11)
  })
  test('a tag that a segment needs cannot be deleted; another goes off everybody', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      contacts: people,
      tags: [
        { id: '5', name: 'vip' },
        { id: '6', name: 'old', contacts: ['c1'] },
      ],
      segments: [{ name: 'Seg 1', rule: { field: 'tag_id', operator: '=', value: '5' } }],
    })
    const message = 'Unable to delete Tag with dependent objects. Segments: Seg 1.'
    expect(await call('DELETE', '/tags/5')).toMatchObject(failed(400, 'tag_has_dependent_objects', message))
    expect(await call('DELETE', '/tags/6')).toMatchObject({ status: 200, body: undefined })
    expect(sandbox.inspect()).toMatchObject({ tags: [{ id: '5' }], contacts: [{ tags: [] }, {}, {}] })
  })
})

describe('segments', () => {
  test('follow their rule through the index, with its lag', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      contacts: people,
      tags: [{ id: '5', name: 'vip' }],
      segments: [{ id: 's1', name: 'VIPs', rule: { field: 'tag_id', operator: '=', value: '5' } }],
    })
    const count = async () => (await call('GET', '/segments?include_count=true')).body
    await call('POST', '/contacts/c1/tags', { id: '5' })
    expect(await count()).toMatchObject({ type: 'segment.list', segments: [{ id: 's1', count: 0 }] })
    sandbox.clock.advance(180_000)
    expect(await count()).toMatchObject({ segments: [{ id: 's1', person_type: 'user', count: 1 }] })
    expect((await call('GET', '/contacts/c1/segments')).body).toMatchObject({ data: [{ id: 's1' }] })
    expect((await call('GET', '/contacts/c2/segments')).body).toMatchObject({ data: [] })
    expect((await call('GET', '/segments/s1')).body).not.toHaveProperty('count')
  })
  test('cannot be made, changed or deleted over the API', async () => {
    const { call } = await open()
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await call(method, '/segments', { name: 'x' })).status).toBe(404)
    expect(await call('GET', '/segments/none')).toMatchObject(failed(404, 'not_found', 'Resource Not Found'))
  })
})

describe('subscriptions', () => {
  const types = [
    { id: '91', consent_type: 'opt_out', name: 'News' },
    { id: '93', consent_type: 'opt_in', name: 'SMS', content_types: ['sms_message'] },
  ] as const
  test('only explicit choices are listed: out of opt_out types, into opt_in types', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: people, subscriptionTypes: types })
    expect((await call('GET', '/subscription_types')).body).toMatchObject({
      data: [{ id: '91' }, { id: '93' }],
    })
    expect((await call('GET', '/contacts/c1/subscriptions')).body).toEqual({ type: 'list', data: [] })
    await call('POST', '/contacts/c1/subscriptions', { id: '91', consent_type: 'opt_out' })
    await call('POST', '/contacts/c1/subscriptions', { id: 93, consent_type: 'opt_in' })
    expect((await call('GET', '/contacts/c1')).body).toMatchObject({
      opted_out_subscription_types: { data: [{ id: '91' }] },
      opted_in_subscription_types: { data: [{ id: '93' }] },
    })
    expect((await call('DELETE', '/contacts/c1/subscriptions/91')).body).toMatchObject({ id: '91' })
    expect(sandbox.inspect().contacts[0]?.subscriptions).toEqual(['93'])
  })
  test('unknown types are 404; the consent type must be there and be the type’s own', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: people, subscriptionTypes: types })
    const post = (body: object) => call('POST', '/contacts/c1/subscriptions', body)
    expect(await post({ id: '7', consent_type: 'opt_in' })).toMatchObject(
      failed(404, 'not_found', 'Resource Not Found'),
    )
    expect(await post({ id: '91' })).toMatchObject(failed(400, 'parameter_not_found'))
    expect(await post({ id: '91', consent_type: 'opt_in' })).toMatchObject(failed(400, 'parameter_invalid'))
    expect(await call('DELETE', '/contacts/c1/subscriptions/91')).toMatchObject(failed(404, 'not_found'))
  })
})
