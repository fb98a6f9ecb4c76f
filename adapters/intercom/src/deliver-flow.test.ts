import type { Item } from '@tripline/model'
import { mulberry32 } from '@tripline/sandbox'
import { describe, expect, test } from 'vitest'
import { at, eventOf, openIntercom, profileOf, statuses } from '../fixtures/open-sandbox.ts'

const seed = { contacts: [{ external_id: 'u1' }] }

test('no items, no requests', async () => {
  const { intercom, requests } = await openIntercom()
  expect(await intercom.deliver([])).toEqual({ results: [], calls: [] })
  expect(requests()).toEqual([])
})

test('10,000 items: one result for each, in order, paced to the limit', async () => {
  const { sandbox, intercom } = await openIntercom(
    {},
    { seed: { contacts: Array.from({ length: 500 }, (_, index) => ({ external_id: `u${index}` })) } },
  )
  const items = Array.from({ length: 10_000 }, (_, index) =>
    eventOf(`k${index}`, `u${index % 500}`, 'Ordered', { index }),
  )
  const started = sandbox.clock.now()
  const report = await intercom.deliver(items)
  expect(report.results.map(({ key }) => key)).toEqual(items.map(({ key }) => key))
  expect(report.results.every(({ outcome }) => outcome.status === 'sent')).toBe(true)
  expect(report.calls).toMatchObject([{ endpoint: 'POST /events', count: 10_000, retries: 0 }])
  expect(sandbox.inspect().events).toHaveLength(10_000)
  expect(sandbox.clock.now() - started).toBeGreaterThanOrEqual(40_000) // six windows of ten seconds, the first begun
})

describe('lanes', () => {
  const items: readonly Item[] = [
    profileOf('1', 'u1', { name: 'A' }),
    eventOf('2', 'u1', 'First'),
    {
      kind: 'membership',
      key: '3',
      lane: 'u1',
      at,
      who: { userId: 'u1' },
      segment: { form: 'tag', id: '9' },
      member: true,
    },
    eventOf('4', 'u1', 'Second'),
    profileOf('5', 'u1', { name: 'B' }),
  ]
  test('order is kept over endpoints', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      { seed: { tags: [{ id: '9', name: 'x' }] } },
    )
    expect(await statuses(intercom, items)).toEqual(items.map(() => 'sent'))
    expect(requests().filter((route) => !route.startsWith('GET'))).toEqual([
      'POST /contacts',
      'POST /events',
      'POST /contacts/{contact_id}/tags',
      'POST /events',
      'PUT /contacts/{contact_id}',
    ])
    expect(sandbox.inspect().contacts).toMatchObject([{ name: 'B' }])
  })
  test('a retry holds the rest of its lane, a dead one does not, others go on', async () => {
    const { sandbox, intercom } = await openIntercom({ maxAttempts: 2 }, { seed: { tags: [] } })
    sandbox.chaos({ script: [{ kind: 'server-error', on: 'POST /events', times: 2 }] })
    const report = await intercom.deliver([...items, profileOf('6', 'u2', { name: 'C' })])
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual([
      'sent',
      'retry',
      'retry',
      'retry',
      'retry',
      'sent',
    ])
    const again = await intercom.deliver(items.slice(1))
    expect(again.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'dead', 'sent', 'sent'])
    expect(sandbox.inspect().events.map(({ event_name: name }) => name)).toEqual(['First', 'Second'])
  })
})

describe('ending early', () => {
  test('a deadline: what is unsent comes back', async () => {
    const { sandbox, intercom } = await openIntercom({ callsPerMinute: 60 }, { seed })
    const items = Array.from({ length: 40 }, (_, index) => eventOf(`${index}`, 'u1', `E${index}`))
    const deadline = new Date(sandbox.clock.now() + 15_000).toISOString()
    const { results } = await intercom.deliver(items, { deadline })
    const sent = results.filter(({ outcome }) => outcome.status === 'sent').length
    expect(sent).toBeGreaterThan(0)
    expect(sent).toBeLessThan(40)
    expect(results.filter(({ outcome }) => outcome.status === 'retry')).toHaveLength(40 - sent)
    expect(sandbox.inspect().events).toHaveLength(sent)
  })
  test('aborted before: nothing leaves', async () => {
    const { intercom, requests } = await openIntercom({}, { seed })
    const report = await intercom.deliver([eventOf('1', 'u1', 'E'), profileOf('2', 'u1', { name: 'A' })], {
      signal: AbortSignal.abort(),
    })
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry'])
    expect(requests()).toEqual([])
  })
  test('aborted in flight: an event may be repeated, so it is retry', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed })
    const stop = new AbortController()
    sandbox.chaos({ script: [{ kind: 'hang-after', on: 'POST /events' }] })
    const delivered = intercom.deliver([eventOf('1', 'u1', 'E')], { signal: stop.signal })
    await sandbox.clock.sleep(1_000)
    stop.abort()
    expect((await delivered).results[0]?.outcome.status).toBe('retry')
    expect(await statuses(intercom, [eventOf('1', 'u1', 'E')])).toEqual(['sent'])
    expect(sandbox.inspect().events).toHaveLength(1)
  })
})

test.each([1, 2, 3, 4, 5, 6])(
  'under faults (seed %i) the workspace ends as if all went one by one',
  async (chaosSeed) => {
    const { sandbox, intercom } = await openIntercom(
      {},
      {
        seed: { dataAttributes: [{ name: 'n', data_type: 'integer' }], tags: [{ id: '9', name: 'x' }] },
      },
    )
    const random = mulberry32(chaosSeed)
    const items = Array.from({ length: 60 }, (_, index): Item => {
      const userId = `u${Math.floor(random() * 4)}`
      const kind = Math.floor(random() * 3)
      const segment = { form: 'tag', id: '9' } as const
      if (kind === 0) return eventOf(`k${index}`, userId, 'Ordered', { index })
      if (kind === 1) return profileOf(`k${index}`, userId, { n: index })
      return {
        kind: 'membership',
        key: `k${index}`,
        lane: userId,
        at,
        who: { userId },
        segment,
        member: random() < 0.5,
      }
    })
    sandbox.chaos({ rate: 0.3, seed: chaosSeed })
    let left: readonly Item[] = items
    for (let round = 0; left.length > 0 && round < 20; round++) {
      const { results } = await intercom.deliver(left)
      left = left.filter((_, index) => results[index]?.outcome.status === 'retry')
      for (const { outcome } of results) expect(['sent', 'retry', 'skipped']).toContain(outcome.status)
    }
    const state = sandbox.inspect()
    const given = items.filter(({ kind }) => kind === 'event').length
    expect(state.events).toHaveLength(given)
    for (const userId of ['u0', 'u1', 'u2', 'u3']) {
      const mine = items.filter(({ lane }) => lane === userId)
      const contact = state.contacts.find((one) => one.external_id === userId)
      const last = mine.findLast((item) => item.kind === 'profile')
      const member = mine.findLast((item) => item.kind === 'membership')
      expect(contact?.custom_attributes['n']).toBe(last?.kind === 'profile' ? last.set['n'] : undefined)
      expect(contact !== undefined && state.tags[0]?.contacts.includes(contact.id)).toBe(
        member?.kind === 'membership' && member.member,
      )
    }
    expect(state.contacts.length).toBeLessThanOrEqual(4)
  },
)
