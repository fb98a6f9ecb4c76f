import type { GroupItem, Item, MembershipItem } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, eventOf, openIntercom, profileOf, second, statuses } from '../fixtures/open-sandbox.ts'

const findRoute = 'GET /contacts/find_by_external_id/{external_id}'
const putRoute = 'PUT /contacts/{contact_id}'
const attribute = (
  name: string,
  data_type: 'string' | 'integer' | 'float' | 'boolean' | 'date' = 'string',
) => ({
  name,
  data_type,
})

describe('profiles', () => {
  test('look up, create; then the id is known and one call does', async () => {
    const { sandbox, intercom, requests } = await openIntercom()
    const report = await intercom.deliver([
      profileOf('1', 'u1', { email: 'Ada@Example.com', name: 'Ada', createdAt: '2026-01-01T00:00:00.500Z' }),
    ])
    expect(report.results[0]).toMatchObject({
      outcome: { status: 'sent', proof: 'stored', vendorId: sandbox.inspect().contacts[0]?.id },
      done: ['contact'],
      losses: [
        { path: 'set.email', kind: 'coerced' },
        { path: 'set.createdAt', kind: 'rounded' },
      ],
    })
    expect(requests()).toEqual([findRoute, 'POST /contacts'])
    expect(sandbox.inspect().contacts).toMatchObject([
      { role: 'user', external_id: 'u1', email: 'ada@example.com', name: 'Ada', signed_up_at: 1_767_225_600 },
    ])
    expect(await statuses(intercom, [profileOf('2', 'u1', { name: 'Ada L.' })])).toEqual(['sent'])
    expect(requests()).toEqual([putRoute])
    expect(sandbox.inspect().contacts).toMatchObject([{ name: 'Ada L.', email: 'ada@example.com' }])
  })

  test('several items of one person leave as one write', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      { seed: { dataAttributes: [attribute('plan')] } },
    )
    const items = [
      profileOf('1', 'u1', { plan: 'free', name: 'Ada' }),
      profileOf('2', 'u1', { plan: 'gold' }),
      profileOf('3', 'u2', { plan: 'free' }),
    ]
    expect(await statuses(intercom, items)).toEqual(['sent', 'sent', 'sent'])
    expect(requests().filter((route) => route === 'POST /contacts')).toHaveLength(2)
    expect(sandbox.inspect().contacts.find((one) => one.external_id === 'u1')).toMatchObject({
      name: 'Ada',
      custom_attributes: { plan: 'gold' },
    })
  })

  test('an attribute that is not there: dead, with its path, and the rest arrives', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed: { dataAttributes: [attribute('plan')] } })
    const report = await intercom.deliver([
      profileOf('1', 'u1', { plan: 'gold' }),
      profileOf('2', 'u1', { shoeSize: 38 }),
      profileOf('3', 'u1', { name: 'Ada' }),
    ])
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'dead', 'sent'])
    expect(report.results[1]?.outcome).toMatchObject({
      fault: { code: 'invalid', path: 'set.shoeSize', message: expect.stringContaining('fields apply') },
    })
    expect(sandbox.inspect().contacts).toMatchObject([{ name: 'Ada', custom_attributes: { plan: 'gold' } }])
  })

  test('… or dropped with a loss, by option', async () => {
    const { intercom } = await openIntercom({ unknownAttributes: 'drop' })
    const report = await intercom.deliver([profileOf('1', 'u1', { shoeSize: 38, name: 'Ada' })])
    expect(report.results[0]).toMatchObject({
      outcome: { status: 'sent' },
      losses: [{ path: 'set.shoeSize', kind: 'dropped' }],
    })
  })

  test('without the permission to read attributes Intercom itself refuses, item by item', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed: { dataAttributes: [attribute('plan')] } })
    sandbox.configure({ scopes: ['read_contacts', 'write_contacts'] })
    const items = [profileOf('1', 'u1', { plan: 'gold' }), profileOf('2', 'u1', { shoeSize: 38 })]
    const first = await intercom.deliver(items)
    expect(first.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry'])
    const next = await intercom.deliver(items)
    expect(next.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'dead'])
    expect(next.results[1]?.outcome).toMatchObject({ fault: { path: 'set.shoeSize' } })
    expect(sandbox.inspect().contacts).toMatchObject([{ custom_attributes: { plan: 'gold' } }])
  })

  test('an attribute made after ours were read is found', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed: { dataAttributes: [attribute('plan')] } })
    await intercom.deliver([profileOf('1', 'u1', { plan: 'gold' })])
    sandbox.seed({ dataAttributes: [attribute('city')] })
    sandbox.clock.advance(11_000)
    expect(await statuses(intercom, [profileOf('2', 'u1', { city: 'Riga' })])).toEqual(['sent'])
  })

  test('null clears, also an attribute; an absent name is left alone', async () => {
    const { sandbox, intercom } = await openIntercom(
      {},
      { seed: { dataAttributes: [attribute('plan'), attribute('city')] } },
    )
    await intercom.deliver([profileOf('1', 'u1', { plan: 'gold', city: 'Riga', name: 'Ada' })])
    await intercom.deliver([profileOf('2', 'u1', { plan: null, name: null })])
    expect(sandbox.inspect().contacts).toMatchObject([{ name: null, custom_attributes: { city: 'Riga' } }])
  })

  test('what did not change against `before` is not sent', async () => {
    const { intercom, requests } = await openIntercom()
    const report = await intercom.deliver([
      profileOf(
        '1',
        'u1',
        { name: 'Ada', email: 'A@example.com' },
        { before: { name: 'Ada', email: 'a@example.com' } },
      ),
    ])
    expect(report.results[0]?.outcome).toEqual({ status: 'skipped', because: 'unchanged' })
    expect(requests()).toEqual([])
  })

  test('an archived twin is a conflict, and is revived only by option', async () => {
    const { sandbox, intercom, connect } = await openIntercom(
      {},
      {
        seed: { contacts: [{ id: 'a'.repeat(24), external_id: 'u1', standing: 'archived' }] },
      },
    )
    const report = await intercom.deliver([profileOf('1', 'u1', { name: 'Ada' })])
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'dead',
      fault: { code: 'conflict', message: expect.stringContaining('reviveArchived') },
    })
    expect(
      await statuses(connect({ reviveArchived: true }), [profileOf('1', 'u1', { name: 'Ada' })]),
    ).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ standing: 'active', name: 'Ada' }])
  })

  test('a deleted twin cannot be brought back', async () => {
    const { intercom } = await openIntercom(
      { reviveArchived: true },
      {
        seed: { contacts: [{ id: 'b'.repeat(24), external_id: 'u1', standing: 'deleted' }] },
      },
    )
    const report = await intercom.deliver([profileOf('1', 'u1', { name: 'Ada' })])
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'dead',
      fault: { code: 'conflict', status: 400 },
    })
  })

  test('the address of another user never leads to that user', async () => {
    const { sandbox, intercom } = await openIntercom(
      {},
      {
        seed: { contacts: [{ id: 'c'.repeat(24), external_id: 'u2', email: 'shared@example.com' }] },
      },
    )
    const report = await intercom.deliver([
      profileOf('1', 'u1', { email: 'shared@example.com', name: 'Mallory' }),
    ])
    expect(report.results[0]?.outcome).toMatchObject({ status: 'dead', fault: { code: 'conflict' } })
    expect(sandbox.inspect().contacts).toMatchObject([{ external_id: 'u2', name: null }])
  })

  test('a lead found by address becomes the user, where addresses identify', async () => {
    const { sandbox, intercom } = await openIntercom(
      { emailIdentifies: true },
      {
        seed: { contacts: [{ id: 'd'.repeat(24), role: 'lead', email: 'ada@example.com' }] },
      },
    )
    const item = profileOf('1', 'u1', { name: 'Ada' }, { who: { userId: 'u1', email: 'Ada@example.com' } })
    expect(await statuses(intercom, [item])).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ role: 'user', external_id: 'u1', name: 'Ada' }])
  })

  test('several with one address are ambiguous', async () => {
    const lead = { role: 'lead' as const, email: 'ada@example.com' }
    const { intercom } = await openIntercom({ emailIdentifies: true }, { seed: { contacts: [lead, lead] } })
    const report = await intercom.deliver([
      profileOf('1', 'u1', {}, { who: { userId: 'u1', email: 'ada@example.com' } }),
    ])
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'dead',
      fault: { code: 'conflict', path: 'who.email' },
    })
  })

  test('a merged contact is followed to where it lives on, and remembered', async () => {
    const [old, now] = ['e'.repeat(24), 'f'.repeat(24)]
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      {
        seed: {
          contacts: [
            { id: now, external_id: 'u2' },
            { id: old, external_id: 'u1', standing: 'merged', merged_into: now },
          ],
        },
      },
    )
    expect(await statuses(intercom, [profileOf('1', 'u1', { name: 'Ada' })])).toEqual(['sent'])
    expect(requests()).toEqual([findRoute, 'GET /contacts/{contact_id}', putRoute])
    await intercom.deliver([profileOf('2', 'u1', { name: 'Ada L.' })])
    expect(requests()).toEqual([putRoute])
    expect(sandbox.inspect().contacts[0]).toMatchObject({ external_id: 'u2', name: 'Ada L.' })
  })

  test('a cached id that has gone is looked up anew', async () => {
    const { sandbox, intercom, cache } = await openIntercom(
      {},
      { seed: { contacts: [{ external_id: 'u1' }] } },
    )
    await cache.set(new Map([[`intercom:${sandbox.url}:contact:u1`, '0'.repeat(24)]]), 1e9)
    expect(await statuses(intercom, [profileOf('1', 'u1', { name: 'Ada' })])).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ name: 'Ada' }])
  })
})

