import type { MembershipItem } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, openIntercom, statuses } from '../fixtures/open-sandbox.ts'

describe('memberships', () => {
  const membership = (userId: string, member = true): MembershipItem => ({
    kind: 'membership',
    key: `${userId} ${member}`,
    lane: userId,
    at,
    who: { userId },
    segment: { form: 'tag', id: '9' },
    member,
  })
  const users = Array.from({ length: 51 }, (_, index) => ({ external_id: `u${index}` }))
  test.each([49, 50, 51])('%i people are tagged with as few calls as fifty a call allow', async (count) => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      {
        seed: { contacts: users, tags: [{ id: '9', name: 'seg:vip' }] },
      },
    )
    const items = users.slice(0, count).map(({ external_id }) => membership(external_id))
    expect(new Set(await statuses(intercom, items))).toEqual(new Set(['sent']))
    const writes = requests().filter((route) => route.startsWith('POST'))
    expect(writes.toSorted()).toEqual(
      count <= 50 ? ['POST /tags'] : ['POST /contacts/{contact_id}/tags', 'POST /tags'],
    )
    expect(sandbox.inspect().tags).toMatchObject([{ id: '9', contacts: { length: count } }])
  })
  test('whom the answer does not name as tagged is tagged alone', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      {
        seed: { contacts: users, tags: [{ id: '9', name: 'seg:vip' }] },
      },
    )
    sandbox.chaos({ script: [{ kind: 'partial', on: 'POST /tags' }] })
    const items = users.slice(0, 4).map(({ external_id }) => membership(external_id))
    expect(await statuses(intercom, items)).toEqual(['sent', 'sent', 'sent', 'sent'])
    expect(requests().filter((route) => route === 'POST /contacts/{contact_id}/tags')).toHaveLength(2)
    expect(sandbox.inspect().tags[0]?.contacts).toHaveLength(4)
  })
  test('a tag that was renamed in between gets nobody wrong for good', async () => {
    const { sandbox, intercom, cache } = await openIntercom(
      {},
      {
        seed: { contacts: users, tags: [{ id: '9', name: 'seg:vip' }] },
      },
    )
    await cache.set(new Map([[`intercom:${sandbox.url}:tag:9`, 'seg:old']]), 60_000)
    expect(await statuses(intercom, [membership('u0'), membership('u1')])).toEqual(['sent', 'sent'])
    expect(sandbox.inspect().tags.find(({ id }) => id === '9')?.contacts).toHaveLength(2)
  })
  test('off again, in order; off where it never was is no mistake', async () => {
    const { sandbox, intercom } = await openIntercom(
      {},
      {
        seed: { contacts: users, tags: [{ id: '9', name: 'seg:vip' }] },
      },
    )
    const items = [membership('u0'), membership('u1'), membership('u0', false), membership('u2', false)]
    expect(await statuses(intercom, items)).toEqual(['sent', 'sent', 'sent', 'sent'])
    expect(sandbox.inspect().tags[0]?.contacts).toHaveLength(1)
    expect(await statuses(intercom, [membership('nobody', false)])).toEqual(['skipped'])
  })
  test('an unknown tag, and a form that is no tag', async () => {
    const { intercom } = await openIntercom({}, { seed: { contacts: users } })
    const report = await intercom.deliver([
      membership('u0'),
      { ...membership('u1'), segment: { form: 'list', id: '1' } },
    ])
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { code: 'not-found', path: 'segment.id' } },
      { status: 'skipped', because: 'unsupported' },
    ])
  })
})
