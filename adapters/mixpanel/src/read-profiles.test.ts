import type { Page, ProfileRow, Query } from '@tripline/model'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hourUsedUp } from '../fixtures/rate-limit-answers.ts'
import { connect, type Connected } from '../fixtures/sandbox-account.ts'

const project = async (...given: Parameters<typeof connect>): Promise<Connected> => {
  const connected = await connect(...given)
  onTestFinished(() => connected.sandbox.close())
  return connected
}
const seeded = async (count: number, ...given: Parameters<typeof connect>): Promise<Connected> => {
  const connected = await project(...given)
  connected.sandbox.seed({
    profiles: Array.from({ length: count }, (_, index) => ({
      distinctId: `u${index}`,
      properties: { n: index, $email: `${index}@b.example` },
    })),
  })
  return connected
}
const all = { mode: 'all', fields: ['n'] } as const
async function collect(
  { connector }: Pick<Connected, 'connector'>,
  query: Query,
): Promise<readonly Page<ProfileRow>[]> {
  const pages: Page<ProfileRow>[] = []
  for await (const page of connector.readProfiles(query)) pages.push(page)
  return pages
}
const idsOf = (pages: readonly Page<ProfileRow>[]) =>
  pages.flatMap(({ items }) => items.map(({ who }) => who.userId))

describe('all', () => {
  test('page by page; the first counts, the others are free', async () => {
    const mixpanel = await seeded(2_500)
    const pages = await collect(mixpanel, all)
    expect(pages.map(({ items, last }) => [items.length, last])).toEqual([
      [1_000, false],
      [1_000, false],
      [500, true],
    ])
    expect(pages[0]?.items[7]).toEqual({
      kind: 'profile',
      who: { userId: 'u7', vendorIds: { mixpanel: 'u7' } },
      traits: { n: 7 },
    })
    expect(mixpanel.sandbox.inspect().counters.queriesCounted).toBe(1)
  })
  test.each([
    [0, [0]],
    [999, [999]],
    [1_000, [1_000, 0]],
    [1_001, [1_000, 1]],
  ])('%i profiles are pages of %o', async (count, sizes) => {
    const pages = await collect(await seeded(count), all)
    expect(pages.map(({ items }) => items.length)).toEqual(sizes)
    expect(pages.at(-1)?.last).toBe(true)
  })
  test('goes on from a cursor, without a query', async () => {
    const mixpanel = await seeded(2_500)
    const first = await mixpanel.connector.readProfiles(all)[Symbol.asyncIterator]().next()
    const cursor = (first.value as Page<ProfileRow>).cursor
    const pages = await collect(
      { connector: mixpanel.create() },
      { ...all, ...(cursor && { resume: cursor }) },
    )
    expect(idsOf(pages)).toHaveLength(1_500)
    expect(mixpanel.sandbox.inspect().counters.queriesCounted).toBe(1)
  })
  test('an expired session begins anew', async () => {
    const mixpanel = await seeded(1_500)
    const first = await mixpanel.connector.readProfiles(all)[Symbol.asyncIterator]().next()
    const { cursor } = first.value as Page<ProfileRow>
    mixpanel.sandbox.reset()
    mixpanel.sandbox.seed({ profiles: [{ distinctId: 'new', properties: {} }] })
    expect(idsOf(await collect(mixpanel, { ...all, ...(cursor && { resume: cursor }) }))).toEqual(['new'])
  })
  test('a profile that shifts into the next page comes once', async () => {
    const mixpanel = await seeded(1_500)
    const fetch: typeof globalThis.fetch = async (...given) => {
      const answer = (await (await mixpanel.sandbox.host.fetch(...given)).json()) as { results: object[] }
      answer.results.unshift({ $distinct_id: 'u999', $properties: { n: 999 } })
      return Response.json(answer)
    }
    const found = idsOf(await collect({ connector: mixpanel.create({}, { fetch }) }, all))
    expect(new Set(found).size).toBe(found.length)
    expect(found).toHaveLength(1_500)
  })
  test('a session that expires between all pages ends with advice', async () => {
    const mixpanel = await seeded(1_500)
    const { profiles } = mixpanel.sandbox.inspect()
    const read = async (): Promise<void> => {
      for await (const page of mixpanel.connector.readProfiles(all)) {
        expect(page.last).toBe(false)
        mixpanel.sandbox.reset()
        mixpanel.sandbox.seed({ profiles })
      }
    }
    await expect(read()).rejects.toMatchObject({
      fault: { code: 'unavailable', message: expect.stringContaining('read faster') as string },
    })
  })
  test('a cursor of something else is refused', async () => {
    const resume = { vendor: 'mixpanel', token: 'other:e30' }
    await expect(collect(await project(), { ...all, resume })).rejects.toMatchObject({
      fault: { code: 'invalid' },
    })
  })
})