describe('events', () => {
  test('one call each, by user id; parts of a second are a loss', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      { seed: { contacts: [{ external_id: 'u1' }] } },
    )
    const report = await intercom.deliver([
      eventOf('1', 'u1', 'Ordered', { size: 'L' }, { at: '2026-11-01T10:00:00.250Z' }),
      eventOf('2', 'u1', 'Viewed', {}),
    ])
    expect(report.results).toMatchObject([
      { outcome: { status: 'sent', proof: 'accepted' }, losses: [{ path: 'at', kind: 'rounded' }] },
      { outcome: { status: 'sent' }, losses: [] },
    ])
    expect(requests()).toEqual(['POST /events', 'POST /events'])
    expect(sandbox.inspect().events).toMatchObject([
      { event_name: 'Ordered', created_at: second, metadata: { size: 'L' } },
      { event_name: 'Viewed', created_at: second },
    ])
  })

  test('a person who is not there is created, then the event is sent again', async () => {
    const { sandbox, intercom, requests } = await openIntercom()
    expect(await statuses(intercom, [eventOf('1', 'u1', 'Ordered')])).toEqual(['sent'])
    expect(requests()).toEqual(['POST /events', 'POST /contacts', 'POST /events'])
    expect(sandbox.inspect()).toMatchObject({
      contacts: [{ external_id: 'u1' }],
      events: [{ event_name: 'Ordered' }],
    })
  })

  test('… or the event is dead, by option', async () => {
    const { sandbox, intercom } = await openIntercom({ createMissingContacts: false })
    const report = await intercom.deliver([eventOf('1', 'u1', 'Ordered')])
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'dead',
      fault: { code: 'not-found', path: 'who' },
    })
    expect(sandbox.inspect().contacts).toEqual([])
  })

  test('a second of its own for each event of one name; a repeat of a key gets the same again', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed: { contacts: [{ external_id: 'u1' }] } })
    const items = ['1', '2', '3'].map((key) => eventOf(key, 'u1', 'Ordered'))
    const { results } = await intercom.deliver(items)
    expect(results.map(({ losses }) => losses.map(({ kind }) => kind))).toEqual([
      [],
      ['coerced'],
      ['coerced'],
    ])
    await intercom.deliver(items.toReversed())
    const { events, counters } = sandbox.inspect()
    expect(events.map(({ created_at }) => created_at - second)).toEqual([0, 1, 2])
    expect(counters.duplicateEvents).toBe(3)
  })

  test('… or the later ones collapse, and say so', async () => {
    const { sandbox, intercom } = await openIntercom(
      { sameSecond: 'collapse' },
      { seed: { contacts: [{ external_id: 'u1' }] } },
    )
    const { results } = await intercom.deliver(['1', '2'].map((key) => eventOf(key, 'u1', 'Ordered')))
    expect(results.map(({ losses }) => losses.map(({ kind }) => kind))).toEqual([[], ['collapsed']])
    expect(sandbox.inspect().events).toHaveLength(1)
  })

  test('a lost answer does not double an event', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed: { contacts: [{ external_id: 'u1' }] } })
    for (const kind of [
      'reset-before',
      'reset-after',
      'hang-before',
      'hang-after',
      'server-error-after',
    ] as const) {
      sandbox.chaos({ script: [{ kind, on: 'POST /events' }] })
      expect(await statuses(intercom, [eventOf(kind, 'u1', `Ordered ${kind}`)])).toEqual(['sent'])
    }
    expect(sandbox.inspect().events).toHaveLength(5)
  })

  test('the 121st name is refused here, the others go on', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      { seed: { contacts: [{ external_id: 'u1' }] } },
    )
    const names = Array.from({ length: 120 }, (_, index) => eventOf(`${index}`, 'u1', `Event ${index}`))
    expect(new Set(await statuses(intercom, names))).toEqual(new Set(['sent']))
    requests()
    const report = await intercom.deliver([eventOf('n', 'u1', 'One more'), eventOf('o', 'u1', 'EVENT 7')])
    expect(report.results).toMatchObject([
      { outcome: { status: 'dead', fault: { code: 'too-large', path: 'event.event' } } },
      { outcome: { status: 'sent' } },
    ])
    expect(requests()).toEqual(['POST /events'])
    expect(sandbox.inspect().eventNames).toHaveLength(120)
    expect((await intercom.check()).abilities.event.because).toContain('120 of 120')
  })

  test('nobody: anonymous people are skipped, a number as id is refused', async () => {
    const { intercom } = await openIntercom()
    const report = await intercom.deliver([
      eventOf('1', 'x', 'Ordered', {}, { who: { anonymousId: 'a1' } }),
      eventOf('2', 'y', 'Ordered', {}, { who: { email: 'a@example.com' } }),
      eventOf('3', 'z', 'Ordered', {}, { who: { userId: 7 as unknown as string } }),
    ])
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'skipped', because: 'unsupported' },
      { status: 'skipped', because: 'unsupported' },
      { status: 'dead', fault: { code: 'invalid', path: 'who.userId' } },
    ])
  })
})

