import type { Member, Page, Query, SegmentRef } from '@tripline/model'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect, type Connected } from '../fixtures/sandbox-account.ts'
import { flagCohort } from './mapping/segments.ts'

const project = async (...given: Parameters<typeof connect>): Promise<Connected> => {
  const connected = await connect(...given)
  onTestFinished(() => connected.sandbox.close())
  connected.sandbox.seed({
    profiles: [
      { distinctId: 'u1', properties: { seg_vip: true } },
      { distinctId: 'u2', properties: { seg_vip: false } },
      { distinctId: '$device:a1', properties: { seg_vip: true } },
    ],
    cohorts: [flagCohort('seg_vip', 'VIP')],
  })
  return connected
}
const flag: SegmentRef = { form: 'attribute', id: 'seg_vip' }
async function members(
  { connector }: Connected,
  segment: SegmentRef,
  query: Query,
): Promise<readonly Member[]> {
  const found: Member[] = []
  for await (const page of connector.segments.members(segment, query)) found.push(...page.items)
  return found
}
const all = { mode: 'all', fields: [] } as const

test('cohorts are listed with their size, for reading', async () => {
  const mixpanel = await project()
  const pages: Page<unknown>[] = []
  for await (const page of mixpanel.connector.segments.list()) pages.push(page)
  const [cohort] = mixpanel.sandbox.inspect().cohorts
  expect(pages).toEqual([
    {
      items: [{ form: 'cohort', id: String(cohort?.id), name: 'VIP', size: 2, writable: false }],
      last: true,
    },
  ])
})

describe('members', () => {
  test('of a flag and of the cohort on it are the same people', async () => {
    const mixpanel = await project()
    const cohort: SegmentRef = { form: 'cohort', id: String(mixpanel.sandbox.inspect().cohorts[0]?.id) }
    const expected = [
      { who: { userId: 'u1', vendorIds: { mixpanel: 'u1' } }, member: true },
      { who: { anonymousId: 'a1', vendorIds: { mixpanel: '$device:a1' } }, member: true },
    ]
    expect(await members(mixpanel, flag, all)).toEqual(expected)
    expect(await members(mixpanel, cohort, all)).toEqual(expected)
  })
  test('of given ids, by the flag', async () => {
    const mixpanel = await project()
    const who = [{ userId: 'u1' }, { userId: 'u2' }, { userId: 'absent' }, { phone: '+4915112345678' }]
    expect(
      (await members(mixpanel, flag, { mode: 'ids', fields: [], who })).map(({ member }) => member),
    ).toEqual([true, false, false, false])
  })
  test.each([
    [{ form: 'cohort', id: '1' }, { mode: 'ids', fields: [], who: [] }, 'unsupported'],
    [flag, { mode: 'since', fields: [], from: '2026-11-01T00:00:00.000Z' }, 'unsupported'],
    [{ form: 'list', id: '1' }, all, 'unsupported'],
    [{ form: 'cohort', id: '1},"raw_cohort":{}' }, all, 'invalid'],
    [{ form: 'cohort', id: '404' }, all, 'invalid'],
  ] as const)('%o by %o is refused as %s', async (segment, query, code) => {
    await expect(members(await project(), segment, query)).rejects.toMatchObject({ fault: { code } })
  })
})

describe('ensure', () => {
  test('is a flag, and a recipe for the cohort on it', async () => {
    const mixpanel = await project()
    const ensured = await mixpanel.connector.segments.ensure('Big Spenders')
    expect(ensured).toMatchObject({
      segment: { form: 'attribute', id: 'seg_big_spenders', name: 'Big Spenders' },
      created: false,
    })
    expect(ensured.manual[0]).toContain('"seg_big_spenders" is true')
    expect(mixpanel.routes()).toEqual([])
  })
  test('makes the cohort once, where the account wants that', async () => {
    const mixpanel = await project({}, { experimentalCohorts: true })
    expect(await mixpanel.connector.segments.ensure('Big Spenders')).toMatchObject({
      created: true,
      manual: [],
    })
    expect(await mixpanel.connector.segments.ensure('Big Spenders')).toMatchObject({
      created: false,
      manual: [],
    })
    expect(mixpanel.sandbox.inspect().cohorts.map(({ name }) => name)).toEqual(['VIP', 'Big Spenders'])
  })
  test.each([{ cohortApi: false }, { plan: 'free' as const }])(
    '%o: the recipe, with the reason',
    async (account) => {
      const mixpanel = await project(account, { experimentalCohorts: true })
      const { created, manual } = await mixpanel.connector.segments.ensure('Big Spenders')
      expect(created).toBe(false)
      expect(manual[0]).toMatch(/By API: /)
    },
  )
  test('a dry run makes nothing', async () => {
    const mixpanel = await project({}, { experimentalCohorts: true })
    expect(await mixpanel.connector.segments.ensure('Big Spenders', { dryRun: true })).toMatchObject({
      created: false,
    })
    expect(mixpanel.routes()).toEqual([])
  })
  test('a name of nothing is refused', async () => {
    const mixpanel = await project()
    await expect(mixpanel.connector.segments.ensure('!!')).rejects.toMatchObject({
      fault: { code: 'invalid' },
    })
  })
})
