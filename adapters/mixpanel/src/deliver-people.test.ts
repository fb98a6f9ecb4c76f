import type { GroupItem, LinkItem, MembershipItem } from '@tripline/model'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect, profileItem, statuses, type Connected } from '../fixtures/sandbox-account.ts'

const project = async (...given: Parameters<typeof connect>): Promise<Connected> => {
  const connected = await connect(...given)
  onTestFinished(() => connected.sandbox.close())
  return connected
}
const at = (connected: Connected, offsetMs = -60_000): string =>
  new Date(connected.sandbox.clock.now() + offsetMs).toISOString()

describe('profiles', () => {
  test('null clears, the rest is set, and neither looks like a visit', async () => {
    const mixpanel = await project()
    mixpanel.sandbox.seed({ profiles: [{ distinctId: 'u1', properties: { old: 1, $city: 'Riga' } }] })
    const item = profileItem('u1', { email: 'Ada@Example.com', plan: 'pro', old: null })
    expect((await mixpanel.connector.deliver([item])).results[0]?.outcome).toEqual({
      status: 'sent',
      proof: 'accepted',
    })
    expect(mixpanel.properties('u1')).toEqual({ $city: 'Riga', $email: 'Ada@Example.com', plan: 'pro' })
  })
  test('only what differs is sent; nothing at all makes no call', async () => {
    const mixpanel = await project()
    const before = { plan: 'pro', tags: ['a', 'b'], gone: null }
    const fields = [{ of: 'user', name: 'tags', type: 'strings' }] as const
    const connector = mixpanel.create({ fields })
    const same = profileItem('u1', { plan: 'pro', tags: ['b', 'a'], gone: null }, { before })
    expect((await connector.deliver([same])).results[0]?.outcome).toEqual({
      status: 'skipped',
      because: 'unchanged',
    })
    expect(mixpanel.routes()).toEqual([])
  })
  test('several updates of one person are one, the later value wins', async () => {
    const mixpanel = await project()
    const items = [
      profileItem('u1', { plan: 'free', a: 1 }, { key: '1' }),
      profileItem('u1', { plan: 'pro', a: null }, { key: '2' }),
      profileItem('u1', { a: 2, b: null }, { key: '3' }),
    ]
    expect(await statuses(mixpanel.connector, items)).toEqual(['sent', 'sent', 'sent'])
    expect(mixpanel.routes()).toEqual(['POST /engage 200'])
    expect(mixpanel.properties('u1')).toEqual({ plan: 'pro', a: 2 })
  })
  test.each([
    [1_999, 1],
    [2_000, 1],
    [2_001, 2],
  ])('%i records of one operation are %i calls', async (count, calls) => {
    const mixpanel = await project()
    await mixpanel.connector.deliver(
      Array.from({ length: count }, (_, index) => profileItem(`u${index}`, { a: 1 })),
    )
    expect(mixpanel.routes()).toHaveLength(calls)
    expect(mixpanel.sandbox.inspect().profiles).toHaveLength(count)
  })
  test('a person with values to set and to clear counts twice', async () => {
    const mixpanel = await project()
    const items = Array.from({ length: 1_001 }, (_, index) => profileItem(`u${index}`, { a: 1, b: null }))
    await mixpanel.connector.deliver(items)
    expect(mixpanel.routes()).toEqual(['POST /engage 200', 'POST /engage 200'])
  })
  test('values that no record holds are dead before they are sent', async () => {
    const mixpanel = await project()
    const set = Object.fromEntries(
      Array.from({ length: 5 }, (_, name) => [
        `list${name}`,
        Array.from({ length: 250 }, () => 'x'.repeat(1_000)),
      ]),
    )
    const { results } = await mixpanel.connector.deliver([
      profileItem('u1', set),
      profileItem('u2', { a: 1 }),
    ])
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { code: 'too-large' } },
      { status: 'sent' },
    ])
  })
  test('updates of one person that fit alone arrive, even when they would not fit into one record', async () => {
    const mixpanel = await project()
    const list = Array.from({ length: 200 }, () => 'x'.repeat(1_000))
    const items = Array.from({ length: 8 }, (_, index) =>
      profileItem('u1', { [`list${index}`]: list }, { key: `${index}` }),
    )
    expect(new Set(await statuses(mixpanel.connector, items))).toEqual(new Set(['sent']))
    expect(Object.keys(mixpanel.properties('u1') ?? {})).toHaveLength(8)
  })
  test.each(['records', 'http-400', 'ignored'] as const)(
    'a record refused in the manner "%s" is found',
    async (engageStrict) => {
      const mixpanel = await project({ engageStrict, limits: { profileUpdateBytes: 600 } })
      const long = { text: 'x'.repeat(250), more: 'y'.repeat(250), again: 'z'.repeat(100) }
      const items = [profileItem('u1', { a: 1 }), profileItem('u2', long), profileItem('u3', { a: 3 })]
      expect(await statuses(mixpanel.connector, items)).toEqual(['sent', 'dead', 'sent'])
      expect(mixpanel.properties('u3')).toEqual({ a: 3 })
    },
  )
  test('a 200 that does nothing is tried again', async () => {
    const mixpanel = await project()
    mixpanel.sandbox.chaos({ script: [{ kind: 'silent' }] })
    expect(await statuses(mixpanel.connector, [profileItem('u1', { a: 1 })])).toEqual(['sent'])
    expect(mixpanel.properties('u1')).toEqual({ a: 1 })
  })
})

