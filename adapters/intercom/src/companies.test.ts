import type { GroupItem } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, openIntercom, statuses } from '../fixtures/open-sandbox.ts'

const findRoute = 'GET /contacts/find_by_external_id/{external_id}'

describe('companies', () => {
  const group = (key: string, more: Partial<GroupItem> = {}): GroupItem => ({
    kind: 'group',
    key,
    lane: 'acme',
    at,
    groupType: 'company',
    groupId: 'acme',
    set: { name: 'Acme', monthlySpend: 155.98 },
    ...more,
  })
  test('created, then the person is attached', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      { seed: { contacts: [{ external_id: 'u1' }] } },
    )
    const report = await intercom.deliver([group('1', { member: { userId: 'u1' } })])
    expect(report.results[0]).toMatchObject({
      outcome: { status: 'sent' },
      done: ['company', 'attach'],
      losses: [{ path: 'set.monthlySpend', kind: 'rounded' }],
    })
    const { companies, contacts } = sandbox.inspect()
    expect(companies).toMatchObject([{ company_id: 'acme', name: 'Acme', monthly_spend: 155 }])
    expect(contacts[0]?.companies).toEqual([companies[0]?.id])
    expect(requests()).toEqual(['POST /companies', findRoute, 'POST /contacts/{contact_id}/companies'])
  })
  test('what is done is not done again; the id of the company is looked up', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      {
        seed: { contacts: [{ external_id: 'u1' }], companies: [{ company_id: 'acme' }] },
      },
    )
    expect(await statuses(intercom, [group('1', { member: { userId: 'u1' }, done: ['company'] })])).toEqual([
      'sent',
    ])
    expect(requests()).toEqual(['GET /companies', findRoute, 'POST /contacts/{contact_id}/companies'])
    expect(sandbox.inspect().contacts[0]?.companies).toHaveLength(1)
  })
  test('other group types are not Intercom’s', async () => {
    const { intercom } = await openIntercom()
    expect(await statuses(intercom, [group('1', { groupType: 'workspace' })])).toEqual(['skipped'])
  })
})
