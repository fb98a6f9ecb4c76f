import { describe, expect, test } from 'vitest'
import {
  contactOf,
  memberOf,
  openHubSpot,
  profileOf,
  results,
  settle,
  statuses,
} from '../fixtures/open-sandbox.ts'

const vip = { form: 'list', id: '501' } as const
const staff = { form: 'list', id: '502' } as const
const seed = {
  contacts: ['u1', 'u2', 'u3'].map((userId, index) => ({
    id: `70${index}`,
    properties: { tripline_user_id: userId },
  })),
  lists: [
    { listId: vip.id, name: 'VIP', members: ['702'] },
    { listId: staff.id, name: 'Staff' },
  ],
}
const write = 'PUT /crm/lists/{listId}/memberships/add-and-remove'
const read = 'POST /crm/objects/{objectType}/batch/read'

describe('memberships', () => {
  test('joining and leaving of a list are one request, lists are apart', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed })
    const items = [
      memberOf('1', 'u1', vip),
      memberOf('2', 'u3', vip, false),
      memberOf('3', 'u2', staff),
      memberOf('4', 'u2', vip),
    ]
    expect(await statuses(hubspot, items)).toEqual(['sent', 'sent', 'sent', 'sent'])
    expect(requests().toSorted()).toEqual([read, write, write, write].toSorted())
    settle(sandbox)
    const members = Object.fromEntries(
      sandbox.inspect().lists.map(({ name, members: ids }) => [name, [...ids].sort()]),
    )
    expect(members).toEqual({ VIP: ['700', '701'], Staff: ['701'] })
  })

  test('the last word counts', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed })
    await hubspot.deliver([
      memberOf('1', 'u1', vip),
      memberOf('2', 'u1', vip, false),
      memberOf('3', 'u2', vip, false),
      memberOf('4', 'u2', vip),
    ])
    expect(requests().filter((route) => route === write)).toHaveLength(1)
    settle(sandbox)
    expect(sandbox.inspect().lists[0]?.members.toSorted()).toEqual(['701', '702'])
  })

  test('an unknown person cannot join; one who leaves was never there', async () => {
    const { hubspot } = await openHubSpot({}, { seed })
    expect(
      (await results(hubspot, [memberOf('1', 'x', vip), memberOf('2', 'y', vip, false)])).map(
        ({ outcome }) => outcome,
      ),
    ).toMatchObject([
      { status: 'dead', fault: { code: 'not-found', path: 'who' } },
      { status: 'skipped', because: 'unchanged' },
    ])
  })

  test('… or is made, by option, but never to leave', async () => {
    const { sandbox, hubspot } = await openHubSpot({ missingContact: 'create' }, { seed })
    expect(await statuses(hubspot, [memberOf('1', 'x', vip), memberOf('2', 'y', vip, false)])).toEqual([
      'sent',
      'skipped',
    ])
    expect([contactOf(sandbox, 'x')?.id, contactOf(sandbox, 'y')]).toEqual([expect.any(String), undefined])
  })

  test('a contact that was deleted and made anew is found again', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    await hubspot.deliver([memberOf('1', 'u1', staff)])
    await fetch(`${sandbox.url}/crm/objects/2026-09/contacts/700`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer pat-na1-sandbox' },
    })
    const [deleted] = await results(hubspot, [memberOf('2', 'u1', vip)])
    expect(deleted?.outcome).toMatchObject({ status: 'dead', fault: { code: 'not-found' } })
    sandbox.seed({ contacts: [{ id: '799', properties: { tripline_user_id: 'u1' } }] })
    expect(await statuses(hubspot, [memberOf('3', 'u1', vip)])).toEqual(['sent'])
    settle(sandbox)
    expect(sandbox.inspect().lists[0]?.members).toContain('799')
  })

  test('a list that is not there, or not ours to change, is everybody’s fault after one request', async () => {
    const dynamic = { listId: '503', name: 'Auto', processingType: 'DYNAMIC', filterBranch: anybody } as const
    const { hubspot, requests } = await openHubSpot({}, { seed: { ...seed, lists: [dynamic] } })
    for (const id of ['999', '503']) {
      const segment = { form: 'list', id } as const
      const done = await results(hubspot, [memberOf('1', 'u1', segment), memberOf('2', 'u2', segment)])
      expect(done.map(({ outcome }) => outcome)).toMatchObject([
        {
          status: 'dead',
          fault: { path: 'segment.id', message: expect.stringMatching(/segments.ensure/) as string },
        },
        { status: 'dead' },
      ])
      expect(requests().filter((route) => route === write)).toHaveLength(1)
    }
    expect(await statuses(hubspot, [memberOf('3', 'u1', { form: 'tag', id: '1' })])).toEqual(['skipped'])
  })

  test('many people are packed by the number of ids', async () => {
    const contacts = Array.from({ length: 25 }, (_, index) => ({
      properties: { tripline_user_id: `p${index}` },
    }))
    const { hubspot, requests } = await openHubSpot(
      { membershipsPerCall: 10 },
      { seed: { contacts, lists: [{ listId: vip.id, name: 'VIP' }] } },
    )
    const items = contacts.map((_, index) => memberOf(`k${index}`, `p${index}`, vip))
    expect(await statuses(hubspot, items)).toEqual(items.map(() => 'sent'))
    expect(requests().filter((route) => route === write)).toHaveLength(3)
  })

  test('a new contact and its membership in one lane', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed })
    expect(
      await statuses(hubspot, [profileOf('1', 'new', { plan: 'x' }), memberOf('2', 'new', vip)]),
    ).toEqual(['sent', 'sent'])
    expect(requests()).toEqual(['POST /crm/objects/{objectType}/batch/upsert', write])
    settle(sandbox)
    expect(sandbox.inspect().lists[0]?.members).toContain(contactOf(sandbox, 'new')?.id)
  })
})
const anybody = {
  filterBranchType: 'OR',
  filterBranchOperator: 'OR',
  filters: [],
  filterBranches: [{ filterBranchType: 'AND', filterBranchOperator: 'AND', filters: [], filterBranches: [] }],
}