describe('links', () => {
  const link = (connected: Connected, other: string): LinkItem => ({
    kind: 'link',
    key: `link-${other}`,
    lane: 'u1',
    at: at(connected),
    known: { userId: 'u1' },
    other: { anonymousId: other },
  })
  test('an event with both ids joins what the device did', async () => {
    const mixpanel = await project({}, { linkEvent: 'Signed In' })
    expect(await statuses(mixpanel.connector, [link(mixpanel, 'a1')])).toEqual(['sent'])
    expect(mixpanel.sandbox.inspect()).toMatchObject({
      devices: [{ deviceId: 'a1', userId: 'u1' }],
      events: [{ event: 'Signed In' }],
    })
  })
  test('an original project gets $identify for a UUID, $create_alias for the rest', async () => {
    const mixpanel = await project({ identityMode: 'original' }, { identityMode: 'original' })
    const uuid = '0b0c6d3e-8f5c-4a46-9a62-3a1c40c5a6c1'
    expect(await statuses(mixpanel.connector, [link(mixpanel, uuid), link(mixpanel, 'short')])).toEqual([
      'sent',
      'sent',
    ])
    expect(mixpanel.sandbox.inspect().events.map(({ event }) => event)).toEqual([
      '$identify',
      '$create_alias',
    ])
    const [cluster] = mixpanel.sandbox.inspect().clusters
    expect(cluster?.members.toSorted()).toEqual([uuid, 'short', 'u1'])
  })
  test('two known people are never merged', async () => {
    const mixpanel = await project()
    const merge: LinkItem = { ...link(mixpanel, ''), other: { userId: 'u2' } }
    expect(await statuses(mixpanel.connector, [merge])).toEqual(['skipped'])
  })
})

