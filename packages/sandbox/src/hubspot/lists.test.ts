import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWithClient, type TestClient } from './test-client.ts'

const lists = '/crm/lists/2026-09'
let api: TestClient
beforeEach(async () => {
  api = await startWithClient()
  api.hubspot.seed({
    contacts: ['1', '2', '3'].map((id) => ({
      id,
      properties: { email: `c${id}@b.co`, city: id === '3' ? 'Bonn' : 'Rome' },
    })),
  })
})
afterEach(() => api.hubspot.close())

async function createList(rest: object): Promise<string> {
  const reply = await api.post(lists, {
    name: 'People',
    objectTypeId: '0-1',
    processingType: 'MANUAL',
    ...rest,
  })
  expect(reply.status).toBe(200)
  return reply.body.list?.listId ?? ''
}
const and = (filters: readonly object[], filterBranches: readonly object[] = []): object => ({
  filterBranchType: 'AND',
  filterBranchOperator: 'AND',
  filters,
  filterBranches,
})
const root = (...branches: readonly object[]): object => ({
  filterBranchType: 'OR',
  filterBranchOperator: 'OR',
  filters: [],
  filterBranches: branches,
})
const cityIs = (value: string): object => ({
  filterType: 'PROPERTY',
  property: 'city',
  operation: { operationType: 'STRING', operator: 'IS_EQUAL_TO', value, includeObjectsWithNoValueSet: false },
})
const membersOf = async (listId: string, query = ''): Promise<readonly (string | undefined)[]> =>
  ((await api.get(`${lists}/${listId}/memberships${query}`)).body.results ?? []).map((row) => row.recordId)

describe('lists', () => {
  test('are found by id, by name in any case, and by search', async () => {
    const listId = await createList({ name: 'VIP' })
    expect((await api.get(`${lists}/${listId}`)).body.list?.name).toBe('VIP')
    expect((await api.get(`${lists}/object-type-id/0-1/name/vip`)).body.list?.listId).toBe(listId)
    const found = await api.post(`${lists}/search`, {
      query: 'vi',
      processingTypes: ['MANUAL'],
      listIds: [],
      additionalProperties: [],
      offset: 0,
    })
    expect(found.body).toMatchObject({
      total: 1,
      hasMore: false,
      offset: 1,
      lists: [{ listId, additionalProperties: { hs_list_size: '0' } }],
    })
    expect((await api.get(`${lists}/999999`)).status).toBe(404)
  })

  test('a name is unique per object type, whatever its case', async () => {
    const listId = await createList({ name: 'VIP' })
    const again = await api.post(lists, { name: 'vip', objectTypeId: '0-1', processingType: 'MANUAL' })
    expect([again.status, again.body.subCategory]).toEqual([400, 'ILS.DUPLICATE_LIST_NAMES'])
    await createList({ name: 'VIP', objectTypeId: '0-2' })
    await api.call('DELETE', `${lists}/${listId}`)
    await createList({ name: 'VIP' })
  })

  test('a DYNAMIC list is processed first, then selects, and takes no members', async () => {
    const listId = await createList({ processingType: 'DYNAMIC', filterBranch: root(and([cityIs('rome')])) })
    expect((await api.get(`${lists}/${listId}`)).body.list).toMatchObject({ processingStatus: 'PROCESSING' })
    api.hubspot.clock.advance(2_000)
    expect((await api.get(`${lists}/${listId}`)).body.list).toMatchObject({
      processingStatus: 'COMPLETE',
      size: 2,
    })
    expect(await membersOf(listId)).toEqual(['1', '2'])
    expect((await api.call('PUT', `${lists}/${listId}/memberships/add`, ['3'])).status).toBe(400)
    const ofRecord = await api.get(`${lists}/records/0-1/1/memberships`)
    expect(ofRecord.body.results).toMatchObject([{ listId }])
  })

  test.each([
    [and([cityIs('x')]), 400],
    [root(), 400],
    [root(root(and([]))), 400],
    [root(and([], [and([])])), 400],
    [root({ filterBranchType: 'AND', filters: [], filterBranches: [] }), 400],
    [root(and([{ ...cityIs('x'), filterType: 'PAGE_VIEW' }])), 501],
    [
      root(
        and([
          {
            ...cityIs('x'),
            operation: { operationType: 'ENUMERATION', operator: 'IS_NOT_EQUAL_TO', values: ['x'] },
          },
        ]),
      ),
      400,
    ],
    [
      root(
        and([
          {
            ...cityIs('x'),
            operation: { operationType: 'STRING', operator: 'HAS_EVER_CONTAINED', value: 'x' },
          },
        ]),
      ),
      501,
    ],
    [
      root(
        and(
          [],
          [
            {
              ...and([]),
              filterBranchType: 'UNIFIED_EVENTS',
              operator: 'HAS_COMPLETED',
              eventTypeId: '6-1',
              pruningRefineBy: { type: 'ALL_HISTORY' },
              coalescingRefineBy: { type: 'NUM_OCCURRENCES', minOccurrences: 2 },
            },
          ],
        ),
      ),
      400,
    ],
  ])('grammar case %#', async (filterBranch, status) => {
    const reply = await api.post(lists, {
      name: 'G',
      objectTypeId: '0-1',
      processingType: 'DYNAMIC',
      filterBranch,
    })
    expect(reply.status).toBe(status)
  })
})