describe('ids', () => {
  test('who is missing is said so; both kinds of ids', async () => {
    const mixpanel = await project()
    mixpanel.sandbox.seed({
      profiles: [
        { distinctId: 'u1', properties: { n: 1 } },
        { distinctId: '$device:a1', properties: { n: 2 } },
      ],
    })
    const who = [{ userId: 'u1' }, { anonymousId: 'a1' }, { userId: 'u2' }, { email: 'ada@example.com' }]
    const [page] = await collect(mixpanel, { mode: 'ids', fields: ['n'], who })
    expect(page?.items).toEqual([
      { kind: 'profile', who: { userId: 'u1', vendorIds: { mixpanel: 'u1' } }, traits: { n: 1 } },
      {
        kind: 'profile',
        who: { anonymousId: 'a1', vendorIds: { mixpanel: '$device:a1' } },
        traits: { n: 2 },
      },
      { kind: 'missing', who: { userId: 'u2' } },
      { kind: 'missing', who: { email: 'ada@example.com' } },
    ])
  })
  test.each([
    [1_999, 1],
    [2_000, 1],
    [2_001, 2],
  ])('%i ids are %i queries', async (count, queries) => {
    const mixpanel = await seeded(2_001)
    const who = Array.from({ length: count }, (_, index) => ({ userId: `u${index}` }))
    const pages = await collect(mixpanel, { mode: 'ids', fields: ['n'], who })
    const found = pages.flatMap(({ items }) => items.filter(({ kind }) => kind === 'profile'))
    expect(found).toHaveLength(count)
    expect(mixpanel.sandbox.inspect().counters.queriesCounted).toBe(queries)
  })
})

test('since is not there, with the reason', async () => {
  const query = { mode: 'since', fields: [], from: '2026-11-01T00:00:00.000Z' } as const
  await expect(collect(await project(), query)).rejects.toMatchObject({
    fault: { code: 'unsupported', message: expect.stringContaining('$last_seen') as string },
  })
})

describe('sixty queries an hour', () => {
  test('the sixty-first waits for the hour, without being refused', async () => {
    const mixpanel = await seeded(1)
    const startedMs = mixpanel.sandbox.clock.now()
    for (let query = 0; query < 61; query++) await collect(mixpanel, all)
    expect(mixpanel.sandbox.clock.now() - startedMs).toBeGreaterThan(3_500_000)
    expect(new Set(mixpanel.routes())).toEqual(new Set(['POST /api/query/engage 200']))
  })
  test('what others used is learnt from the header', async () => {
    const mixpanel = await seeded(1)
    let isFirst = true
    const fetch: typeof globalThis.fetch = async (...given) => {
      if (!isFirst) return mixpanel.sandbox.host.fetch(...given)
      isFirst = false
      return new Response(JSON.stringify(hourUsedUp.body), { status: 429, headers: hourUsedUp.headers })
    }
    const startedMs = mixpanel.sandbox.clock.now()
    expect(idsOf(await collect({ connector: mixpanel.create({}, { fetch }) }, all))).toEqual(['u0'])
    expect(mixpanel.sandbox.clock.now() - startedMs).toBeGreaterThanOrEqual(3_600_000)
  })
  test('five at a time', async () => {
    const mixpanel = await seeded(1, { queryDurationMs: 5_000 })
    await Promise.all(Array.from({ length: 12 }, () => collect(mixpanel, all)))
    expect(new Set(mixpanel.routes())).toEqual(new Set(['POST /api/query/engage 200']))
  })
  test.each([402, 403] as const)(
    'a plan without queries (%i) says what is missing',
    async (entitlementStatus) => {
      const mixpanel = await project({ plan: 'free', entitlementStatus })
      await expect(collect(mixpanel, all)).rejects.toMatchObject({
        fault: { code: 'forbidden', message: expect.stringContaining('Growth') as string },
      })
    },
  )
})
