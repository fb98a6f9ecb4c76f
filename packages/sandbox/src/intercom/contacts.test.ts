import { describe, expect, test } from 'vitest'
import { failed, open } from '../../fixtures/intercom-client.ts'

const idOf = ({ body }: { readonly body: unknown }): string => (body as { readonly id: string }).id
const conflict = (id: string) =>
  failed(409, 'conflict', `A contact matching those details already exists with id=${id}`)
const archivedConflict = (id: string) =>
  failed(409, 'conflict', `An archived contact matching those details already exists with id=${id}`)

describe('creating', () => {
  test('a user: stored in lower case, avatar as an object, lists inside', async () => {
    const { call } = await open()
    const answer = await call('POST', '/contacts', {
      external_id: 'u1',
      email: 'A@Example.com',
      avatar: 'https://example.com/a.png',
      owner_id: '7',
    })
    const id = idOf(answer)
    expect(id).toMatch(/^[0-9a-f]{24}$/)
    expect(answer.body).toMatchObject({
      email: 'a@example.com',
      avatar: { type: 'avatar', image_url: 'https://example.com/a.png' },
      owner_id: '7',
      tags: { type: 'list', data: [], url: `/contacts/${id}/tags`, total_count: 0, has_more: false },
    })
  })
  test('a second user with the same external_id or e-mail is 409 with the id of the first', async () => {
    const { call } = await open()
    const id = idOf(await call('POST', '/contacts', { external_id: 'u1', email: 'a@example.com' }))
    expect(await call('POST', '/contacts', { external_id: 'u1' })).toMatchObject(conflict(id))
    expect(await call('POST', '/contacts', { email: 'A@example.com' })).toMatchObject(conflict(id))
  })
  test('two users may share an address where the account says that it does not identify', async () => {
    const { sandbox, call } = await open({ emailIdentifiesUsers: false })
    await call('POST', '/contacts', { external_id: 'u1', email: 'a@example.com' })
    await call('POST', '/contacts', { external_id: 'u2', email: 'a@example.com' })
    expect(sandbox.inspect().contacts).toHaveLength(2)
    const event = { event_name: 'x', created_at: 1_760_000_000, email: 'a@example.com' }
    expect(await call('POST', '/events', event)).toMatchObject(failed(409, 'conflict'))
  })
  test('leads never conflict, and the external_id sent for one is ignored', async () => {
    const { sandbox, call } = await open()
    for (let count = 0; count < 2; count++)
      await call('POST', '/contacts', { role: 'lead', email: 'a@example.com', external_id: 'mine' })
    const [first, second] = sandbox.inspect().contacts
    expect(first?.external_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
    expect(second?.external_id).not.toBe(first?.external_id)
    expect((await call('GET', '/contacts/find_by_external_id/mine')).status).toBe(404)
    expect((await call('GET', `/contacts/find_by_external_id/${first?.external_id}`)).status).toBe(404)
  })
  test.each([
    [{}, 'parameter_not_found'],
    [{ external_id: 7 }, 'parameter_invalid'],
    [{ email: 'nobody' }, 'parameter_invalid'],
    [{ role: 'visitor' }, 'parameter_invalid'],
    [{ external_id: 'u', signed_up_at: 1_760_000_000_000 }, 'parameter_invalid'],
    [{ external_id: 'u', signed_up_at: '2026-01-01' }, 'parameter_invalid'],
    [{ external_id: 'u', email_verified: true }, 'parameter_invalid'],
    [{ external_id: 'u', owner_id: 7 }, 'parameter_invalid'],
    [{ external_id: 'u', language_override: 'de' }, 'bad_request'],
  ])('%j is refused with %s', async (body, code) => {
    const { sandbox, call } = await open()
    expect(await call('POST', '/contacts', body)).toMatchObject(failed(400, code))
    expect(sandbox.inspect().contacts).toEqual([])
  })
  test('until 2.15 owner_id is a number and email_verified unknown', async () => {
    const { call } = await open()
    const body = { external_id: 'u1', owner_id: 7 }
    expect((await call('POST', '/contacts', body, '2.15')).body).toMatchObject({ owner_id: 7 })
    const verified = { email: 'a@example.com', email_verified: true }
    expect(await call('POST', '/contacts', verified, '2.15')).toMatchObject(failed(400, 'bad_request'))
  })
})

describe('updating', () => {
  test('only what is sent changes; null clears an attribute; updated_at moves', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      dataAttributes: [
        { name: 'plan', data_type: 'string' },
        { name: 'seats', data_type: 'integer' },
      ],
      contacts: [{ id: 'c1', external_id: 'u1', name: 'Ada', custom_attributes: { plan: 'gold', seats: 3 } }],
    })
    const before = sandbox.inspect().contacts[0]?.updated_at ?? 0
    sandbox.clock.advance(5_000)
    await call('PUT', '/contacts/c1', { custom_attributes: { seats: null } })
    const [contact] = sandbox.inspect().contacts
    expect(contact).toMatchObject({
      name: 'Ada',
      custom_attributes: { plan: 'gold' },
      updated_at: before + 5,
    })
    expect(contact?.custom_attributes).not.toHaveProperty('seats')
  })
  test('a lead becomes a user and takes its external_id then; the way back is closed', async () => {
    const { sandbox, call } = await open()
    const id = idOf(await call('POST', '/contacts', { role: 'lead', email: 'a@example.com' }))
    await call('PUT', `/contacts/${id}`, { external_id: 'ignored' })
    expect(sandbox.inspect().contacts[0]?.external_id).not.toBe('ignored')
    await call('PUT', `/contacts/${id}`, { role: 'user', external_id: 'u1' })
    expect((await call('GET', '/contacts/find_by_external_id/u1')).body).toMatchObject({ id, role: 'user' })
    const message = "Contact with user role can't be converted to a lead"
    expect(await call('PUT', `/contacts/${id}`, { role: 'lead' })).toMatchObject(
      failed(400, 'client_error', message),
    )
  })
  test('identifiers of another user are 409; the old ones become free', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      contacts: [
        { id: 'c1', external_id: 'u1' },
        { id: 'c2', external_id: 'u2', email: 'b@example.com' },
      ],
    })
    expect(await call('PUT', '/contacts/c1', { external_id: 'u2' })).toMatchObject(conflict('c2'))
    expect(await call('PUT', '/contacts/c1', { email: 'b@example.com' })).toMatchObject(conflict('c2'))
    expect((await call('PUT', '/contacts/c1', { external_id: 'u9' })).status).toBe(200)
    expect((await call('POST', '/contacts', { external_id: 'u1' })).status).toBe(200)
  })
})

