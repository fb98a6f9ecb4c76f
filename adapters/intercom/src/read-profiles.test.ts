import type { Page, ProfileRow } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { collect, openIntercom, second } from '../fixtures/open-sandbox.ts'

const fields = [
  { of: 'user', name: 'plan', type: 'string' },
  { of: 'user', name: 'renewsOn', type: 'date' },
  { of: 'user', name: 'trialEndsAt', type: 'instant' },
  { of: 'user', name: 'likes', type: 'strings' },
] as const
const attributes = [
  { name: 'plan', data_type: 'string' },
  { name: 'renewsOn', data_type: 'date' },
  { name: 'trialEndsAt', data_type: 'date' },
  { name: 'likes', data_type: 'string' },
] as const
const idsOf = (rows: readonly ProfileRow[]): readonly (string | undefined)[] =>
  rows.map(({ who }) => who.userId)
const users = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ external_id: `u${index}`, ...more }))

describe('by ids', () => {
  test('traits come back by their declared types; a lead’s external id is no user id', async () => {
    const lead = 'a'.repeat(24)
    const { intercom } = await openIntercom(
      { fields },
      {
        seed: {
          dataAttributes: attributes,
          contacts: [
            {
              external_id: 'u1',
              email: 'ada@example.com',
              avatar: 'https://example.com/a.png',
              signed_up_at: second,
              updated_at: second,
              custom_attributes: {
                plan: 'gold',
                renewsOn: 1_793_491_200,
                trialEndsAt: second,
                likes: 'tea, cake',
              },
            },
            { id: lead, role: 'lead', external_id: 'generated' },
          ],
        },
      },
    )
    const names = ['email', 'avatar', 'createdAt', 'plan', 'renewsOn', 'trialEndsAt', 'likes', 'nothing']
    const who = [{ userId: 'u1' }, { vendorIds: { intercom: lead } }, { userId: 'u2' }]
    const [user, found, missing] = await collect(intercom.readProfiles({ mode: 'ids', who, fields: names }))
    expect(user).toMatchObject({
      kind: 'profile',
      who: { userId: 'u1', email: 'ada@example.com' },
      changedAt: '2026-11-01T10:00:00.000Z',
      traits: {
        email: 'ada@example.com',
        avatar: 'https://example.com/a.png',
        createdAt: '2026-11-01T10:00:00.000Z',
        plan: 'gold',
        renewsOn: '2026-11-01',
        trialEndsAt: '2026-11-01T10:00:00.000Z',
        likes: ['tea', 'cake'],
      },
    })
    expect(found).toEqual({
      kind: 'profile',
      who: { vendorIds: { intercom: lead } },
      traits: {},
      changedAt: expect.any(String) as unknown,
    })
    expect(missing).toEqual({ kind: 'missing', who: { userId: 'u2' } })
  })

  test('merged away is gone, and says where to; one address of several is ambiguous', async () => {
    const now = 'b'.repeat(24)
    const lead = { role: 'lead' as const, email: 'shared@example.com' }
    const { intercom } = await openIntercom(
      { emailIdentifies: true },
      {
        seed: {
          contacts: [
            { id: now, external_id: 'u2' },
            { external_id: 'u1', standing: 'merged', merged_into: now },
            lead,
            lead,
          ],
        },
      },
    )
    const who = [{ userId: 'u1' }, { email: 'Shared@example.com' }, { email: 'nobody@example.com' }]
    expect(await collect(intercom.readProfiles({ mode: 'ids', who, fields: [] }))).toEqual([
      { kind: 'gone', who: { userId: 'u1' }, mergedInto: { userId: 'u2', vendorIds: { intercom: now } } },
      { kind: 'ambiguous', who: { email: 'Shared@example.com' } },
      { kind: 'missing', who: { email: 'nobody@example.com' } },
    ])
  })

  test('an account that cannot be asked: the read throws with the fault', async () => {
    const { sandbox, intercom } = await openIntercom()
    sandbox.configure({ scopes: [] })
    const read = collect(intercom.readProfiles({ mode: 'ids', who: [{ userId: 'u1' }], fields: [] }))
    await expect(read).rejects.toMatchObject({ fault: { code: 'forbidden' } })
  })
})