describe('links', () => {
  const link: Item = {
    kind: 'link',
    key: 'l',
    lane: 'x',
    at,
    known: { userId: 'u1' },
    other: { anonymousId: 'a1' },
  }
  const anonymous = profileOf('1', 'x', { name: 'Someone' }, { who: { anonymousId: 'a1' } })

  test('skipped where anonymous people are not kept', async () => {
    const { intercom, requests } = await openIntercom()
    expect(await statuses(intercom, [link])).toEqual(['skipped'])
    expect(requests()).toEqual([])
  })
  test('a lead of ours becomes the user, with its events', async () => {
    const { sandbox, intercom } = await openIntercom({ anonymousPeople: 'lead' })
    const event = eventOf('2', 'x', 'Ordered', {}, { who: { anonymousId: 'a1' } })
    expect(
      await statuses(intercom, [
        anonymous,
        event,
        link,
        eventOf('3', 'x', 'Paid', {}, { who: { userId: 'u1' } }),
      ]),
    ).toEqual(['sent', 'sent', 'sent', 'sent'])
    const { contacts, events } = sandbox.inspect()
    expect(contacts).toMatchObject([{ role: 'user', external_id: 'u1', name: 'Someone' }])
    expect(new Set(events.map(({ intercom_user_id: id }) => id))).toEqual(new Set([contacts[0]?.id]))
  })
  test('where the user exists it takes a merge, by option', async () => {
    const { sandbox, intercom, cache, connect } = await openIntercom(
      { anonymousPeople: 'lead' },
      {
        seed: { contacts: [{ id: 'a'.repeat(24), external_id: 'u1' }] },
      },
    )
    await intercom.deliver([anonymous])
    const skipped = await intercom.deliver([link])
    expect(skipped.results[0]?.outcome).toMatchObject({
      status: 'skipped',
      detail: expect.stringContaining('mergeLeads'),
    })
    expect(await statuses(connect({ mergeLeads: true }, cache), [link])).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ standing: 'active' }, { standing: 'merged' }])
  })
})

