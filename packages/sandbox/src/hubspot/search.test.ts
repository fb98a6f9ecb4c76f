import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWithClient, type Answer, type TestClient } from './test-client.ts'

let api: TestClient
beforeEach(async () => {
  api = await startWithClient({ account: { limits: { searchesPerSecond: 1_000 } } })
})
afterEach(() => api.hubspot.close())
const search = (body: object): Promise<Answer> => api.post('/crm/objects/2026-09/contacts/search', body)
const filter = (propertyName: string, operator: string, rest: object = {}): object => ({
  propertyName,
  operator,
  ...rest,
})
const where = (...filters: readonly object[]): object => ({
  filterGroups: [{ filters }],
  sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
})
const emails = (answer: Answer): unknown => answer.body.results?.map((result) => result.properties?.['email'])

test('a write is found after the lag, not before', async () => {
  await api.post('/crm/objects/2026-09/contacts', { properties: { email: 'a@b.co' } })
  const query = where(filter('email', 'EQ', { value: 'A@b.co' }))
  api.hubspot.clock.advance(1_999)
  expect((await search(query)).body.total).toBe(0)
  api.hubspot.clock.advance(1)
  expect((await search(query)).body.total).toBe(1)
})

test('search still knows the old value while a change waits, and forgets archived records at once', async () => {
  api.hubspot.seed({ contacts: [{ id: '7', properties: { email: 'a@b.co', city: 'Rome' } }] })
  await api.call('PATCH', '/crm/objects/2026-09/contacts/7', { properties: { city: 'Bonn' } })
  expect((await search(where(filter('city', 'EQ', { value: 'Rome' })))).body.total).toBe(1)
  api.hubspot.clock.advance(2_000)
  expect((await search(where(filter('city', 'EQ', { value: 'Bonn' })))).body.total).toBe(1)
  await api.call('DELETE', '/crm/objects/2026-09/contacts/7')
  expect((await search(where(filter('city', 'EQ', { value: 'Bonn' })))).body.total).toBe(0)
})

describe('operators', () => {
  beforeEach(() => {
    api.hubspot.seed({
      properties: { contacts: [{ name: 'score', type: 'number', fieldType: 'number' }] },
      contacts: [
        { properties: { email: 'ada@math.org', city: 'London', score: '9' } },
        { properties: { email: 'bob@math.org', city: 'Paris', score: '10' } },
        { properties: { email: 'cyd@art.net' } },
      ],
    })
  })
  const [ada, bob, cyd] = ['ada@math.org', 'bob@math.org', 'cyd@art.net']
  test.each([
    [filter('score', 'GT', { value: '9' }), [bob]],
    [filter('score', 'LTE', { value: '9' }), [ada]],
    [filter('score', 'BETWEEN', { value: '9', highValue: '10' }), [ada, bob]],
    [filter('score', 'HAS_PROPERTY'), [ada, bob]],
    [filter('score', 'NOT_HAS_PROPERTY'), [cyd]],
    [filter('city', 'NEQ', { value: 'london' }), [bob]],
    [filter('city', 'IN', { values: ['london'] }), [ada]],
    [filter('city', 'IN', { values: ['London'] }), []],
    [filter('email', 'CONTAINS_TOKEN', { value: 'math' }), [ada, bob]],
    [filter('email', 'CONTAINS_TOKEN', { value: 'mat' }), []],
    [filter('email', 'CONTAINS_TOKEN', { value: '*@math.org' }), [ada, bob]],
    [filter('email', 'NOT_CONTAINS_TOKEN', { value: 'math' }), [cyd]],
  ])('%o', async (each, expected) => {
    expect(emails(await search({ ...where(each), properties: ['email'] }))).toEqual(expected)
  })

  test('groups are alternatives, sorts order numbers as numbers', async () => {
    const groups = [
      { filters: [filter('score', 'EQ', { value: '10' })] },
      { filters: [filter('score', 'EQ', { value: '9' })] },
    ]
    const reply = await search({
      filterGroups: groups,
      sorts: [{ propertyName: 'score', direction: 'DESCENDING' }],
    })
    expect(emails(reply)).toEqual([bob, ada])
  })

  test.each([
    filter('nope', 'EQ', { value: '1' }),
    filter('score', 'LIKE', { value: '1' }),
    filter('score', 'EQ'),
    filter('score', 'IN', { value: '1' }),
    filter('score', 'BETWEEN', { value: '1' }),
  ])('%o is refused', async (each) => {
    expect((await search(where(each))).status).toBe(400)
  })
})

describe('limits', () => {
  const some = (count: number): object[] =>
    Array.from({ length: count }, () => filter('email', 'HAS_PROPERTY'))
  const groups = (...counts: readonly number[]): object => ({
    filterGroups: counts.map((count) => ({ filters: some(count) })),
  })
  test.each([
    [groups(1, 1, 1, 1, 1), 200],
    [groups(1, 1, 1, 1, 1, 1), 400],
    [groups(6, 6, 6), 200],
    [groups(7), 400],
    [groups(6, 6, 6, 1), 400],
    [{ limit: 200 }, 200],
    [{ limit: 201 }, 400],
    [{ after: '9800', limit: 200 }, 200],
    [{ after: '9801', limit: 200 }, 400],
    [{ sorts: ['email', 'city'] }, 400],
    [{ query: 'x'.repeat(3_000 - '{"query":""}'.length) }, 200],
    [{ query: 'x'.repeat(3_001 - '{"query":""}'.length) }, 400],
  ])('case %#', async (body, status) => {
    expect((await search(body)).status).toBe(status)
  })

  test('beyond 10,000 records the total stops and the next page is refused', async () => {
    api.hubspot.seed({
      contacts: Array.from({ length: 10_001 }, (_, index) => ({ properties: { email: `m${index}@b.co` } })),
    })
    const last = await search({ limit: 200, after: '9800' })
    expect(last.body.total).toBe(10_000)
    expect(last.body.paging?.next?.after).toBe('10000')
    expect((await search({ limit: 200, after: '10000' })).status).toBe(400)
  })

  test('five a second, with no rate headers', async () => {
    api.hubspot.configure({ limits: {} })
    const answers = await Promise.all(Array.from({ length: 6 }, () => search({})))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(5)
    const refused = answers.find((answer) => answer.status === 429)
    expect(refused?.body).toMatchObject({
      policyName: 'SECONDLY',
      message: 'You have reached your secondly limit.',
    })
    expect(refused?.headers.get('x-hubspot-ratelimit-max')).toBeNull()
    api.hubspot.clock.advance(1_000)
    expect((await search({})).status).toBe(200)
  })
})
