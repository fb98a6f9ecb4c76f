import { describe, expect, test } from 'vitest'
import { collect, openIntercom } from '../fixtures/open-sandbox.ts'

const [ada, bob] = ['a'.repeat(24), 'b'.repeat(24)]
const seed = {
  contacts: [
    { id: ada, external_id: 'u1' },
    { id: bob, external_id: 'u2' },
  ],
  tags: [{ id: '9', name: 'seg:VIP', contacts: [ada] }],
  segments: [{ id: 'c'.repeat(24), name: 'Active', contacts: [bob] }],
}

describe('list and ensure', () => {
  test('segments are read only and have a size, tags are writable', async () => {
    const { intercom } = await openIntercom({}, { seed })
    expect(await collect(intercom.segments.list())).toEqual([
      { form: 'segment', id: 'c'.repeat(24), name: 'Active', size: 1, writable: false },
      { form: 'tag', id: '9', name: 'seg:VIP', writable: true },
    ])
  })
  test('a tag for a name is made once, whatever its case', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed })
    expect(await intercom.segments.ensure('vip')).toMatchObject({
      segment: { form: 'tag', id: '9' },
      created: false,
    })
    const made = await intercom.segments.ensure('At risk')
    expect(made).toMatchObject({ segment: { form: 'tag', name: 'At risk' }, created: true })
    expect(made.manual[0]).toContain('seg:At risk')
    expect(await intercom.segments.ensure('At risk')).toMatchObject({ created: false, segment: made.segment })
    expect(sandbox.inspect().tags).toHaveLength(2)
  })
})

describe('members', () => {
  test('all, of a tag and of a segment', async () => {
    const { intercom } = await openIntercom({}, { seed })
    const query = { mode: 'all', fields: [] } as const
    const of = (form: 'tag' | 'segment', id: string) =>
      collect(intercom.segments.members({ form, id }, query))
    expect(await of('tag', '9')).toEqual([
      { who: { userId: 'u1', vendorIds: { intercom: ada } }, member: true },
    ])
    expect(await of('segment', 'c'.repeat(24))).toMatchObject([{ who: { userId: 'u2' }, member: true }])
  })
  test('of given people, with the time of tagging', async () => {
    const { intercom } = await openIntercom({}, { seed })
    const who = [{ userId: 'u1' }, { userId: 'u2' }, { userId: 'nobody' }]
    const query = { mode: 'ids', who, fields: [] } as const
    const tagged = await collect(intercom.segments.members({ form: 'tag', id: '9' }, query))
    expect(tagged).toMatchObject([{ member: true }, { member: false }, { member: false }])
    expect(tagged[0]?.since).toMatch(/^\d{4}-/)
    const active = await collect(intercom.segments.members({ form: 'segment', id: 'c'.repeat(24) }, query))
    expect(active.map(({ member }) => member)).toEqual([false, true, false])
  })
  test('since is not to be had, nor are lists', async () => {
    const { intercom } = await openIntercom()
    const since = { mode: 'since', from: '2026-11-01T10:00:00.000Z', fields: [] } as const
    for (const read of [
      intercom.segments.members({ form: 'tag', id: '9' }, since),
      intercom.segments.members({ form: 'list', id: '9' }, { mode: 'all', fields: [] }),
    ])
      await expect(collect(read)).rejects.toMatchObject({ fault: { code: 'unsupported' } })
  })
  test.each([149, 150, 151])('%i members, 150 a page', async (count) => {
    const contacts = Array.from({ length: count }, (_, index) => ({ id: `${index}`.padStart(24, '0') }))
    const tags = [{ id: '9', name: 'x', contacts: contacts.map(({ id }) => id) }]
    const { intercom, requests } = await openIntercom({}, { seed: { contacts, tags } })
    const members = await collect(
      intercom.segments.members({ form: 'tag', id: '9' }, { mode: 'all', fields: [] }),
    )
    expect(members).toHaveLength(count)
    expect(requests()).toHaveLength(Math.ceil(count / 150))
  })
})