describe('companies', () => {
  const group = (key: string, more: Partial<GroupItem> = {}): GroupItem => ({
    kind: 'group',
    key,
    lane: 'acme',
    at,
    groupType: 'company',
    groupId: 'acme',
    set: { name: 'Acme', monthlySpend: 155.98 },
    ...more,
  })
  test('created, then the person is attached', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      { seed: { contacts: [{ external_id: 'u1' }] } },
    )
    const report = await intercom.deliver([group('1', { member: { userId: 'u1' } })])
    expect(report.results[0]).toMatchObject({
      outcome: { status: 'sent' },
      done: ['company', 'attach'],
      losses: [{ path: 'set.monthlySpend', kind: 'rounded' }],
    })
    const { companies, contacts } = sandbox.inspect()
    expect(companies).toMatchObject([{ company_id: 'acme', name: 'Acme', monthly_spend: 155 }])
    expect(contacts[0]?.companies).toEqual([companies[0]?.id])
    expect(requests()).toEqual(['POST /companies', findRoute, 'POST /contacts/{contact_id}/companies'])
  })
  test('what is done is not done again; the id of the company is looked up', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      {
        seed: { contacts: [{ external_id: 'u1' }], companies: [{ company_id: 'acme' }] },
      },
    )
    expect(await statuses(intercom, [group('1', { member: { userId: 'u1' }, done: ['company'] })])).toEqual([
      'sent',
    ])
    expect(requests()).toEqual(['GET /companies', findRoute, 'POST /contacts/{contact_id}/companies'])
    expect(sandbox.inspect().contacts[0]?.companies).toHaveLength(1)
  })
  test('other group types are not Intercom’s', async () => {
    const { intercom } = await openIntercom()
    expect(await statuses(intercom, [group('1', { groupType: 'workspace' })])).toEqual(['skipped'])
  })
})

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

