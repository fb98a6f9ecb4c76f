import type { Identity, Page, ProfileRow } from '@tripline/model'
import { startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { collect, connect, wide, type Sandbox } from '../fixtures/open-sandbox.ts'
import type { SegmentOptions } from './index.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

async function pages(
  who: readonly Identity[],
  fields: readonly string[],
  options: SegmentOptions = {},
): Promise<readonly Page<ProfileRow>[]> {
  return collect(connect(sandbox, options).readProfiles({ mode: 'ids', who, fields }))
}
const rows = async (...given: Parameters<typeof pages>): Promise<readonly ProfileRow[]> =>
  (await pages(...given)).flatMap(({ items }) => items)
const seed = (id: string, traits: Record<string, unknown>, type = 'user_id'): void =>
  sandbox.seed({ profiles: [{ externalIds: [{ type, id }], traits }] })

test('the traits asked for, with the time of each; what Segment does not know is missing', async () => {
  seed('u1', { plan: 'pro', age: 30, other: 1, cleared: null })
  const [one, two] = await rows([{ userId: 'u1' }, { userId: 'u2' }], ['plan', 'age', 'cleared', 'never'])
  const time = expect.stringMatching(/^\d{4}-.*Z$/) as string
  expect(one).toEqual({
    kind: 'profile',
    who: { userId: 'u1' },
    traits: { plan: 'pro', age: 30 },
    fieldChangedAt: { plan: time, age: time },
  })
  expect(two).toEqual({ kind: 'missing', who: { userId: 'u2' } })
})

test('by vendor id, userId, anonymousId, and by e-mail only where that identifies', async () => {
  seed('a1', { plan: 'a' }, 'anonymous_id')
  seed('ada@example.com', { plan: 'e' }, 'email')
  seed('u1', { plan: 'u' })
  const id = sandbox.inspect().profiles.find(({ traits }) => traits['plan'] === 'u')?.id ?? ''
  const who = [
    { vendorIds: { segment: id } },
    { userId: 'nobody', anonymousId: 'a1' },
    { email: 'Ada@example.com ' },
    {},
  ]
  const plans = (found: readonly ProfileRow[]) =>
    found.map((row) => (row.kind === 'profile' ? row.traits['plan'] : row.kind))
  expect(plans(await rows(who, ['plan']))).toEqual(['u', 'a', 'missing', 'missing'])
  expect(plans(await rows(who, ['plan'], { emailIdentifies: true }))).toEqual(['u', 'a', 'e', 'missing'])
})

test('ids are looked up in lower case; two that differ only in case are one profile there, so neither is believed', async () => {
  seed('User-1', { plan: 'pro' })
  const found = await rows([{ userId: 'USER-1' }], ['plan'])
  expect(found).toMatchObject([{ kind: 'profile', who: { userId: 'USER-1' }, traits: { plan: 'pro' } }])
  const twins = await rows([{ userId: 'USER-1' }, { userId: 'user-1' }, { userId: 'u2' }], ['plan'])
  expect(twins.map(({ kind }) => kind)).toEqual(['ambiguous', 'ambiguous', 'missing'])
  const same = await rows([{ userId: 'USER-1' }, { userId: 'USER-1' }], ['plan'])
  expect(same.map(({ kind }) => kind)).toEqual(['profile', 'profile'])
})

test.each(['+4915112345678', 'a/b?c#d', "it's (odd)*!", '50%', 'käse 🧀', 'a:b', '..'])(
  'an id with odd characters is found: %s',
  async (id) => {
    seed(id, { plan: 'pro' })
    expect(await rows([{ userId: id }], ['plan'])).toMatchObject([{ kind: 'profile' }])
  },
)

test('the paging trap: a page has ten traits unless asked for more, and all pages are read', async () => {
  const traits = wide(250)
  seed('u1', traits)
  const [row] = await rows([{ userId: 'u1' }], Object.keys(traits))
  expect(row).toMatchObject({ kind: 'profile', traits })
  expect(sandbox.requests().length).toBe(3)
})

test('without fields it is asked only whether there is such a profile', async () => {
  seed('u1', wide(50))
  expect(await rows([{ userId: 'u1' }, { userId: 'u2' }], [])).toMatchObject([
    { kind: 'profile', traits: {} },
    { kind: 'missing' },
  ])
  expect(sandbox.requests()).toHaveLength(2)
})

test('a name with a comma is not sent as a list of names', async () => {
  seed('u1', { 'a,b': 1, a: 2, b: 3 })
  expect(await rows([{ userId: 'u1' }], ['a,b'])).toMatchObject([{ traits: { 'a,b': 1 } }])
})

test('declared types decide; what does not fit counts as missing. Renamed fields come back by their own names', async () => {
  seed('u1', { age: '30', subscription_plan: 'pro', tags: ['a', 'a'] })
  const fields = [
    { of: 'user', name: 'age', type: 'number' },
    { of: 'user', name: 'tags', type: 'strings' },
  ] as const
  const [row] = await rows([{ userId: 'u1' }], ['age', 'plan', 'tags'], {
    fields,
    fieldNames: { plan: 'subscription_plan' },
  })
  expect(row).toMatchObject({ traits: { plan: 'pro', tags: ['a'] } })
  expect(row?.kind === 'profile' && 'age' in row.traits).toBe(false)
})

test('100 a second: 300 profiles wait for the budget, in pages, in order', async () => {
  for (let index = 0; index < 300; index += 50) seed(`u${index}`, { plan: index })
  const who = Array.from({ length: 300 }, (_, index) => ({ userId: `u${index}` }))
  const started = sandbox.clock.now()
  const read = await pages(who, ['plan'])
  expect(read.map(({ items, last }) => [items.length, last])).toEqual([
    [100, false],
    [100, false],
    [100, true],
  ])
  expect(read.flatMap(({ items }) => items.map((row) => row.who))).toEqual(who)
  expect(sandbox.clock.now() - started).toBeGreaterThanOrEqual(2_000)
  expect(sandbox.requests().every(({ status }) => status !== 429)).toBe(true)
})

test('a 429 has no wait in it and is tried again; a reset too', async () => {
  seed('u1', { plan: 'pro' })
  sandbox.chaos({ script: [{ kind: 'rate-limited' }, { kind: 'reset-before' }, { kind: 'server-error' }] })
  expect(await rows([{ userId: 'u1' }], ['plan'])).toMatchObject([{ traits: { plan: 'pro' } }])
  expect(sandbox.requests()).toHaveLength(4)
})

test('a wrong token, a wrong space and no space each say what to do', async () => {
  const read = (options: SegmentOptions) => rows([{ userId: 'u1' }], [], options)
  await expect(read({ profileToken: 'wrong' })).rejects.toThrow('wrong Profile API token')
  await expect(read({ spaceId: 'spa_other' })).rejects.toThrow('one of another space')
  const nowhere = connect(sandbox, {})
  await expect(
    collect(nowhere.readProfiles({ mode: 'ids', who: [{ userId: 'u1' }], fields: [] }, { dryRun: true })),
  ).resolves.toHaveLength(1)
})

test('an address that is no Profile API is not read as "no such person"', async () => {
  const at = (profile: string) => rows([{ userId: 'u1' }], [], { hosts: { profile } })
  await expect(at(`${sandbox.url}/v1`)).rejects.toMatchObject({ fault: { code: 'not-found', status: 404 } })
  await expect(at(`${sandbox.url}/elsewhere`)).rejects.toMatchObject({ fault: { code: 'auth' } })
})

test('all profiles, or those changed since, cannot be read, and the reason is given', async () => {
  const segment = connect(sandbox)
  await expect(collect(segment.readProfiles({ mode: 'all', fields: [] }))).rejects.toThrow('by id only')
  const since = { mode: 'since', from: '2026-11-01T00:00:00.000Z', fields: [] } as const
  await expect(collect(segment.readProfiles(since))).rejects.toThrow('Profiles Sync')
})

test('an abort ends a long read', async () => {
  const stop = new AbortController()
  const who = Array.from({ length: 1_000 }, (_, index) => ({ userId: `u${index}` }))
  const read = connect(sandbox).readProfiles({ mode: 'ids', who, fields: [] }, { signal: stop.signal })
  const seen: number[] = []
  await expect(async () => {
    for await (const { items } of read) {
      seen.push(items.length)
      stop.abort(new Error('enough'))
    }
  }).rejects.toThrow('enough')
  expect(seen).toEqual([100])
})
