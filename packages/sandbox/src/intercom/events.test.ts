import { describe, expect, test } from 'vitest'
import { failed, open } from '../../fixtures/intercom-client.ts'
import type { IntercomAccount } from './index.ts'

const second = 1_760_000_000
const event = (more: object = {}) => ({ event_name: 'ordered', created_at: second, user_id: 'u1', ...more })

async function openEvents(account: Partial<IntercomAccount> = {}) {
  const opened = await open(account)
  opened.sandbox.seed({
    contacts: [
      { id: 'c1', external_id: 'u1', email: 'a@example.com' },
      { id: 'lead1', role: 'lead', external_id: 'generated' },
    ],
  })
  return opened
}

describe('POST /events', () => {
  test('202 with an empty body', async () => {
    const { sandbox, call } = await openEvents()
    const answer = await call('POST', '/events', event({ metadata: { total: 12.5 } }))
    expect(answer).toMatchObject({ status: 202, body: undefined })
    expect(sandbox.inspect().events).toMatchObject([
      { event_name: 'ordered', created_at: second, intercom_user_id: 'c1', metadata: { total: 12.5 } },
    ])
  })
  test('id goes before user_id before e-mail; a lead is known by its id only', async () => {
    const { sandbox, call } = await openEvents()
    await call('POST', '/events', event({ id: 'lead1' }))
    await call('POST', '/events', event({ user_id: undefined, email: 'A@example.com' }))
    expect(sandbox.inspect().events.map(({ intercom_user_id: id }) => id)).toEqual(['lead1', 'c1'])
    expect(await call('POST', '/events', event({ user_id: 'generated' }))).toMatchObject(
      failed(404, 'not_found'),
    )
  })
  test('an unknown or archived contact is 404 and nothing is kept', async () => {
    const { sandbox, call } = await openEvents()
    await call('POST', '/contacts/c1/archive')
    for (const who of [{ user_id: 'nobody' }, { user_id: 'u1' }, { user_id: undefined, id: 'c1' }])
      expect(await call('POST', '/events', event(who))).toMatchObject(
        failed(404, 'not_found', 'User Not Found'),
      )
    expect(sandbox.inspect().events).toEqual([])
  })
  test('the same contact, name and second is one event, whatever else it carries', async () => {
    const { sandbox, call } = await openEvents()
    await call('POST', '/events', event({ metadata: { order: '1' } }))
    for (const repeat of [
      event({ metadata: { order: '2' } }),
      event({ event_name: 'Ordered' }),
      event({ user_id: undefined, id: 'c1' }),
    ])
      expect((await call('POST', '/events', repeat)).status).toBe(202)
    await call('POST', '/events', event({ created_at: second + 1 }))
    await call('POST', '/events', event({ user_id: undefined, id: 'lead1' }))
    expect(sandbox.inspect()).toMatchObject({
      events: [{ metadata: { order: '1' } }, { created_at: second + 1 }, { intercom_user_id: 'lead1' }],
      counters: { duplicateEvents: 3 },
    })
  })
  test('. and $ in a name become -, and case does not make a new name', async () => {
    const { sandbox, call } = await openEvents()
    await call('POST', '/events', event({ event_name: 'Order.Paid$' }))
    await call('POST', '/events', event({ event_name: 'order-paid-', created_at: second + 1 }))
    expect(sandbox.inspect().events.map(({ event_name: name }) => name)).toEqual([
      'Order-Paid-',
      'Order-Paid-',
    ])
    expect(sandbox.inspect().eventNames).toHaveLength(1)
  })
  test('120 names are taken; the 121st is refused while known ones go on', async () => {
    const { sandbox, call } = await openEvents()
    for (let n = 0; n < 120; n++)
      expect((await call('POST', '/events', event({ event_name: `event-${n}` }))).status).toBe(202)
    expect(await call('POST', '/events', event({ event_name: 'one-more' }))).toMatchObject(
      failed(400, 'parameter_invalid'),
    )
    expect(
      (await call('POST', '/events', event({ event_name: 'event-7', created_at: second + 1 }))).status,
    ).toBe(202)
    expect(sandbox.inspect().events).toHaveLength(121)
  })
  test('of eleven metadata keys the first ten are kept, in the order sent', async () => {
    const { sandbox, call } = await openEvents()
    const keys = ['z', 'y', 'x', 'w', 'v', 'u', 't', 's', 'r', 'q', 'a']
    await call('POST', '/events', event({ metadata: Object.fromEntries(keys.map((key, n) => [key, n])) }))
    const state = sandbox.inspect()
    expect(Object.keys(state.events[0]?.metadata ?? {})).toEqual(keys.slice(0, 10))
    expect(state.counters.metadataKeysDropped).toBe(1)
  })
  test('rich values keep their first type with the name', async () => {
    const { sandbox, call } = await openEvents()
    const metadata = {
      source: 'web',
      load: 3.67,
      due_date: 1_392_036_272,
      article: 'https://example.org/a.html',
      rich: { url: 'https://example.org/a.html', value: 'the dude abides' },
      price: { amount: 34_999, currency: 'eur' },
    }
    await call('POST', '/events', event({ metadata }))
    await call('POST', '/events', event({ metadata: { source: 7 }, created_at: second + 1 }))
    expect(sandbox.inspect().events[0]?.metadata).toEqual(metadata)
    expect(sandbox.inspect().eventNames[0]?.metadata).toEqual({
      source: 'string',
      load: 'number',
      due_date: 'date',
      article: 'link',
      rich: 'rich link',
      price: 'monetary amount',
    })
  })
  test.each([
    [{ event_name: undefined }, 'parameter_not_found'],
    [{ created_at: undefined }, 'parameter_not_found'],
    [{ user_id: undefined }, 'parameter_not_found'],
    [{ created_at: 1_760_000_000_000 }, 'parameter_invalid'],
    [{ created_at: '2026-01-01T00:00:00Z' }, 'parameter_invalid'],
    [{ created_at: 1.5 }, 'parameter_invalid'],
    [{ user_id: 7 }, 'parameter_invalid'],
    [{ metadata: { items: ['a'] } }, 'parameter_invalid'],
    [{ metadata: { nested: { a: 1 } } }, 'parameter_invalid'],
    [{ metadata: { price: { amount: 12.5, currency: 'eur' } } }, 'parameter_invalid'],
    [{ metadata: { price: { amount: -1, currency: 'eur' } } }, 'parameter_invalid'],
    [{ external_id: 'u1' }, 'bad_request'],
  ])('%j is refused with %s', async (more, code) => {
    const { sandbox, call } = await openEvents()
    expect(await call('POST', '/events', event(more))).toMatchObject(failed(400, code))
    expect(sandbox.inspect().events).toEqual([])
  })
})

