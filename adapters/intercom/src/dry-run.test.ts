import type { Item } from '@tripline/model'
import { expect, test } from 'vitest'
import { at, eventOf, openIntercom, profileOf } from '../fixtures/open-sandbox.ts'

const items: readonly Item[] = [
  profileOf('1', 'u1', { name: 'Ada', plan: 'gold' }),
  eventOf('2', 'u1', 'Ordered', { size: 'L' }),
  {
    kind: 'membership',
    key: '3',
    lane: 'u1',
    at,
    who: { userId: 'u1' },
    segment: { form: 'tag', id: '9' },
    member: true,
  },
  {
    kind: 'consent',
    key: '4',
    lane: 'u1',
    at,
    who: { userId: 'u1' },
    channel: 'email',
    topic: '1',
    state: 'denied',
  },
  {
    kind: 'group',
    key: '5',
    lane: 'u1',
    at,
    groupType: 'company',
    groupId: 'acme',
    set: {},
    member: { userId: 'u1' },
  },
]

test('shows the very requests, makes none, and leaves no trace', async () => {
  const { sandbox, intercom, planned } = await openIntercom(
    {},
    { seed: { contacts: [{ external_id: 'u1' }] } },
  )
  const report = await intercom.deliver(items, { dryRun: true })
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(items.map(() => 'planned'))
  expect(sandbox.requests()).toEqual([])
  expect(planned.map(({ endpoint }) => endpoint)).toEqual([
    'GET /contacts/find_by_external_id/{external_id}',
    'PUT /contacts/{contact_id}',
    'POST /events',
    'GET /contacts/find_by_external_id/{external_id}',
    'POST /contacts/{contact_id}/tags',
    'GET /subscription_types',
    'GET /contacts/find_by_external_id/{external_id}',
    'POST /contacts/{contact_id}/subscriptions',
    'POST /companies',
    'GET /companies',
    'GET /contacts/find_by_external_id/{external_id}',
    'POST /contacts/{contact_id}/companies',
  ])
  const event = planned.find(({ endpoint }) => endpoint === 'POST /events')
  expect(JSON.parse(event?.body ?? '')).toMatchObject({
    user_id: 'u1',
    event_name: 'Ordered',
    metadata: { size: 'L' },
  })
  expect(planned.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization')
})

test('what it pretended is not remembered: the event keeps its second, the contact its id', async () => {
  const { sandbox, intercom } = await openIntercom(
    {},
    {
      seed: {
        contacts: [{ external_id: 'u1' }],
        tags: [{ id: '9', name: 'x' }],
        dataAttributes: [{ name: 'plan', data_type: 'string' }],
      },
    },
  )
  await intercom.deliver(items, { dryRun: true })
  const other = eventOf('other', 'u1', 'Ordered')
  const report = await intercom.deliver([other, ...items.slice(0, 3)])
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'sent', 'sent', 'sent'])
  expect(report.results[0]?.losses).toEqual([])
  expect(sandbox.inspect().contacts).toMatchObject([{ name: 'Ada' }])
})

test('a message', async () => {
  const { sandbox, intercom, planned } = await openIntercom({ adminId: '1' })
  const report = await intercom.start(
    [
      {
        key: 'k',
        lane: 'u1',
        at,
        who: { userId: 'u1' },
        via: { kind: 'message', id: 'inapp' },
        data: { body: 'Hi' },
      },
    ],
    { dryRun: true },
  )
  expect(report.results[0]?.outcome.status).toBe('planned')
  expect(JSON.parse(planned.at(-1)?.body ?? '')).toMatchObject({
    message_type: 'inapp',
    body: 'Hi',
    to: { type: 'user' },
  })
  expect(sandbox.requests()).toEqual([])
})
