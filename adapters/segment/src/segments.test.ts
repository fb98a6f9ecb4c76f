import type { Identity, ListedSegment, Member, SegmentRef } from '@tripline/model'
import { startSegmentSandbox, type SegmentAccount } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { collect, connect, createItems, type Sandbox } from '../fixtures/open-sandbox.ts'
import type { SegmentOptions } from './index.ts'
import { audienceQuery, segmentTrait } from './mapping/segments.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

const features = (off: Partial<SegmentAccount['features']>): SegmentAccount['features'] => ({
  audiences: true,
  spaces: true,
  protocols: true,
  ...off,
})
const list = async (options: SegmentOptions = {}): Promise<readonly ListedSegment[]> =>
  (await collect(connect(sandbox, options).segments.list())).flatMap(({ items }) => items)
const audiencesMade = (): number =>
  sandbox.requests().filter(({ method, route }) => method === 'POST' && route.endsWith('/audiences')).length

describe('ensure', () => {
  test('a trait to write, and an audience on it, once', async () => {
    const segment = connect(sandbox)
    const trait = { form: 'attribute', id: 'seg_very_important', name: 'Very important!' } as const
    const first = await segment.segments.ensure('Very important!')
    expect(first).toEqual({ segment: trait, created: true, manual: [] })
    expect(await segment.segments.ensure('Very important!')).toEqual({
      segment: trait,
      created: false,
      manual: [],
    })
    expect(sandbox.inspect().audiences).toMatchObject([
      { name: 'Very important!', query: "trait('seg_very_important') = true", cadence: 'REALTIME' },
    ])
  })

  test('members that are written fill the audience, leavers leave it', async () => {
    const segment = connect(sandbox)
    const { segment: ref } = await segment.segments.ensure('VIP')
    const make = createItems(sandbox.clock)
    const membership = (userId: string, member: boolean) =>
      ({ ...make.profile(userId, {}), kind: 'membership', segment: ref, member }) as const
    await segment.deliver([membership('u1', true), membership('u2', true), membership('u3', false)])
    await segment.deliver([membership('u2', false)])
    sandbox.clock.advance(120_000)
    const [audience] = sandbox.inspect().audiences
    expect(audience?.members).toHaveLength(1)
    const listed = await list()
    expect(listed).toEqual([
      { form: 'audience', id: 'vip', name: 'VIP', size: 1, writable: false },
      { form: 'attribute', id: 'seg_vip', name: 'seg_vip', writable: true },
    ])
  })

  test.each([401, 404, 422] as const)(
    'without audiences (%i) a person makes it',
    async (featureOffStatus) => {
      sandbox.configure({ features: features({ audiences: false }), featureOffStatus })
      const ensured = await connect(sandbox).segments.ensure('VIP')
      expect(ensured).toMatchObject({ segment: { id: 'seg_vip' }, created: false })
      expect(ensured.manual).toEqual([expect.stringContaining("trait('seg_vip') = true")])
    },
  )

  test('the option leaves the audience to a person, without a request; so does a missing space', async () => {
    const made = await connect(sandbox, { audiences: false }).segments.ensure('VIP')
    expect(made.manual).toHaveLength(1)
    expect(sandbox.requests()).toEqual([])
  })

  test('an audience of that name on something else is left alone, and told', async () => {
    sandbox.seed({ audiences: [{ name: 'VIP', query: "trait('plan') = 'pro'" }] })
    const ensured = await connect(sandbox).segments.ensure('VIP')
    expect(ensured.manual[0]).toContain("trait('plan') = 'pro'")
    expect(audiencesMade()).toBe(0)
  })

  test('where a boolean is compared as text, that is tried second', async () => {
    sandbox.configure({ audienceBooleans: 'quoted' })
    const ensured = await connect(sandbox).segments.ensure('VIP')
    expect(ensured.manual).toEqual([])
    expect(await connect(sandbox).segments.ensure('VIP')).toMatchObject({ created: false, manual: [] })
    expect(sandbox.inspect().audiences).toHaveLength(1)
  })

  test.each(['reset-after', 'hang-after', 'server-error-after', 'reset-before'] as const)(
    'a lost answer (%s) never makes a second audience',
    async (kind) => {
      sandbox.chaos({ script: [{ kind, on: 'POST' }] })
      const ensured = await connect(sandbox).segments.ensure('VIP')
      expect(ensured).toMatchObject({ created: true, manual: [] })
      expect(sandbox.inspect().audiences).toHaveLength(1)
    },
  )

  test('a token that may not write is named', async () => {
    sandbox.configure({ publicApiTokens: [{ token: 'reader', access: 'read-only', sourceAdmin: false }] })
    const ensured = await connect(sandbox, { publicApiToken: 'reader' }).segments.ensure('VIP')
    expect(ensured.manual[0]).toContain('one that may not do this')
    await expect(connect(sandbox, { publicApiToken: 'wrong' }).segments.ensure('VIP')).rejects.toMatchObject({
      fault: { code: 'auth' },
    })
  })

  test('a dry run plans it', async () => {
    const made = await connect(sandbox).segments.ensure('VIP', { dryRun: true })
    expect(made).toMatchObject({ segment: { id: 'seg_vip' }, created: false })
    expect(sandbox.requests()).toEqual([])
  })

  test.each([
    ['VIP', 'seg_vip'],
    ['  Käufer & Co. ', 'seg_käufer_co'],
    ['常連', 'seg_常連'],
  ])('%s is the trait %s', (name, trait) => expect(segmentTrait(name)).toBe(trait))

  test('a name of signs only is no name; a quote in a trait is escaped', () => {
    expect(() => segmentTrait('!!!')).toThrow('a letter or a digit')
    expect(audienceQuery("a'b")).toBe("trait('a\\'b') = true")
  })
})

