import type { Cursor } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { collect, memberOf, openHubSpot, pagesOf, settle } from '../fixtures/open-sandbox.ts'

const anybody = {
  filterBranchType: 'OR',
  filterBranchOperator: 'OR',
  filters: [],
  filterBranches: [{ filterBranchType: 'AND', filterBranchOperator: 'AND', filters: [], filterBranches: [] }],
}
const dynamic = { listId: '503', name: 'Auto', processingType: 'DYNAMIC', filterBranch: anybody } as const
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: String(7_000 + index),
    properties: { tripline_user_id: `u${index}` },
  }))

test('lists are listed with size, and which of them can be written', async () => {
  const lists = [{ listId: '501', name: 'VIP', members: ['7000'] }, dynamic]
  const { sandbox, hubspot } = await openHubSpot({}, { seed: { contacts: people(1), lists } })
  settle(sandbox)
  expect(await collect(hubspot.segments.list())).toMatchObject([
    { form: 'list', id: '501', name: 'VIP', writable: true, size: 1 },
    { form: 'list', id: '503', name: 'Auto', writable: false },
  ])
})

test('600 lists are two pages', async () => {
  const lists = Array.from({ length: 600 }, (_, index) => ({ name: `List ${index}` }))
  const { hubspot, requests } = await openHubSpot({}, { seed: { lists } })
  expect(await collect(hubspot.segments.list())).toHaveLength(600)
  expect(requests()).toHaveLength(2)
})

describe('ensure', () => {
  test('makes a list, and adopts it by name without regard to case', async () => {
    const { hubspot, sandbox } = await openHubSpot()
    const made = await hubspot.segments.ensure('VIP & co/1')
    expect(made).toMatchObject({ created: true, segment: { form: 'list', name: 'VIP & co/1' }, manual: [] })
    expect(await hubspot.segments.ensure('vip & CO/1')).toMatchObject({
      created: false,
      segment: { id: made.segment.id },
    })
    expect(sandbox.inspect().lists).toHaveLength(1)
  })

  test('a DYNAMIC list of that name needs a person', async () => {
    const { hubspot } = await openHubSpot({}, { seed: { lists: [dynamic] } })
    const found = await hubspot.segments.ensure('Auto')
    expect(found.created).toBe(false)
    expect(found.manual).toEqual([expect.stringContaining('DYNAMIC')])
  })

  test('another refusal is an error', async () => {
    const { hubspot } = await openHubSpot()
    await expect(hubspot.segments.ensure(' ')).rejects.toThrow(/empty/)
  })

  test('a lost answer makes one list', async () => {
    const { hubspot, sandbox } = await openHubSpot()
    sandbox.chaos({ script: [{ kind: 'reset-after', on: 'POST /crm/lists' }] })
    expect(await hubspot.segments.ensure('VIP')).toMatchObject({ segment: { name: 'VIP' } })
    expect(sandbox.inspect().lists).toHaveLength(1)
  })
})

describe('members', () => {
  const vip = { form: 'list', id: '501' } as const

  test('all of them with our ids, 250 a page, resumed behind a page', async () => {
    const contacts = [...people(299), { id: '9000', properties: { email: 'only@x.test' } }]
    const lists = [{ listId: vip.id, name: 'VIP', members: contacts.map(({ id }) => id) }]
    const { hubspot, requests } = await openHubSpot({}, { seed: { contacts, lists } })
    const pages = await pagesOf(hubspot.segments.members(vip, { mode: 'all', fields: [] }))
    expect(pages.map(({ items }) => items.length)).toEqual([250, 50])
    expect(pages.flatMap(({ items }) => items).filter(({ who }) => who.userId !== undefined)).toHaveLength(
      299,
    )
    expect(pages[1]?.items.at(-1)).toMatchObject({ who: { vendorIds: { hubspot: '9000' } }, member: true })
    expect(requests()).toHaveLength(2 + 3 + 1)
    const resume = pages[0]?.cursor as Cursor
    expect(await collect(hubspot.segments.members(vip, { mode: 'all', resume, fields: [] }))).toHaveLength(50)
  })

  test('given people, members or not', async () => {
    const lists = [{ listId: vip.id, name: 'VIP' }]
    const { sandbox, hubspot } = await openHubSpot({}, { seed: { contacts: people(30), lists } })
    await hubspot.deliver([memberOf('1', 'u1', vip), memberOf('2', 'u29', vip)])
    settle(sandbox)
    const who = [
      ...people(30).map(({ properties }) => ({ userId: properties.tripline_user_id })),
      { userId: 'nobody' },
    ]
    const members = await collect(hubspot.segments.members(vip, { mode: 'ids', who, fields: [] }))
    expect(members.filter(({ member }) => member).map(({ who: one }) => one.userId)).toEqual(['u1', 'u29'])
    expect(members).toHaveLength(31)
    expect(members[1]?.since).toMatch(/^20/)
  })

  test('changes of members cannot be read', async () => {
    const { hubspot } = await openHubSpot()
    const query = { mode: 'since', from: '2026-01-01T00:00:00.000Z', fields: [] } as const
    await expect(collect(hubspot.segments.members(vip, query))).rejects.toMatchObject({
      fault: { code: 'unsupported' },
    })
  })
})
