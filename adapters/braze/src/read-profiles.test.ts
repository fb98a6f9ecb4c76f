import { brazeDefaults, startBrazeSandbox } from '@tripline/sandbox/braze'
import type { Item, Member, Page, ProfileRow } from '@tripline/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBraze } from './index.ts'

let sandbox: Awaited<ReturnType<typeof startBrazeSandbox>>
beforeEach(async () => {
  sandbox = await startBrazeSandbox()
})
afterEach(() => sandbox.close())
const open = (everyoneSegmentId?: string) =>
  createBraze(
    {
      baseUrl: sandbox.url,
      apiKey: brazeDefaults.apiKeys[0].key,
      fields: [{ of: 'user', name: 'visits', type: 'number' }],
      ...(everyoneSegmentId !== undefined && { everyoneSegmentId }),
    },
    sandbox.host,
  )
const profiles = (count: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'profile',
    key: `k${index}`,
    lane: `u${index}`,
    at: new Date(sandbox.clock.now()).toISOString(),
    who: { userId: `u${index}` },
    set: { firstName: `N${index}`, visits: index, vip: index % 2 === 0 },
  }))
async function rows<Row>(pages: AsyncIterable<Page<Row>>): Promise<readonly Row[]> {
  const all: Row[] = []
  for await (const page of pages) all.push(...page.items)
  return all
}

test('130 people are read back in three calls; who is not there is missing', async () => {
  const braze = open()
  await braze.deliver(profiles(129))
  sandbox.clock.advance(1_000)
  const who = [...Array.from({ length: 129 }, (_, index) => ({ userId: `u${index}` })), { userId: 'nobody' }]
  const found: readonly ProfileRow[] = await rows(
    braze.readProfiles({ mode: 'ids', fields: ['firstName', 'visits'], who }),
  )
  expect(found).toHaveLength(130)
  expect(found[7]).toMatchObject({
    kind: 'profile',
    who: { userId: 'u7' },
    traits: { firstName: 'N7', visits: 7 },
  })
  expect(found[129]).toEqual({ kind: 'missing', who: { userId: 'nobody' } })
  expect(sandbox.requests().filter(({ path }) => path === '/users/export/ids')).toHaveLength(3)
})

test('everybody is read by the export of a segment: waited for, unzipped, paged', async () => {
  await open().deliver(profiles(1_200))
  sandbox.clock.advance(1_000)
  const ids = Array.from({ length: 1_200 }, (_, index) => `u${index}`)
  sandbox.seed({ segments: [{ id: 'list', name: 'List', members: ids }] })
  const pages: Page<ProfileRow>[] = []
  for await (const page of open('list').readProfiles({ mode: 'all', fields: ['visits'] })) pages.push(page)
  expect(pages.map(({ items }) => items.length)).toEqual([500, 500, 200])
  expect(pages.at(-1)?.last).toBe(true)
  const read = new Set(pages.flatMap(({ items }) => items.map((row) => row.who.userId)))
  expect(read.size).toBe(1_200)
  const resume = pages[0]?.cursor
  const rest = await rows(open('list').readProfiles({ mode: 'all', fields: [], ...(resume && { resume }) }))
  expect(rest).toHaveLength(700)
})

test('without a segment for everybody, and for changes since, the read says what to do', async () => {
  await expect(rows(open().readProfiles({ mode: 'all', fields: [] }))).rejects.toThrow('everyoneSegmentId')
  await expect(
    rows(open().readProfiles({ mode: 'since', from: '2026-01-01T00:00:00.000Z', fields: [] })),
  ).rejects.toThrow('no time of change')
})

test('members of an attribute are told by id, leavers are no members', async () => {
  const braze = open()
  const { segment, manual } = await braze.segments.ensure('Big Spenders!')
  expect(segment).toEqual({ form: 'attribute', id: 'seg_big_spenders', name: 'Big Spenders!' })
  expect(manual).toHaveLength(1)
  await braze.deliver(profiles(3))
  const write = (userId: string, member: boolean): Item => ({
    kind: 'membership',
    key: `m${userId}${member}`,
    lane: userId,
    at: new Date(sandbox.clock.now()).toISOString(),
    who: { userId },
    segment,
    member,
  })
  await braze.deliver([write('u0', true), write('u1', true), write('u1', false)])
  sandbox.clock.advance(1_000)
  const who = ['u0', 'u1', 'u2'].map((userId) => ({ userId }))
  const members: readonly Member[] = await rows(
    braze.segments.members(segment, { mode: 'ids', fields: [], who }),
  )
  expect(members.map(({ member }) => member)).toEqual([true, false, false])
})

test('dashboard segments are listed page by page and are not writable', async () => {
  const segments = Array.from({ length: 150 }, (_, index) => ({ id: `s${index}`, name: `S${index}` }))
  sandbox.seed({ segments })
  const listed = await rows(open().segments.list())
  expect(listed).toHaveLength(150)
  expect(listed[0]).toMatchObject({ form: 'segment', writable: false })
})

test('a day comes back as a day, although Braze made a time of it', async () => {
  const braze = createBraze(
    {
      baseUrl: sandbox.url,
      apiKey: brazeDefaults.apiKeys[0].key,
      fields: [{ of: 'user', name: 'seenOn', type: 'date' }],
    },
    sandbox.host,
  )
  const [item] = profiles(1)
  await braze.deliver([{ ...(item as Item & { kind: 'profile' }), set: { seenOn: '2026-01-31' } }])
  sandbox.clock.advance(1_000)
  expect(sandbox.inspect().profiles[0]?.custom_attributes).toEqual({ seenOn: '2026-01-31T00:00:00.000Z' })
  const who = [{ userId: 'u0' }]
  const [row] = await rows(braze.readProfiles({ mode: 'ids', fields: ['seenOn'], who }))
  expect(row).toMatchObject({ traits: { seenOn: '2026-01-31' } })
})

test('who is named by nothing that Braze can look up is missing, never somebody else', async () => {
  const braze = open()
  await braze.deliver(profiles(2))
  sandbox.clock.advance(1_000)
  const brazeId = sandbox.inspect().profiles.find(({ external_id }) => external_id === 'u1')?.braze_id ?? ''
  const who = [{ userId: 'u0' }, { email: 'ada@example.com' }, { vendorIds: { braze: brazeId } }]
  const found = await rows(braze.readProfiles({ mode: 'ids', fields: ['visits'], who }))
  expect(found).toMatchObject([
    { kind: 'profile', traits: { visits: 0 } },
    { kind: 'missing', who: { email: 'ada@example.com' } },
    { kind: 'profile', who: { userId: 'u1' }, traits: { visits: 1 } },
  ])
})