describe('custom attributes', () => {
  const attributes = [
    { name: 'plan', data_type: 'string' },
    { name: 'seats', data_type: 'integer' },
    { name: 'score', data_type: 'float' },
    { name: 'paid', data_type: 'boolean' },
    { name: 'renewal', data_type: 'date' },
    { name: 'size', data_type: 'string', options: ['S', 'M'] },
    { name: 'old', data_type: 'string', archived: true },
    { name: 'industry code', data_type: 'string', model: 'company' },
  ] as const
  test('one unknown name refuses the whole request', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ dataAttributes: attributes, contacts: [{ id: 'c1', external_id: 'u1', name: 'Ada' }] })
    for (const name of ['nope', 'Plan', 'old', 'industry code'])
      expect(
        await call('PUT', '/contacts/c1', {
          name: 'Changed',
          custom_attributes: { plan: 'gold', [name]: 'x' },
        }),
      ).toMatchObject(failed(400, 'parameter_invalid', `Custom attribute '${name}' does not exist`))
    expect(sandbox.inspect().contacts).toMatchObject([{ name: 'Ada', custom_attributes: {} }])
  })
  test.each([
    ['plan', 7],
    ['plan', ['a']],
    ['seats', 1.5],
    ['seats', '3'],
    ['score', 'high'],
    ['paid', 'true'],
    ['renewal', '2026-01-01'],
    ['size', 'XL'],
  ])('%s does not take %j', async (name, value) => {
    const { sandbox, call } = await open()
    sandbox.seed({ dataAttributes: attributes })
    const body = { external_id: 'u1', custom_attributes: { [name]: value } }
    expect(await call('POST', '/contacts', body)).toMatchObject(failed(400, 'parameter_invalid'))
  })
  test('text of 255 characters passes; 256 are refused, or cut where the account says so', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ dataAttributes: attributes, contacts: [{ id: 'c1', external_id: 'u1' }] })
    const put = (plan: string) => call('PUT', '/contacts/c1', { custom_attributes: { plan } })
    expect((await put('é'.repeat(255))).status).toBe(200)
    expect(await put('😀'.repeat(256))).toMatchObject(failed(400, 'parameter_invalid'))
    sandbox.configure({ longStrings: 'truncate' })
    expect((await put('😀'.repeat(256))).status).toBe(200)
    expect(sandbox.inspect()).toMatchObject({
      contacts: [{ custom_attributes: { plan: '😀'.repeat(255) } }],
      counters: { textsTruncated: 1 },
    })
  })
})