describe('groups', () => {
  const group = (more: Partial<GroupItem> = {}): GroupItem => ({
    kind: 'group',
    key: 'group-1',
    lane: 'acme',
    at: '2026-11-01T10:00:00.000Z',
    groupType: 'company',
    groupId: 'acme',
    set: { name: 'Acme', plan: 'pro' },
    ...more,
  })
  test('the group first, then its id in a list on the member', async () => {
    const mixpanel = await project({}, { groupKeys: ['company'] })
    const member = { userId: 'u1' }
    const { results } = await mixpanel.connector.deliver([
      group({ member }),
      group({ key: 'group-2', lane: 'other', groupId: 'other', member }),
    ])
    expect(results.map(({ done }) => done)).toEqual([
      ['group', 'member'],
      ['group', 'member'],
    ])
    expect(mixpanel.sandbox.inspect().groups[0]).toEqual({
      groupKey: 'company',
      groupId: 'acme',
      properties: { $name: 'Acme', plan: 'pro' },
    })
    expect(mixpanel.properties('u1')).toEqual({ company: ['acme', 'other'] })
  })
  test('200 a call', async () => {
    const mixpanel = await project({}, { groupKeys: ['company'] })
    await mixpanel.connector.deliver(
      Array.from({ length: 201 }, (_, index) =>
        group({ key: `${index}`, lane: `${index}`, groupId: `g${index}` }),
      ),
    )
    expect(mixpanel.routes()).toEqual(['POST /groups 200', 'POST /groups 200'])
  })
  test('a type without a key loses its traits and keeps its members', async () => {
    const mixpanel = await project()
    const { results } = await mixpanel.connector.deliver([
      group({ member: { userId: 'u1' } }),
      group({ key: 'alone' }),
    ])
    expect(results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'skipped'])
    expect(results[0]?.losses.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'dropped set.name',
      'dropped set.plan',
    ])
    expect(mixpanel.properties('u1')).toEqual({ company: ['acme'] })
    expect(mixpanel.routes()).toEqual(['POST /engage 200'])
  })
  test.each([402, 403] as const)(
    'without the add-on (%i) groups halt, people go on',
    async (entitlementStatus) => {
      const mixpanel = await project({ groupAnalytics: false, entitlementStatus }, { groupKeys: ['company'] })
      const { results, halt } = await mixpanel.connector.deliver([group(), profileItem('u1', { a: 1 })])
      expect(halt).toMatchObject({ what: 'group', fault: { code: 'forbidden', status: entitlementStatus } })
      expect(halt?.fault.message).toMatch(/add-on/)
      expect(results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'sent'])
    },
  )
})

describe('membership and consent', () => {
  const membership = (member: boolean, more: Partial<MembershipItem> = {}): MembershipItem => ({
    kind: 'membership',
    key: `member-${member}`,
    lane: 'u1',
    at: '2026-11-01T10:00:00.000Z',
    who: { userId: 'u1' },
    segment: { form: 'attribute', id: 'seg_vip' },
    member,
    ...more,
  })
  test('entering sets the flag, leaving takes it away', async () => {
    const mixpanel = await project()
    await mixpanel.connector.deliver([membership(true)])
    expect(mixpanel.properties('u1')).toEqual({ seg_vip: true })
    await mixpanel.connector.deliver([membership(false)])
    expect(mixpanel.properties('u1')).toEqual({})
  })
  test('a cohort computes itself', async () => {
    const mixpanel = await project()
    expect(
      await statuses(mixpanel.connector, [membership(true, { segment: { form: 'cohort', id: '7' } })]),
    ).toEqual(['skipped'])
  })
  test('consent is kept with its time and basis', async () => {
    const mixpanel = await project()
    const consent = {
      kind: 'consent',
      lane: 'u1',
      at: '2026-11-01T10:00:00.000Z',
      who: { userId: 'u1' },
      channel: 'email',
    } as const
    await mixpanel.connector.deliver([{ ...consent, key: '1', state: 'granted', basis: 'form' }])
    expect(mixpanel.properties('u1')).toEqual({
      consent_email: 'granted',
      consent_email_at: '2026-11-01T10:00:00.000Z',
      consent_email_basis: 'form',
    })
    await mixpanel.connector.deliver([{ ...consent, key: '2', topic: 'News', state: 'denied' }])
    expect(mixpanel.properties('u1')).toMatchObject({ consent_email_news: 'denied' })
  })
})
