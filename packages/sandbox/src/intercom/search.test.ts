import { describe, expect, test } from 'vitest'
import { failed, open } from '../../fixtures/intercom-client.ts'
import type { IntercomAccount } from './index.ts'

interface Found {
  readonly data: readonly { readonly id: string }[]
  readonly total_count: number
  readonly pages: { readonly next?: { readonly starting_after: string } }
}
const seconds = (iso: string): number => Date.parse(iso) / 1_000
const equals = (field: string, value: unknown) => ({ field, operator: '=', value })

async function openSearch(account: Partial<IntercomAccount> = {}) {
  const opened = await open(account)
  async function find(query: unknown, more: object = {}): Promise<string[]> {
    const { body } = await opened.call('POST', '/contacts/search', { query, ...more })
    return (body as Found).data.map(({ id }) => id).toSorted()
  }
  return { ...opened, find }
}

describe('index lag', () => {
  test('a new contact and a change are found after 180 s, not before; GET shows them at once', async () => {
    const { sandbox, call, find } = await openSearch()
    const { body } = await call('POST', '/contacts', { external_id: 'u1', name: 'Ada' })
    const { id } = body as { readonly id: string }
    expect((await call('GET', '/contacts/find_by_external_id/u1')).status).toBe(200)
    sandbox.clock.advance(179_999)
    expect(await find(equals('external_id', 'u1'))).toEqual([])
    sandbox.clock.advance(1)
    expect(await find(equals('external_id', 'u1'))).toEqual([id])
    await call('PUT', `/contacts/${id}`, { name: 'Grace' })
    expect(await find(equals('name', 'Ada'))).toEqual([id])
    sandbox.clock.advance(180_000)
    expect(await find(equals('name', 'Ada'))).toEqual([])
    expect(await find(equals('name', 'Grace'))).toEqual([id])
  })
  test('an archived contact is gone at once, even if its last change is still on the way', async () => {
    const { sandbox, call, find } = await openSearch()
    sandbox.seed({ contacts: [{ id: 'c1', external_id: 'u1' }] })
    await call('PUT', '/contacts/c1', { name: 'Ada' })
    await call('POST', '/contacts/c1/archive')
    expect(await find(equals('role', 'user'))).toEqual([])
    sandbox.clock.advance(180_000)
    expect(await find(equals('role', 'user'))).toEqual([])
  })
  test('shortening the lag does not let an older change win', async () => {
    const { sandbox, call, find } = await openSearch()
    sandbox.seed({ contacts: [{ id: 'c1', external_id: 'u1' }] })
    await call('PUT', '/contacts/c1', { name: 'first' })
    sandbox.configure({ indexLagMs: 0 })
    await call('PUT', '/contacts/c1', { name: 'second' })
    sandbox.clock.advance(180_000)
    expect(await find(equals('name', 'second'))).toEqual(['c1'])
  })
})

describe('timestamps are compared by day in the time zone of the workspace', () => {
  const contacts = [
    { id: 'before', external_id: '1', signed_up_at: seconds('2026-03-09T07:59:59Z') },
    { id: 'morning', external_id: '2', signed_up_at: seconds('2026-03-10T07:00:00Z') },
    { id: 'evening', external_id: '3', signed_up_at: seconds('2026-03-11T06:59:59Z') },
    { id: 'after', external_id: '4', signed_up_at: seconds('2026-03-11T07:00:00Z') },
    { id: 'never', external_id: '5' },
  ]
  const noon = seconds('2026-03-10T19:00:00Z')
  test('Los Angeles: > starts with the next day, < ends before the day, = is the whole day', async () => {
    const { sandbox, find } = await openSearch()
    sandbox.seed({ contacts })
    const signedUp = (operator: string, value: unknown = noon) =>
      find({ field: 'signed_up_at', operator, value })
    expect(await signedUp('>')).toEqual(['after'])
    expect(await signedUp('<')).toEqual(['before'])
    expect(await signedUp('=')).toEqual(['evening', 'morning'])
    expect(await signedUp('=', String(noon))).toEqual(['evening', 'morning'])
  })
  test('the same query answers otherwise in another zone', async () => {
    const { sandbox, find } = await openSearch({ timeZone: 'UTC' })
    sandbox.seed({ contacts })
    expect(await find({ field: 'signed_up_at', operator: '>', value: noon })).toEqual(['after', 'evening'])
  })
  test.each(['!=', '>=', '<=', 'IN', 'NIN', '~'])('%s is refused on dates', async (operator) => {
    const { call } = await open()
    const query = { field: 'created_at', operator, value: operator.endsWith('IN') ? [noon] : noon }
    expect(await call('POST', '/contacts/search', { query })).toMatchObject(failed(400, 'parameter_invalid'))
  })
})

