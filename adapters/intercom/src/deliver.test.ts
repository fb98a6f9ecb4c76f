import type { Item } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, eventOf, openIntercom, profileOf, second, statuses } from '../fixtures/open-sandbox.ts'

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
      eventOf('4', 'z', 'Ordered', {}, { who: {} }),
    ])
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'skipped', because: 'unsupported' },
      { status: 'skipped', because: 'unsupported' },
      { status: 'dead', fault: { code: 'invalid', path: 'who.userId' } },
      { status: 'dead', fault: { code: 'invalid', path: 'who' } },
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
  test('the answer to the making of a lead is lost: there may be two, and what is written to it is not plainly sent', async () => {
    const { sandbox, intercom } = await openIntercom({ anonymousPeople: 'lead' })
    sandbox.chaos({ script: [{ kind: 'reset-after', on: 'POST /contacts' }] })
    const item = { ...eventOf('1', 'a1', 'Seen'), who: { anonymousId: 'a1' } }
    const report = await intercom.deliver([item])
    expect(report.results[0]?.outcome).toMatchObject({ status: 'sent', maybeTwice: true })
    expect(sandbox.inspect().contacts).toHaveLength(2)
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
  test('a device that two people share: the first user never becomes the second', async () => {
    const { sandbox, intercom } = await openIntercom({ anonymousPeople: 'lead' })
    await intercom.deliver([anonymous, link])
    const other = { ...link, key: 'l2', known: { userId: 'u2' } }
    expect(await statuses(intercom, [link, other])).toEqual(['sent', 'skipped'])
    expect(sandbox.inspect().contacts).toMatchObject([{ role: 'user', external_id: 'u1' }])
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
      detail: expect.stringContaining('mergeLeads') as unknown,
    })
    expect(await statuses(connect({ mergeLeads: true }, cache), [link])).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ standing: 'active' }, { standing: 'merged' }])
  })
})