describe('all', () => {
  test.each([0, 149, 150, 151, 300])('%i contacts, 150 a page', async (count) => {
    const { intercom, requests } = await openIntercom({}, { seed: { contacts: users(count) } })
    const rows = await collect(intercom.readProfiles({ mode: 'all', fields: [] }))
    expect(new Set(idsOf(rows)).size).toBe(count)
    expect(requests()).toHaveLength(Math.max(1, Math.ceil(count / 150)))
  })

  test('goes on from a cursor', async () => {
    const { intercom } = await openIntercom({}, { seed: { contacts: users(200) } })
    let first: Page<ProfileRow> | undefined
    for await (const page of intercom.readProfiles({ mode: 'all', fields: [] })) {
      first = page
      break
    }
    if (!first?.cursor) throw new Error('no cursor')
    const rest = await collect(intercom.readProfiles({ mode: 'all', fields: [], resume: first.cursor }))
    expect(idsOf([...first.items, ...rest])).toEqual(users(200).map(({ external_id }) => external_id))
  })
})

describe('since', () => {
  // 2026-11-01 23:30 in Los Angeles is 2026-11-02 07:30 UTC: the day of UTC would lose these rows.
  const evening = Date.parse('2026-11-02T07:30:00.000Z') / 1_000
  const seen = async (pages: AsyncIterable<Page<ProfileRow>>) => {
    const rows: ProfileRow[] = []
    let cursor: Page<ProfileRow>['cursor']
    for await (const page of pages) {
      rows.push(...page.items)
      cursor = page.cursor
    }
    if (!cursor) throw new Error('the last page has no cursor')
    return { ids: idsOf(rows), cursor }
  }

  test('days of the workspace’s zone: nothing of the evening is lost, older rows are left out', async () => {
    const { intercom } = await openIntercom(
      {},
      {
        account: { timeZone: 'America/Los_Angeles', indexLagMs: 0 },
        seed: {
          contacts: [
            { external_id: 'old', updated_at: evening - 7_200 },
            { external_id: 'same', updated_at: evening },
            { external_id: 'later', updated_at: evening + 60 },
            { external_id: 'next-day', updated_at: evening + 86_400 },
          ],
        },
      },
    )
    const from = new Date(evening * 1_000).toISOString()
    const read = await seen(intercom.readProfiles({ mode: 'since', from, fields: [] }))
    expect(read.ids).toEqual(['same', 'later', 'next-day'])
  })

  test('the cursor of the last page goes on; the last ten minutes come again, for the index lags', async () => {
    const { sandbox, intercom } = await openIntercom(
      {},
      {
        account: { indexLagMs: 0 },
        seed: {
          contacts: [
            { external_id: 'a', updated_at: evening },
            { external_id: 'b', updated_at: evening + 3_600 },
          ],
        },
      },
    )
    const from = new Date(evening * 1_000).toISOString()
    const first = await seen(intercom.readProfiles({ mode: 'since', from, fields: [] }))
    expect(first.ids).toEqual(['a', 'b'])
    sandbox.seed({
      contacts: [
        { external_id: 'late', updated_at: evening + 3_500 }, // became visible only now
        { external_id: 'c', updated_at: evening + 3_700 },
      ],
    })
    const second = await seen(intercom.readProfiles({ mode: 'since', from: first.cursor, fields: [] }))
    expect(second.ids).toEqual(['late', 'b', 'c'])
  })

  test('several pages, none twice', async () => {
    const contacts = users(301).map((user, index) => ({ ...user, updated_at: evening + index }))
    const { intercom, requests } = await openIntercom({}, { account: { indexLagMs: 0 }, seed: { contacts } })
    const from = new Date(evening * 1_000).toISOString()
    const read = await seen(intercom.readProfiles({ mode: 'since', from, fields: [] }))
    expect(read.ids).toEqual(contacts.map(({ external_id }) => external_id))
    expect(requests()).toEqual(['GET /me', ...Array.from({ length: 3 }, () => 'POST /contacts/search')])
  })

  test('a 200 without data is asked again, not taken for the end', async () => {
    const { sandbox, intercom } = await openIntercom(
      {},
      {
        seed: { contacts: [{ external_id: 'a', updated_at: evening }] },
      },
    )
    sandbox.chaos({ script: [{ kind: 'silent', on: 'POST /contacts/search' }] })
    const from = new Date(evening * 1_000).toISOString()
    expect((await seen(intercom.readProfiles({ mode: 'since', from, fields: [] }))).ids).toEqual(['a'])
  })

  test('a cursor of something else, and a date without a zone, are refused', async () => {
    const { intercom } = await openIntercom()
    const cursor = { vendor: 'intercom', token: 'contacts-1:e30' }
    for (const from of [cursor, '2026-11-01T10:00:00'])
      await expect(collect(intercom.readProfiles({ mode: 'since', from, fields: [] }))).rejects.toMatchObject(
        {
          fault: { code: 'invalid' },
        },
      )
  })
})