describe('memberships', () => {
  test('are changed at once and seen after the lag; repeats and strangers are no errors', async () => {
    const listId = await createList({})
    const added = await api.call('PUT', `${lists}/${listId}/memberships/add`, ['1', '2', '2', '404'])
    expect(added.body).toEqual({
      recordsIdsAdded: ['1', '2'],
      recordIdsRemoved: [],
      recordIdsMissing: ['404'],
    })
    expect((await api.call('PUT', `${lists}/${listId}/memberships/add`, ['1'])).body).toMatchObject({
      recordsIdsAdded: [],
      recordIdsMissing: [],
    })
    expect(await membersOf(listId)).toEqual([])
    api.hubspot.clock.advance(2_000)
    expect(await membersOf(listId)).toEqual(['1', '2'])
    const both = await api.call('PUT', `${lists}/${listId}/memberships/add-and-remove`, {
      recordIdsToAdd: ['3'],
      recordIdsToRemove: ['1', '9'],
    })
    expect(both.body).toEqual({ recordsIdsAdded: ['3'], recordIdsRemoved: ['1'], recordIdsMissing: [] })
    api.hubspot.clock.advance(2_000)
    expect(api.hubspot.inspect().lists[0]?.members).toEqual(['2', '3'])
  })

  test('the body is a list of texts', async () => {
    const listId = await createList({})
    expect((await api.call('PUT', `${lists}/${listId}/memberships/add`, { ids: ['1'] })).status).toBe(400)
    expect((await api.call('PUT', `${lists}/${listId}/memberships/add`, [1])).status).toBe(400)
  })

  test('100,000 ids pass, 100,001 do not', async () => {
    const listId = await createList({})
    const ids = Array.from({ length: 100_001 }, (_, index) => String(index))
    expect((await api.call('PUT', `${lists}/${listId}/memberships/add`, ids)).status).toBe(400)
    expect((await api.call('PUT', `${lists}/${listId}/memberships/add`, ids.slice(1))).status).toBe(200)
  })

  test('page by record id and by join time, 250 at most, forward and back', async () => {
    const listId = await createList({})
    for (const id of ['3', '1', '2']) {
      await api.call('PUT', `${lists}/${listId}/memberships/add`, [id])
      api.hubspot.clock.advance(2_000)
    }
    const first = await api.get(`${lists}/${listId}/memberships?limit=2`)
    expect(first.body).toMatchObject({ total: 3, results: [{ recordId: '1' }, { recordId: '2' }] })
    const second = await api.get(
      `${lists}/${listId}/memberships?limit=2&after=${first.body.paging?.next?.after}`,
    )
    expect(second.body.results).toMatchObject([{ recordId: '3' }])
    expect(second.body.paging?.next).toBeUndefined()
    expect(await membersOf(listId, `?limit=2&before=${second.body.paging?.prev?.before}`)).toEqual(['1', '2'])
    expect(await membersOf(listId, '/join-order')).toEqual(['3', '1', '2'])
    expect((await api.get(`${lists}/${listId}/memberships?limit=251`)).status).toBe(400)
    expect((await api.get(`${lists}/${listId}/memberships?limit=250`)).status).toBe(200)
    expect((await api.get(`${lists}/${listId}/memberships?after=zzz`)).body.subCategory).toBe(
      'INVALID_CURSOR',
    )
  })

  test('nobody is on two pages when a list is walked', async () => {
    api.hubspot.seed({
      contacts: Array.from({ length: 7 }, (_, index) => ({
        id: String(500 + index),
        properties: { city: 'X' },
      })),
    })
    const listId = await createList({})
    await api.call(
      'PUT',
      `${lists}/${listId}/memberships/add`,
      Array.from({ length: 7 }, (_, index) => String(500 + index)),
    )
    api.hubspot.clock.advance(2_000)
    for (const order of ['', '/join-order']) {
      const seen: (string | undefined)[] = []
      let after = ''
      do {
        const page = await api.get(`${lists}/${listId}/memberships${order}?limit=3${after}`)
        seen.push(...(page.body.results ?? []).map((row) => row.recordId))
        after = page.body.paging?.next ? `&after=${page.body.paging.next.after}` : ''
      } while (after !== '')
      expect(seen).toEqual(['500', '501', '502', '503', '504', '505', '506'])
    }
  })
})