describe('archive, delete, block', () => {
  test('an archived user is not found, but keeps its identifiers', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: [{ id: 'c1', external_id: 'u1', email: 'a@example.com' }] })
    expect((await call('POST', '/contacts/c1/archive')).body).toEqual({
      type: 'contact',
      id: 'c1',
      external_id: 'u1',
      archived: true,
    })
    for (const path of ['/contacts/c1', '/contacts/find_by_external_id/u1', '/contacts/c1/tags'])
      expect(await call('GET', path)).toMatchObject(failed(404, 'not_found', 'User Not Found'))
    expect(await call('PUT', '/contacts/c1', {})).toMatchObject(failed(404, 'not_found'))
    expect(await call('POST', '/contacts', { external_id: 'u1' })).toMatchObject(archivedConflict('c1'))
    expect((await call('POST', '/contacts/c1/unarchive')).status).toBe(200)
    expect(await call('POST', '/contacts', { external_id: 'u1' })).toMatchObject(conflict('c1'))
  })
  test('a deleted user stays reserved and cannot come back', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: [{ id: 'c1', external_id: 'u1', email: 'a@example.com', name: 'Ada' }] })
    expect((await call('DELETE', '/contacts/c1')).body).toMatchObject({
      id: 'c1',
      external_id: 'u1',
      deleted: true,
    })
    expect(await call('DELETE', '/contacts/c1')).toMatchObject(failed(404, 'not_found'))
    expect(await call('POST', '/contacts', { email: 'a@example.com' })).toMatchObject(archivedConflict('c1'))
    expect(await call('POST', '/contacts/c1/unarchive')).toMatchObject(failed(400, 'bad_request'))
    expect(sandbox.inspect().contacts).toMatchObject([{ standing: 'deleted', name: null, external_id: 'u1' }])
  })
  test('a deleted lead leaves its address free', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: [{ id: 'c1', role: 'lead', email: 'a@example.com' }] })
    await call('DELETE', '/contacts/c1')
    expect((await call('POST', '/contacts', { role: 'lead', email: 'a@example.com' })).status).toBe(200)
  })
})