describe('operators', () => {
  const seed = {
    dataAttributes: [
      { name: 'seats', data_type: 'integer' },
      { name: 'renewal', data_type: 'date' },
      { name: 'paid', data_type: 'boolean' },
    ] as const,
    contacts: [
      {
        id: 'a',
        external_id: 'u1',
        email: 'ada@example.com',
        name: 'Ada',
        custom_attributes: { seats: 1, paid: true },
      },
      {
        id: 'b',
        external_id: 'u2',
        email: 'bob@example.org',
        name: 'Bob',
        custom_attributes: { seats: 5, paid: false },
      },
      { id: 'c', role: 'lead' as const, email: 'ada@example.com', name: 'ada' },
    ],
    tags: [{ id: '5', name: 'vip', contacts: ['a'] }],
    segments: [
      { id: 's1', name: 'Fixed', contacts: ['b'] },
      { id: 's2', name: 'Rule', rule: { field: 'name', operator: '^', value: 'A' } },
    ],
  }
  test.each([
    [equals('email', 'ada@example.com'), ['a', 'c']],
    [equals('email', 'Ada@example.com'), []],
    [{ field: 'name', operator: '!=', value: 'Ada' }, ['b', 'c']],
    [{ field: 'external_id', operator: 'IN', value: ['u1', 'u2', 'u3'] }, ['a', 'b']],
    [{ field: 'external_id', operator: 'NIN', value: ['u1'] }, ['b', 'c']],
    [{ field: 'email', operator: '~', value: 'example.o' }, ['b']],
    [{ field: 'email', operator: '!~', value: 'example.o' }, ['a', 'c']],
    [{ field: 'name', operator: '^', value: 'Ad' }, ['a']],
    [{ field: 'email_domain', operator: '$', value: '.org' }, ['b']],
    [equals('role', 'lead'), ['c']],
    [equals('id', 'b'), ['b']],
    [equals('custom_attributes.paid', true), ['a']],
    [{ field: 'custom_attributes.seats', operator: '>=', value: 5 }, ['b']],
    [{ field: 'custom_attributes.seats', operator: '<', value: '5' }, ['a']],
    [equals('custom_attributes.seats', null), ['c']],
    [equals('tag_id', '5'), ['a']],
    [{ field: 'tag_id', operator: '!=', value: '5' }, ['b', 'c']],
    [equals('segment_id', 's1'), ['b']],
    [equals('segment_id', 's2'), ['a']],
    [equals('segment_id', 'none'), []],
    [{ operator: 'AND', value: [equals('role', 'user'), equals('email', 'ada@example.com')] }, ['a']],
    [
      { operator: 'OR', value: [equals('external_id', 'u2'), equals('email', 'ada@example.com')] },
      ['a', 'b', 'c'],
    ],
    [
      {
        operator: 'AND',
        value: [
          { operator: 'OR', value: [equals('name', 'Ada'), equals('name', 'Bob')] },
          { operator: 'OR', value: [equals('tag_id', '5'), equals('role', 'lead')] },
        ],
      },
      ['a'],
    ],
  ])('%j finds %j', async (query, ids) => {
    const { sandbox, find } = await openSearch()
    sandbox.seed(seed)
    expect(await find(query)).toEqual(ids)
  })
  test.each([
    [undefined, 'parameter_not_found'],
    [equals('favourite', 'x'), 'invalid_field'],
    [equals('custom_attributes.nope', 'x'), 'invalid_field'],
    [equals('company_id', 'x'), 'invalid_field'],
    [equals('toString', 'x'), 'invalid_field'],
    [{ field: 'name', operator: 'LIKE', value: 'x' }, 'parameter_invalid'],
    [{ field: 'name', operator: '>', value: 'x' }, 'parameter_invalid'],
    [{ field: 'tag_id', operator: 'IN', value: ['5'] }, 'parameter_invalid'],
    [{ field: 'name', operator: 'IN', value: 'x' }, 'parameter_invalid'],
    [equals('external_id', 7), 'parameter_invalid'],
    [equals('role', 'visitor'), 'parameter_invalid'],
    [equals('created_at', 'foobar'), 'parameter_invalid'],
    [{ operator: 'XOR', value: [equals('name', 'x')] }, 'parameter_invalid'],
    [{ operator: 'AND', value: [] }, 'parameter_invalid'],
    [
      { operator: 'AND', value: [equals('name', 'x'), { operator: 'OR', value: [equals('name', 'x')] }] },
      'parameter_invalid',
    ],
  ])('%j is refused with %s', async (query, code) => {
    const { sandbox, call } = await openSearch()
    sandbox.seed(seed)
    expect(await call('POST', '/contacts/search', { query })).toMatchObject(failed(400, code))
  })
  test('15 filters in a group pass, 16 do not; two levels pass, three do not', async () => {
    const { call } = await open()
    const status = async (query: unknown) => (await call('POST', '/contacts/search', { query })).status
    const filters = (count: number) => Array.from({ length: count }, (_, n) => equals('name', String(n)))
    expect(await status({ operator: 'OR', value: filters(15) })).toBe(200)
    expect(await status({ operator: 'OR', value: filters(16) })).toBe(400)
    const two = { operator: 'AND', value: [{ operator: 'OR', value: filters(15) }] }
    expect(await status(two)).toBe(200)
    expect(await status({ operator: 'AND', value: [two] })).toBe(400)
  })
})