describe('consent', () => {
  const consent = (state: 'granted' | 'denied', topic?: string, channel = 'email'): Item => ({
    kind: 'consent',
    key: `${state} ${topic} ${channel}`,
    lane: 'u1',
    at,
    who: { userId: 'u1' },
    channel,
    state,
    ...(topic !== undefined && { topic }),
  })
  const seed = {
    contacts: [{ external_id: 'u1' }],
    subscriptionTypes: [
      { id: '1', consent_type: 'opt_out' as const },
      { id: '2', consent_type: 'opt_in' as const },
    ],
  }
  test.each([
    ['1', 'denied', ['1']],
    ['1', 'granted', []],
    ['2', 'granted', ['2']],
    ['2', 'denied', []],
  ] as const)('type %s %s', async (topic, state, expected) => {
    const { sandbox, intercom } = await openIntercom({}, { seed })
    const opposite = state === 'granted' ? 'denied' : 'granted'
    expect(await statuses(intercom, [consent(opposite, topic), consent(state, topic)])).toEqual([
      'sent',
      'sent',
    ])
    expect(sandbox.inspect().contacts[0]?.subscriptions).toEqual(expected)
  })
  test('e-mail as a whole is a field of the contact', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed })
    await intercom.deliver([consent('denied')])
    expect(sandbox.inspect().contacts[0]?.unsubscribed_from_emails).toBe(true)
    await intercom.deliver([consent('granted')])
    expect(sandbox.inspect().contacts[0]?.unsubscribed_from_emails).toBe(false)
  })
  test('an unknown topic, and a channel without one', async () => {
    const { intercom } = await openIntercom({}, { seed })
    const report = await intercom.deliver([consent('denied', '3'), consent('denied', undefined, 'sms')])
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { code: 'not-found', path: 'topic' } },
      { status: 'skipped', because: 'unsupported' },
    ])
  })
})