describe('merging', () => {
  const pair = [
    {
      id: 'lead1',
      role: 'lead',
      external_id: 'generated',
      email: 'a@example.com',
      phone: '+1555',
      name: 'Lead',
    },
    { id: 'user1', external_id: 'u1', email: 'a@example.com', name: 'User' },
    { id: 'user2', external_id: 'u2', email: 'b@example.com' },
  ] as const
  test('the user keeps what it has, takes what it lacks, and owns the events, tags and companies', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      companies: [{ id: 'k1', company_id: 'acme' }],
      contacts: [{ ...pair[0], companies: ['k1'] }, pair[1]],
      tags: [{ id: '5', name: 'vip', contacts: ['lead1'] }],
      events: [{ event_name: 'viewed', created_at: 1_760_000_000, intercom_user_id: 'lead1' }],
    })
    const answer = await call('POST', '/contacts/merge', { from: 'lead1', into: 'user1' })
    expect(answer.body).toMatchObject({ id: 'user1', name: 'User', phone: '+1555', tags: { total_count: 1 } })
    expect(sandbox.inspect()).toMatchObject({
      tags: [{ contacts: ['user1'] }],
      events: [{ intercom_user_id: 'user1' }],
      contacts: [{ standing: 'merged', merged_into: 'user1' }, { companies: ['k1'] }],
    })
    const again = { event_name: 'viewed', created_at: 1_760_000_000, id: 'user1' }
    expect((await call('POST', '/events', again)).status).toBe(202)
    expect(sandbox.inspect()).toMatchObject({ events: [{}], counters: { duplicateEvents: 1 } })
    expect((await call('GET', '/contacts/user1/merge_history')).body).toMatchObject({
      data: [{ source_contact_id: 'lead1', source_contact_role: 'lead' }],
      has_more: false,
    })
    const withHistory = await call('GET', '/contacts/user1?include_merge_history=true')
    expect(withHistory.body).toMatchObject({ merge_history: [{ source_contact_id: 'lead1' }] })
    expect((await call('GET', '/contacts/user1')).body).not.toHaveProperty('merge_history')
    expect(await call('PUT', '/contacts/lead1', {})).toMatchObject(failed(404, 'not_found'))
  })
  test('since 2.16 the pair must share e-mail or phone, unless told otherwise; until 2.15 it need not', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: pair })
    const body = { from: 'lead1', into: 'user2' }
    expect(await call('POST', '/contacts/merge', body)).toMatchObject(failed(400, 'invalid_merge'))
    expect((await call('POST', '/contacts/merge', { ...body, skip_duplicate_validation: true })).status).toBe(
      200,
    )
    const other = await open()
    other.sandbox.seed({ contacts: pair })
    expect((await other.call('POST', '/contacts/merge', body, '2.15')).status).toBe(200)
  })
  test('only a lead into a user', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: pair })
    for (const body of [
      { from: 'user2', into: 'user1' },
      { from: 'user1', into: 'lead1' },
    ])
      expect(await call('POST', '/contacts/merge', body)).toMatchObject(failed(400, 'invalid_merge'))
    expect(await call('POST', '/contacts/merge', { from: 'none', into: 'user1' })).toMatchObject(
      failed(404, 'not_found'),
    )
  })
  test('the old id is 404 where the account follows the other text; merge history is unknown to 2.15', async () => {
    const { sandbox, call } = await open({ mergedContacts: 'not-found' })
    sandbox.seed({ contacts: pair })
    await call('POST', '/contacts/merge', { from: 'lead1', into: 'user1' })
    expect(await call('GET', '/contacts/lead1')).toMatchObject(failed(404, 'not_found', 'User Not Found'))
    expect(await call('GET', '/contacts/user1/merge_history', undefined, '2.15')).toMatchObject(
      failed(400, 'intercom_version_invalid', 'Requested resource is not available in current API version.'),
    )
  })
  test('merge history is paged and newest first', async () => {
    const { sandbox, call } = await open()
    const merge_history = ['a', 'b', 'c'].map((source_contact_id, merged_at) => ({
      source_contact_id,
      source_contact_role: 'lead' as const,
      merged_at,
    }))
    sandbox.seed({ contacts: [{ id: 'user1', external_id: 'u1', merge_history }] })
    const first = await call('GET', '/contacts/user1/merge_history?per_page=2')
    expect(first.body).toMatchObject({
      data: [{ source_contact_id: 'c' }, { source_contact_id: 'b' }],
      has_more: true,
    })
    const { next_cursor: cursor } = first.body as { readonly next_cursor: string }
    const second = await call('GET', `/contacts/user1/merge_history?per_page=2&cursor=${cursor}`)
    expect(second.body).toMatchObject({ data: [{ source_contact_id: 'a' }], has_more: false })
  })
})

describe('GET /contacts', () => {
  test('ten a page by default, 150 at most, without archived ones', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: Array.from({ length: 12 }, (_, n) => ({ id: `c${n}`, external_id: `u${n}` })) })
    await call('POST', '/contacts/c3/archive')
    const { body } = await call('GET', '/contacts')
    expect(body).toMatchObject({
      total_count: 11,
      pages: { page: 1, per_page: 10, total_pages: 2, next: { page: 2 } },
    })
    const { data, pages } = body as { data: unknown[]; pages: { next: { starting_after: string } } }
    expect(data).toHaveLength(10)
    const last = await call('GET', `/contacts?starting_after=${pages.next.starting_after}`)
    expect(last.body).toMatchObject({ data: [{ id: 'c11' }], pages: { page: 2 } })
    expect((last.body as { pages: object }).pages).not.toHaveProperty('next')
    expect((await call('GET', '/contacts?per_page=150')).status).toBe(200)
    expect(await call('GET', '/contacts?per_page=151')).toMatchObject(failed(400, 'parameter_invalid'))
    expect(await call('GET', '/contacts?starting_after=junk')).toMatchObject(failed(400, 'client_error'))
  })
})