describe('order and pages', () => {
  const contacts = Array.from({ length: 7 }, (_, n) => ({
    id: `c${n}`,
    external_id: `u${n}`,
    created_at: 1_760_000_000 + n,
  }))
  const query = equals('role', 'user')
  const page = (starting_after?: string) => ({
    query,
    sort: { field: 'created_at', order: 'ascending' },
    pagination: { per_page: 3, ...(starting_after !== undefined && { starting_after }) },
  })
  test('the cursor goes into the body; in the query string it is ignored', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts })
    const first = (await call('POST', '/contacts/search', page())).body as Found
    expect(first).toMatchObject({ total_count: 7, data: [{ id: 'c0' }, { id: 'c1' }, { id: 'c2' }] })
    const cursor = first.pages.next?.starting_after ?? ''
    const ignored = (await call('POST', `/contacts/search?starting_after=${cursor}`, page())).body
    expect(ignored).toMatchObject({ data: [{ id: 'c0' }, {}, {}], pages: { page: 1 } })
    const second = (await call('POST', '/contacts/search', page(cursor))).body as Found
    expect(second).toMatchObject({ data: [{ id: 'c3' }, {}, {}], pages: { page: 2 } })
    const last = (await call('POST', '/contacts/search', page(second.pages.next?.starting_after)))
      .body as Found
    expect(last.data).toHaveLength(1)
    expect(last.pages.next).toBeUndefined()
  })
  test('sorted by updated_at, a contact that changes between two pages comes again', async () => {
    const { sandbox, call } = await open({ indexLagMs: 0 })
    sandbox.seed({ contacts })
    const sort = { field: 'updated_at', order: 'ascending' }
    const first = (await call('POST', '/contacts/search', { query, sort, pagination: { per_page: 6 } }))
      .body as Found
    await call('PUT', '/contacts/c0', { name: 'moved' })
    const pagination = { per_page: 6, starting_after: first.pages.next?.starting_after }
    const second = (await call('POST', '/contacts/search', { query, sort, pagination })).body as Found
    expect(second.data.map(({ id }) => id)).toEqual(['c6', 'c0'])
  })
  test('50 a page by default, 150 at most', async () => {
    const { call } = await open()
    expect((await call('POST', '/contacts/search', { query })).body).toMatchObject({
      pages: { per_page: 50 },
    })
    const status = async (per_page: number) =>
      (await call('POST', '/contacts/search', { query, pagination: { per_page } })).status
    expect(await status(150)).toBe(200)
    expect(await status(151)).toBe(400)
  })
  test('"desc" is no order: 400 since 2.16, quietly descending before', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts })
    const body = { query, sort: { field: 'created_at', order: 'desc' } }
    const message = "Invalid sort order 'desc'. Must be one of: ascending, descending"
    expect(await call('POST', '/contacts/search', body)).toMatchObject(
      failed(400, 'invalid_sort_order', message),
    )
    expect((await call('POST', '/contacts/search', body, '2.15')).body).toMatchObject({
      data: [{ id: 'c6' }, {}, {}, {}, {}, {}, {}],
    })
  })
})