describe('reading events', () => {
  test('pages are full URLs; events older than 90 days are counted but not listed', async () => {
    const { sandbox, call } = await openEvents()
    const now = Math.floor(sandbox.clock.now() / 1_000)
    for (const age of [91 * 86_400, 3, 2, 1]) await call('POST', '/events', event({ created_at: now - age }))
    const first = await call('GET', '/events?type=user&user_id=u1&per_page=2')
    expect(first.body).toMatchObject({
      type: 'event.list',
      events: [{ created_at: now - 1, user_id: 'u1', intercom_user_id: 'c1' }, { created_at: now - 2 }],
    })
    const { next } = (first.body as { readonly pages: { readonly next: string } }).pages
    expect(next.startsWith(`${sandbox.url}/events?type=user`)).toBe(true)
    const second = await call('GET', next.slice(sandbox.url.length))
    expect(second.body).toMatchObject({ events: [{ created_at: now - 3 }], pages: {} })
    expect((second.body as { readonly pages: object }).pages).not.toHaveProperty('next')
    const summary = await call('GET', '/events?type=user&intercom_user_id=c1&summary=true')
    expect(summary.body).toMatchObject({
      type: 'event.summary',
      user_id: 'u1',
      events: [{ name: 'ordered', count: 4, last: new Date((now - 1) * 1_000).toISOString() }],
    })
  })
  test('type must be user and somebody must be named', async () => {
    const { call } = await openEvents()
    expect(await call('GET', '/events?user_id=u1')).toMatchObject(failed(400, 'parameter_invalid'))
    expect(await call('GET', '/events?type=user')).toMatchObject(failed(400, 'parameter_not_found'))
    expect(await call('GET', '/events?type=user&user_id=nobody')).toMatchObject(failed(404, 'not_found'))
  })
})

describe('POST /events/summaries', () => {
  const body = {
    user_id: 'u1',
    event_summaries: { event_name: 'visited', count: 3, first: second, last: second + 9 },
  }
  test('counts add up, or replace what was there, as the account says', async () => {
    const { sandbox, call } = await openEvents()
    const counts = () => sandbox.inspect().eventSummaries.map(({ count }) => count)
    for (let repeat = 0; repeat < 2; repeat++)
      expect(await call('POST', '/events/summaries', body)).toMatchObject({ status: 200, body: undefined })
    expect(counts()).toEqual([6])
    sandbox.configure({ eventSummaries: 'replace' })
    await call('POST', '/events/summaries', body)
    expect(counts()).toEqual([3])
    expect(sandbox.inspect().events).toEqual([])
  })
  test('an unknown user is 404, a list is refused', async () => {
    const { call } = await openEvents()
    expect((await call('POST', '/events/summaries', { ...body, user_id: 'x' })).status).toBe(404)
    const list = { ...body, event_summaries: [body.event_summaries] }
    expect((await call('POST', '/events/summaries', list)).status).toBe(400)
  })
})
