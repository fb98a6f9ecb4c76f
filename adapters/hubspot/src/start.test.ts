import type { StartItem } from '@tripline/model'
import { hubspotDefaults } from '@tripline/sandbox/hubspot'
import { describe, expect, test } from 'vitest'
import { at, openHubSpot, settle } from '../fixtures/open-sandbox.ts'

const startOf = (
  key: string,
  userId: string,
  via: StartItem['via'],
  more: Partial<StartItem> = {},
): StartItem => ({
  key,
  lane: userId,
  at,
  who: { userId },
  via,
  ...more,
})
const flow = (criteria: object, more: object = {}) => ({
  name: 'Welcome',
  type: 'CONTACT_FLOW',
  flowType: 'WORKFLOW',
  objectTypeId: '0-1',
  isEnabled: true,
  actions: [],
  enrollmentCriteria: {
    type: 'EVENT_BASED',
    shouldReEnroll: true,
    eventFilterBranches: [],
    listMembershipFilterBranches: [],
    ...criteria,
  },
  ...more,
})
const branch = { filterBranchOperator: 'AND', filterBranches: [], filters: [] }
const seed = {
  contacts: [{ id: '7001', properties: { tripline_user_id: 'u1' } }],
  lists: [{ listId: '501', name: 'VIP' }],
  eventDefinitions: [{ name: 'go_now', id: '888', properties: [{ name: 'code', type: 'string' }] }],
  flows: [
    {
      id: '3001',
      ...flow({
        eventFilterBranches: [
          { ...branch, filterBranchType: 'UNIFIED_EVENTS', operator: 'HAS_COMPLETED', eventTypeId: '6-888' },
        ],
      }),
    },
    {
      id: '3002',
      ...flow({
        listMembershipFilterBranches: [
          {
            ...branch,
            filterBranchType: 'AND',
            filters: [{ filterType: 'IN_LIST', operator: 'IN_LIST', listId: '501' }],
          },
        ],
      }),
    },
    { id: '3003', ...flow({}, { isEnabled: false }) },
  ],
}
const byEvent = { kind: 'event', id: 'Go Now' } as const
const byList = { kind: 'segment', id: '501' } as const

describe('start', () => {
  test('by event and by list', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    const report = await hubspot.start([
      startOf('1', 'u1', byEvent, { data: { code: 'x', other: 1 } }),
      startOf('2', 'u1', byList, { data: { code: 'x' } }),
    ])
    expect(report.results).toMatchObject([
      { outcome: { status: 'sent', proof: 'accepted' }, losses: [{ path: 'data.other', kind: 'dropped' }] },
      { outcome: { status: 'sent', proof: 'accepted' }, losses: [{ path: 'data.code', kind: 'dropped' }] },
    ])
    settle(sandbox)
    expect(
      sandbox
        .inspect()
        .enrollments.map(({ flowId }) => flowId)
        .toSorted(),
    ).toEqual(['3001', '3002'])
  })

  test('HubSpot’s own names of an event are understood', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    const items = ['pe24000001_go_now', '6-888', 'go_now'].map((id) =>
      startOf(id, 'u1', { kind: 'event', id }),
    )
    expect((await hubspot.start(items)).results.map(({ outcome }) => outcome.status)).toEqual([
      'sent',
      'sent',
      'sent',
    ])
    settle(sandbox)
    expect(sandbox.inspect().enrollments).toHaveLength(3)
  })

  test('a repeat of the key starts nothing again', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    for (let round = 0; round < 2; round++) await hubspot.start([startOf('1', 'u1', byEvent)])
    settle(sandbox)
    expect(sandbox.inspect().enrollments).toHaveLength(1)
  })

  test('who is on the list already is not started, and that is said', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    await hubspot.start([startOf('1', 'u1', byList)])
    const { results } = await hubspot.start([startOf('2', 'u1', byList)])
    expect(results[0]?.outcome).toMatchObject({ status: 'skipped', because: 'unchanged' })
    settle(sandbox)
    expect(sandbox.inspect().enrollments).toHaveLength(1)
  })

  test.each(['reset-before', 'reset-after', 'server-error-after'] as const)(
    'a lost answer (%s): started once, and sent',
    async (kind) => {
      for (const via of [byEvent, byList]) {
        const { sandbox, hubspot } = await openHubSpot({}, { seed })
        sandbox.chaos({ script: [{ kind, on: via === byEvent ? '/send' : 'add-and-remove' }] })
        const { results } = await hubspot.start([startOf('1', 'u1', via)])
        expect(results[0]?.outcome).toMatchObject({ status: 'sent' })
        settle(sandbox)
        expect(sandbox.inspect().enrollments).toHaveLength(1)
      }
    },
  )

  test('a workflow that is off is not live, and nothing is sent', async () => {
    const { sandbox, connect, requests } = await openHubSpot({}, { seed })
    const hubspot = connect({ workflows: { 'Go Now': '3003', 501: '9999' } })
    requests()
    const { results } = await hubspot.start([startOf('1', 'u1', byEvent), startOf('2', 'u1', byList)])
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      {
        status: 'dead',
        fault: { code: 'not-live', message: expect.stringMatching(/3003 is switched off/) as string },
      },
      {
        status: 'dead',
        fault: { code: 'not-live', message: expect.stringMatching(/9999 does not exist/) as string },
      },
    ])
    expect(requests()).toEqual(['GET /automation/v4/flows/{flowId}', 'GET /automation/v4/flows/{flowId}'])
    settle(sandbox)
    expect(sandbox.inspect().events).toEqual([])
  })

  test('a live one, or one that a Service Key may not see, is used', async () => {
    const { connect } = await openHubSpot({}, { seed })
    const workflows = { 'Go Now': '3001' }
    for (const accessToken of [hubspotDefaults.accessToken, hubspotDefaults.serviceKey]) {
      const report = await connect({ workflows, accessToken }).start([startOf(accessToken, 'u1', byEvent)])
      expect(report.results[0]?.outcome.status).toBe('sent')
      expect(report.halt).toBeUndefined()
    }
  })

  test('what HubSpot cannot start, and whom', async () => {
    const { hubspot } = await openHubSpot({}, { seed })
    const { results } = await hubspot.start([
      startOf('1', 'u1', { kind: 'canvas', id: 'x' }),
      startOf('2', 'a', byEvent, { who: { anonymousId: 'a' } }),
      startOf('3', 'nobody', byEvent),
      startOf('4', 'u1', { kind: 'segment', id: 'VIP' }),
      startOf('5', 'u1', { kind: 'event', id: 'Never Defined' }),
      startOf('6', 'u1', byEvent, { at: 'now' }),
    ])
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'skipped' },
      { status: 'skipped' },
      { status: 'dead', fault: { code: 'not-found' } },
      { status: 'dead', fault: { path: 'via.id' } },
      { status: 'dead', fault: { code: 'not-found' } },
      { status: 'dead', fault: { path: 'at' } },
    ])
  })
})
