import type { GroupItem } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, openHubSpot, profileOf, results, statuses } from '../fixtures/open-sandbox.ts'

const groupOf = (
  key: string,
  groupId: string,
  set: GroupItem['set'],
  more: Partial<GroupItem> = {},
): GroupItem => ({
  kind: 'group',
  key,
  lane: groupId,
  at,
  groupType: 'company',
  groupId,
  set,
  ...more,
})
const upsert = 'POST /crm/objects/{objectType}/batch/upsert'
const link = 'POST /crm/associations/{fromObjectType}/{toObjectType}/batch/create'

describe('groups', () => {
  test('a company, then the link with its member', async () => {
    const seed = { contacts: [{ id: '7001', properties: { tripline_user_id: 'u1' } }] }
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed })
    const item = groupOf(
      '1',
      'g1',
      { name: 'Acme', seats: 5, address: { city: 'Turin' } },
      { member: { userId: 'u1' } },
    )
    const [done] = await results(hubspot, [item])
    const { companies, associations } = sandbox.inspect()
    expect(companies).toMatchObject([
      { properties: { tripline_group_id: 'g1', name: 'Acme', seats: '5', city: 'Turin' } },
    ])
    expect(done).toMatchObject({
      outcome: { status: 'sent', vendorId: companies[0]?.id },
      done: ['company', 'member'],
    })
    expect(associations).toMatchObject([{ contactId: '7001', companyId: companies[0]?.id, typeIds: [279] }])
    expect(requests()).toEqual([upsert, 'POST /crm/objects/{objectType}/batch/read', link])
    await hubspot.deliver([{ ...item, done: ['company'] }])
    expect(requests()).toEqual([link])
  })

  test('a person before both, in one lane', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    const items = [
      profileOf('1', 'u1', { plan: 'x' }),
      groupOf('2', 'g1', {}, { lane: 'u1', member: { userId: 'u1' } }),
      groupOf('3', 'g2', {}, { lane: 'u1', member: { userId: 'u1' } }),
    ]
    expect(await statuses(hubspot, items)).toEqual(['sent', 'sent', 'sent'])
    expect(sandbox.inspect().associations).toHaveLength(2)
  })

  test('an unknown member is a fault, and the company is kept', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    const [done] = await results(hubspot, [groupOf('1', 'g1', {}, { member: { userId: 'nobody' } })])
    expect(done).toMatchObject({
      outcome: { status: 'dead', fault: { code: 'not-found', path: 'who' } },
      done: ['company'],
    })
    expect(sandbox.inspect().companies).toHaveLength(1)
  })

  test.each([
    ['OBJECT_NOT_FOUND', 'dead', ['company']],
    ['INTERNAL_ERROR', 'sent', ['company', 'member']], // passes: each is sent again
  ])('a 207 that holds an error (%s) is no success', async (category, status, done) => {
    const seed = { contacts: ['u1', 'u2'].map((id) => ({ properties: { tripline_user_id: id } })) }
    const { sandbox, connect } = await openHubSpot({}, { seed })
    let links = 0
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (!String(input instanceof Request ? input.url : input).includes('/associations/'))
        return sandbox.host.fetch(input, init)
      // Whose the error is nobody says: the two are sent apart, and only one of them fails again.
      if (++links === 3) return sandbox.host.fetch(input, init)
      const errors = [{ status: 'error', category, message: 'no' }]
      return Response.json({ status: 'COMPLETE', results: [], numErrors: 1, errors }, { status: 207 })
    }
    const [one, two] = await results(connect({}, { fetch }), [
      groupOf('1', 'g1', {}, { member: { userId: 'u1' } }),
      groupOf('2', 'g2', {}, { member: { userId: 'u2' } }),
    ])
    expect(one).toMatchObject({ outcome: { status }, done })
    expect(links).toBeGreaterThan(2)
    expect(two?.outcome.status).toBe('sent')
  })

  test('an anonymous member is a loss', async () => {
    const { hubspot } = await openHubSpot()
    const [done] = await results(hubspot, [
      groupOf('1', 'g1', { name: 'A' }, { member: { anonymousId: 'a' } }),
    ])
    expect(done).toMatchObject({ outcome: { status: 'sent' }, losses: [{ path: 'member', kind: 'dropped' }] })
  })

  test('other group types only where the account names them', async () => {
    const { hubspot, connect } = await openHubSpot()
    const item = groupOf('1', 'g1', {}, { groupType: 'workspace' })
    expect(await statuses(hubspot, [item])).toEqual(['skipped'])
    expect(await statuses(connect({ groupTypes: ['workspace'] }), [item])).toEqual(['sent'])
  })

  test('nothing changed and nobody to link is nothing to do', async () => {
    const { hubspot, requests } = await openHubSpot()
    expect(await statuses(hubspot, [groupOf('1', 'g1', { name: 'A' }, { before: { name: 'A' } })])).toEqual([
      'skipped',
    ])
    expect(requests()).toEqual([])
  })

  test('a bad property of a company is a fault on its item', async () => {
    const { hubspot } = await openHubSpot()
    const done = await results(hubspot, [
      groupOf('1', 'g1', { nope: 1 }),
      groupOf('2', 'g2', { name: 'B' }),
      groupOf('3', 'g3', { employees: 'many' }),
    ])
    expect(done.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { path: 'set.nope' } },
      { status: 'sent' },
      { status: 'dead', fault: { path: 'set.employees' } },
    ])
  })
})