describe('list', () => {
  test('all pages of audiences, then the boolean traits; a read goes on from its cursor', async () => {
    const audiences = Array.from({ length: 250 }, (_, index) => ({
      name: `A${index}`,
      query: "trait('x') = true",
    }))
    sandbox.seed({
      audiences,
      profiles: [{ externalIds: [{ type: 'user_id', id: 'u1' }], traits: { seg_a: true, plan: 'pro' } }],
    })
    const pages = await collect(connect(sandbox).segments.list())
    expect(pages.map(({ items, last }) => [items.length, last])).toEqual([
      [200, false],
      [50, false],
      [1, true],
    ])
    expect(pages[0]?.cursor?.vendor).toBe('segment')
  })

  test.each([401, 404, 422] as const)(
    'without audiences (%i) there are the traits',
    async (featureOffStatus) => {
      sandbox.seed({ profiles: [{ externalIds: [{ type: 'user_id', id: 'u1' }], traits: { seg_a: true } }] })
      sandbox.configure({ features: features({ audiences: false }), featureOffStatus })
      expect(await list()).toMatchObject([{ form: 'attribute', id: 'seg_a' }])
    },
  )

  test('a wrong token, an unknown space and no space are errors, not empty lists', async () => {
    await expect(list({ publicApiToken: 'wrong' })).rejects.toMatchObject({ fault: { code: 'auth' } })
    await expect(list({ spaceId: 'spa_other' })).rejects.toMatchObject({ fault: { code: 'not-found' } })
    const { spaceId: _, ...without } = { spaceId: '', publicApiToken: 'x' }
    const nowhere = (await import('./index.ts')).createSegment(
      { baseUrl: sandbox.url, ...without },
      sandbox.host,
    )
    await expect(collect(nowhere.segments.list())).rejects.toThrow('option spaceId')
  })

  test('the wait that a 429 names in milliseconds is kept', async () => {
    sandbox.chaos({ script: [{ kind: 'rate-limited' }] })
    const started = sandbox.clock.now()
    await list()
    expect(sandbox.clock.now() - started).toBeGreaterThanOrEqual(1_000)
  })
})

describe('members', () => {
  const members = async (segment: SegmentRef, who: readonly Identity[]): Promise<readonly Member[]> =>
    (await collect(connect(sandbox).segments.members(segment, { mode: 'ids', who, fields: [] }))).flatMap(
      ({ items }) => items,
    )

  test('true and false are answers; an absent trait is none', async () => {
    const seed = (id: string, traits: Record<string, unknown>) => ({
      externalIds: [{ type: 'user_id', id }],
      traits,
    })
    sandbox.seed({
      profiles: [
        seed('in', { seg_a: true }),
        seed('out', { seg_a: false }),
        seed('never', {}),
        seed('odd', { seg_a: 'true' }),
      ],
    })
    const who = ['in', 'out', 'never', 'odd', 'nobody'].map((userId) => ({ userId }))
    expect(await members({ form: 'attribute', id: 'seg_a' }, who)).toEqual([
      { who: { userId: 'in' }, member: true, since: expect.any(String) as string },
      { who: { userId: 'out' }, member: false },
    ])
  })

  test('of an audience by its key', async () => {
    sandbox.seed({
      profiles: [{ externalIds: [{ type: 'user_id', id: 'u1' }], traits: { plan: 'pro' } }],
      audiences: [{ name: 'Pros', query: "trait('plan') = 'pro'" }],
    })
    const [audience] = await list()
    expect(audience).toMatchObject({ form: 'audience', id: 'pros' })
    expect(await members(audience as SegmentRef, [{ userId: 'u1' }])).toMatchObject([{ member: true }])
  })

  test('all members cannot be listed; other forms do not exist', async () => {
    const { segments } = connect(sandbox)
    const read = (form: SegmentRef['form'], mode: 'all' | 'ids') =>
      collect(
        segments.members(
          { form, id: 'x' },
          mode === 'all' ? { mode, fields: [] } : { mode, who: [], fields: [] },
        ),
      )
    await expect(read('audience', 'all')).rejects.toMatchObject({ fault: { code: 'unsupported' } })
    await expect(read('list', 'ids')).rejects.toThrow('no list')
  })
})
