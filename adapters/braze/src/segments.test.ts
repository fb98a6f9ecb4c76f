import type { SegmentRef } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { collect, openBraze, profileOf } from '../fixtures/open-sandbox.ts'

const vip: SegmentRef = { form: 'attribute', id: 'seg_vip' }
const holder = (external_id: string, holds: boolean) => ({
  external_id,
  custom_attributes: { seg_vip: holds },
})

describe('list', () => {
  test.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [101, 2],
  ])('%d segments take %d pages; the last one is not full', async (count, pages) => {
    const segments = Array.from({ length: count }, (_, index) => ({ id: `s${index}`, name: `S${index}` }))
    const { braze, routes } = await openBraze({}, { seed: { segments } })
    const listed = await collect(braze.segments.list())
    expect(listed.map(({ id }) => id)).toEqual(segments.map(({ id }) => id))
    expect(routes()).toHaveLength(pages)
  })

  test('archived ones are not there', async () => {
    const segments = [
      { id: 's1', name: 'S1' },
      { id: 's2', name: 'S2', archived: true },
    ]
    const { braze } = await openBraze({}, { seed: { segments } })
    expect(await collect(braze.segments.list())).toEqual([
      { form: 'segment', id: 's1', name: 'S1', writable: false },
    ])
  })
})

test.each([
  ['Big Spenders!', 'seg_big_spenders'],
  ['  VIP  ', 'seg_vip'],
  ['a/b--c', 'seg_a_b_c'],
])(
  'ensure makes no request: %j is the attribute %s, and a person builds the segment on it',
  async (name, id) => {
    const { braze, routes } = await openBraze()
    const ensured = await braze.segments.ensure(name)
    expect(ensured).toMatchObject({ segment: { form: 'attribute', id, name }, created: false })
    expect(ensured.manual).toHaveLength(1)
    expect(ensured.manual?.[0]).toContain(id)
    expect(routes()).toEqual([])
  },
)

describe('members by id', () => {
  test.each([
    [1, 1],
    [50, 1],
    [51, 2],
  ])('%d people in %d calls, in the order asked', async (count, calls) => {
    const profiles = Array.from({ length: count }, (_, index) => holder(`u${index}`, index % 2 === 0))
    const { braze, routes } = await openBraze({}, { seed: { profiles } })
    const who = profiles.map(({ external_id }) => ({ userId: external_id })).toReversed()
    const members = await collect(braze.segments.members(vip, { mode: 'ids', fields: [], who }))
    expect(members.map((one) => one.who)).toEqual(who)
    expect(members.map(({ member }) => member)).toEqual(
      profiles.map((_, index) => index % 2 === 0).toReversed(),
    )
    expect(routes()).toHaveLength(calls)
  })

  test('nobody asked, nothing sent', async () => {
    const { braze, routes } = await openBraze()
    expect(await collect(braze.segments.members(vip, { mode: 'ids', fields: [], who: [] }))).toEqual([])
    expect(routes()).toEqual([])
  })

  test('an alias and a user id of the same text are two people; a Braze id finds its own; an address finds nobody', async () => {
    const { braze, sandbox } = await openBraze(
      {},
      { seed: { profiles: [holder('same', true), holder('u2', true)] } },
    )
    await braze.deliver([
      profileOf('same', { seg_vip: false }, { key: 'alias', who: { anonymousId: 'same' }, lane: 'alias' }),
    ])
    sandbox.clock.advance(1_000)
    const brazeId = sandbox.inspect().profiles.find(({ external_id }) => external_id === 'u2')?.braze_id ?? ''
    const who = [
      { userId: 'same' },
      { anonymousId: 'same' },
      { vendorIds: { braze: brazeId } },
      { email: 'ada@example.com' },
    ]
    const members = await collect(braze.segments.members(vip, { mode: 'ids', fields: [], who }))
    expect(members.map(({ member }) => member)).toEqual([true, false, true, false])
  })
})

describe('members of a whole segment', () => {
  test('come from its export, each once, with all their ids', async () => {
    const profiles = [
      { external_id: 'u1', user_aliases: [{ alias_label: 'anonymous_id', alias_name: 'a1' }] },
      { external_id: 'u2' },
    ]
    const segments = [{ id: 's1', name: 'S1', members: ['u1', 'u2'] }]
    const { braze } = await openBraze({}, { seed: { profiles, segments } })
    const members = await collect(
      braze.segments.members({ form: 'segment', id: 's1' }, { mode: 'all', fields: [] }),
    )
    expect(members).toMatchObject([
      { who: { userId: 'u1', anonymousId: 'a1' }, member: true },
      { who: { userId: 'u2' }, member: true },
    ])
  })

  test.each([
    [
      { form: 'attribute', id: 'seg_vip' },
      { mode: 'all', fields: [] },
    ],
    [
      { form: 'segment', id: 's1' },
      { mode: 'ids', fields: [], who: [{ userId: 'u1' }] },
    ],
    [
      { form: 'list', id: 'l1' },
      { mode: 'all', fields: [] },
    ],
  ] as const)('%j by %j is told to be impossible', async (segment, query) => {
    const { braze, routes } = await openBraze()
    await expect(collect(braze.segments.members(segment, query))).rejects.toMatchObject({
      fault: { code: 'unsupported' },
    })
    expect(routes()).toEqual([])
  })
})
