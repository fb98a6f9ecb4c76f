import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hubspotDefaults } from './account.ts'
import { startWithClient, type TestClient } from './test-client.ts'

const send = '/events/custom/2026-09/send'
const definitions = '/events/custom/2026-09/event-definitions'
const flows = '/automation/v4/flows'
const eventName = `pe${hubspotDefaults.portalId}_order`
let api: TestClient
beforeEach(async () => {
  api = await startWithClient()
  api.hubspot.seed({
    contacts: [{ id: '1', properties: { email: 'a@b.co', city: 'Rome' } }],
    eventDefinitions: [
      {
        id: '50',
        name: 'order',
        properties: [
          { name: 'total', type: 'number' },
          { name: 'sku', type: 'string' },
          { name: 'paid_at', type: 'datetime' },
        ],
      },
      { id: '51', name: 'visit', properties: [] },
    ],
  })
})
afterEach(() => api.hubspot.close())
const event = (rest: object = {}): object => ({ eventName, email: 'a@b.co', properties: {}, ...rest })
const stored = (): ReturnType<TestClient['hubspot']['inspect']>['events'] => api.hubspot.inspect().events
async function sendAndWait(...inputs: readonly object[]): Promise<void> {
  expect((await api.post(`${send}/batch`, { inputs })).status).toBe(204)
  api.hubspot.clock.advance(2_000)
}

describe('definitions', () => {
  const create = (rest: object = {}): ReturnType<TestClient['post']> =>
    api.post(definitions, {
      label: 'Cart Added!',
      includeDefaultProperties: false,
      propertyDefinitions: [],
      ...rest,
    })

  test('get a name from the label, a qualified name and a type id', async () => {
    const made = await create({ propertyDefinitions: [{ label: 'Item Price', type: 'number' }] })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      name: 'cart_added_',
      fullyQualifiedName: `pe${hubspotDefaults.portalId}_cart_added_`,
      properties: [{ name: 'item_price' }],
    })
    expect(made.body.objectTypeId).toMatch(/^6-\d+$/)
    expect((await api.get(`${definitions}/cart_added_`)).body.id).toBe(made.body.id)
    expect((await api.get(`${definitions}/${made.body.fullyQualifiedName}`)).body.id).toBe(made.body.id)
    expect((await api.get(`${definitions}?searchString=cart`)).body.total).toBe(1)
  })

  test('a name is taken for good', async () => {
    expect((await create({ name: 'order' })).status).toBe(409)
    await api.call('DELETE', `${definitions}/order`)
    expect((await create({ name: 'order' })).status).toBe(409)
    expect((await create({ name: 'Order' })).status).toBe(400)
  })

  test('50 properties, names of 50 characters', async () => {
    const properties = Array.from({ length: 50 }, (_, index) => ({
      name: `p${index}`,
      label: 'p',
      type: 'string',
    }))
    const made = await create({ propertyDefinitions: properties })
    expect(made.status).toBe(201)
    expect(
      (
        await api.post(`${definitions}/cart_added_/property`, {
          name: 'one_more',
          label: 'p',
          type: 'string',
        })
      ).status,
    ).toBe(400)
    const add = (name: string): ReturnType<TestClient['post']> =>
      api.post(`${definitions}/order/property`, { name, label: 'p', type: 'string' })
    expect((await add('x'.repeat(51))).status).toBe(400)
    expect((await add('x'.repeat(50))).status).toBe(201)
    expect((await add('x'.repeat(50))).status).toBe(409)
    expect((await add('Upper')).status).toBe(400)
  })

  test('500 definitions', async () => {
    api.hubspot.seed({ eventDefinitions: Array.from({ length: 497 }, (_, index) => ({ name: `e${index}` })) })
    expect((await create({ name: 'last' })).status).toBe(201)
    expect((await create({ name: 'too_many' })).status).toBe(400)
  })
})

describe('sending', () => {
  test('answers 204 and stores later, as text, with what is defined', async () => {
    const properties = { total: '12.50', sku: 'A-1', paid_at: '2026-01-01T00:00:00Z', colour: 'red' }
    const reply = await api.post(send, event({ properties, uuid: 'u1' }))
    expect([reply.status, stored()]).toEqual([204, []])
    api.hubspot.clock.advance(2_000)
    expect(stored()[0]).toMatchObject({
      eventType: eventName,
      objectId: '1',
      uuid: 'u1',
      properties: { total: '12.50', sku: 'A-1', paid_at: '2026-01-01T00:00:00.000Z' },
    })
    expect(stored()[0]?.properties).not.toHaveProperty('colour')
    expect(api.hubspot.inspect().counters.eventPropertiesDropped).toBe(1)
  })

  test('values of the wrong kind and texts over 1,024 characters are lost with no word', async () => {
    await sendAndWait(
      event({ properties: { total: 'many', sku: 'x'.repeat(1_025), paid_at: 'soon' } }),
      event({ properties: { sku: 'x'.repeat(1_024) } }),
    )
    expect(stored().map((each) => Object.keys(each.properties))).toEqual([[], ['sku']])
  })

  test('a uuid counts once per event type; the first wins', async () => {
    const visit = `pe${hubspotDefaults.portalId}_visit`
    await sendAndWait(
      event({ uuid: 'u', properties: { sku: '1' } }),
      event({ uuid: 'u', properties: { sku: '2' } }),
      event({ uuid: 'u', eventName: visit }),
    )
    await sendAndWait(event({ uuid: 'u', properties: { sku: '3' } }))
    expect(stored().map((each) => each.properties['sku'])).toEqual(['1', undefined])
    api.hubspot.clock.advance(365 * 86_400_000)
    await sendAndWait(event({ uuid: 'u', properties: { sku: '4' } }))
    expect(stored()).toHaveLength(3)
  })

  test('an unknown e-mail makes a contact, an unknown id does not', async () => {
    await sendAndWait(event({ email: 'New@B.co' }), event({ email: undefined, objectId: '999' }))
    expect(stored()).toHaveLength(1)
    expect(api.hubspot.inspect().contacts.at(-1)?.properties['email']).toBe('new@b.co')
    expect(api.hubspot.inspect().counters.eventsWithoutObject).toBe(1)
  })

  test('a cookie finds the contact it is known for', async () => {
    api.hubspot.seed({ cookies: { 'utk-1': '1' } })
    await sendAndWait(event({ email: undefined, utk: 'utk-1' }), event({ email: undefined, utk: 'utk-2' }))
    expect(stored().map((each) => each.objectId)).toEqual(['1'])
  })

  test.each([
    ['an unknown event', event({ eventName: 'order' })],
    ['no identity', event({ email: undefined })],
    ['no properties', event({ properties: undefined })],
    ['a number', event({ properties: { total: 12 } })],
    ['a time without zone', event({ occurredAt: '2026-01-01T00:00:00' })],
    ['a time ahead', event({ occurredAt: '2999-01-01T00:00:00Z' })],
    ['an undescribed field', event({ id: '1' })],
  ])('%s fails the whole batch', async (_, bad) => {
    expect((await api.post(`${send}/batch`, { inputs: [event(), bad] })).status).toBe(400)
    api.hubspot.clock.advance(2_000)
    expect(stored()).toEqual([])
  })

  test('500 events pass, 501 do not', async () => {
    const inputs = Array.from({ length: 501 }, () => event())
    expect((await api.post(`${send}/batch`, { inputs })).status).toBe(400)
    await sendAndWait(...inputs.slice(0, 500))
    expect(stored()).toHaveLength(500)
  })

  test('1,250 calls a second of their own, outside the other limits', async () => {
    api.hubspot.configure({ limits: { perTenSeconds: 0, perDay: 0, eventCallsPerSecond: 1 } })
    const first = await api.post(send, event())
    expect([first.status, first.headers.get('x-hubspot-ratelimit-max')]).toEqual([204, null])
    expect((await api.post(send, event())).body.policyName).toBe('SECONDLY')
  })
})

describe('occurrences', () => {
  test('are read by record or type, newest first, and page', async () => {
    await sendAndWait(
      event({ occurredAt: '2026-01-01T00:00:00Z', properties: { sku: 'a' } }),
      event({ occurredAt: '2026-01-03T00:00:00Z', properties: { sku: 'b' } }),
      event({ occurredAt: '2026-01-02T00:00:00Z', properties: { sku: 'b' } }),
    )
    const base = '/events/event-occurrences/2026-09'
    const days = async (query: string): Promise<unknown> =>
      ((await api.get(`${base}?${query}`)).body.results as unknown as { occurredAt: string }[]).map((row) =>
        row.occurredAt.slice(8, 10),
      )
    expect(await days('objectType=contact&objectId=1')).toEqual(['03', '02', '01'])
    expect(await days('objectType=contact&objectProperty.email=A@b.co&sort=occurredAt')).toEqual([
      '01',
      '02',
      '03',
    ])
    expect(await days(`eventType=${eventName}&property.sku=b`)).toEqual(['03', '02'])
    expect(
      await days(
        `eventType=${eventName}&occurredAfter=2026-01-01T00:00:00Z&occurredBefore=2026-01-03T00:00:00Z`,
      ),
    ).toEqual(['02'])
    const first = await api.get(`${base}?eventType=${eventName}&limit=2`)
    expect(await days(`eventType=${eventName}&limit=2&after=${first.body.paging?.next?.after}`)).toEqual([
      '01',
    ])
    expect((await api.get(base)).status).toBe(400)
  })
})

describe('flows', () => {
  const eventFlow = (
    criteria: object = {},
  ): { readonly type: string; readonly objectTypeId: string } & Record<string, unknown> => ({
    name: 'On order',
    type: 'CONTACT_FLOW',
    flowType: 'WORKFLOW',
    objectTypeId: '0-1',
    isEnabled: true,
    actions: [],
    enrollmentCriteria: {
      type: 'EVENT_BASED',
      shouldReEnroll: false,
      listMembershipFilterBranches: [],
      eventFilterBranches: [
        {
          filterBranchType: 'UNIFIED_EVENTS',
          filterBranchOperator: 'AND',
          operator: 'HAS_COMPLETED',
          eventTypeId: '6-50',
          filters: [],
          filterBranches: [],
        },
      ],
      ...criteria,
    },
  })
  const started = (): readonly string[] =>
    api.hubspot.inspect().enrollments.map((row) => `${row.flowId}:${row.objectId}:${row.via.kind}`)

  test("a contact's event starts an enabled flow once, or every time where it says so", async () => {
    api.hubspot.seed({
      flows: [
        { id: '900', ...eventFlow() },
        { id: '901', ...eventFlow({ shouldReEnroll: true }) },
        { id: '902', ...eventFlow(), isEnabled: false },
      ],
    })
    await sendAndWait(event({ properties: { sku: 'A' } }), event())
    expect(started()).toEqual(['900:1:event', '901:1:event', '901:1:event'])
    expect(api.hubspot.inspect().enrollments[0]?.via).toMatchObject({
      eventTypeId: '6-50',
      properties: { sku: 'A' },
    })
  })

  test('event filters, refinement and suppression decide', async () => {
    const moreThan10 = {
      filterType: 'PROPERTY',
      property: 'total',
      operation: { operationType: 'NUMBER', operator: 'IS_GREATER_THAN', value: 10 },
    }
    const branch = {
      filterBranchType: 'UNIFIED_EVENTS',
      filterBranchOperator: 'AND',
      operator: 'HAS_COMPLETED',
      eventTypeId: '6-50',
      filters: [moreThan10],
      filterBranches: [],
    }
    const inBonn = {
      filterType: 'PROPERTY',
      property: 'city',
      operation: { operationType: 'STRING', operator: 'IS_EQUAL_TO', value: 'Bonn' },
    }
    const root = {
      filterBranchType: 'OR',
      filterBranchOperator: 'OR',
      filters: [],
      filterBranches: [
        { filterBranchType: 'AND', filterBranchOperator: 'AND', filters: [inBonn], filterBranches: [] },
      ],
    }
    api.hubspot.seed({
      lists: [{ listId: '700', name: 'Muted', members: ['1'] }],
      flows: [
        { id: '900', ...eventFlow({ eventFilterBranches: [branch], shouldReEnroll: true }) },
        { id: '901', ...eventFlow({ refinementCriteria: root }) },
        { id: '902', ...eventFlow(), suppressionListIds: [700] },
      ],
    })
    await sendAndWait(event({ properties: { total: '10' } }), event({ properties: { total: '10.01' } }))
    expect(started()).toEqual(['900:1:event'])
    expect(api.hubspot.inspect().counters.enrollmentsSuppressed).toBe(2)
  })

  test('joining a list starts a flow when the membership is seen', async () => {
    const branch = {
      filterBranchType: 'AND',
      filterBranchOperator: 'AND',
      filterBranches: [],
      filters: [{ filterType: 'IN_LIST', operator: 'IN_LIST', listId: '700' }],
    }
    api.hubspot.seed({
      lists: [{ listId: '700', name: 'VIP' }],
      flows: [
        { id: '900', ...eventFlow({ eventFilterBranches: [], listMembershipFilterBranches: [branch] }) },
      ],
    })
    await api.call('PUT', '/crm/lists/2026-09/700/memberships/add', ['1'])
    expect(started()).toEqual([])
    api.hubspot.clock.advance(2_000)
    expect(started()).toEqual(['900:1:list'])
  })

  test('a changed property starts a flow that watches 4-655002', async () => {
    const named = {
      filterType: 'PROPERTY',
      property: 'hs_name',
      operation: { operationType: 'STRING', operator: 'IS_EQUAL_TO', value: 'city' },
    }
    const branch = {
      filterBranchType: 'UNIFIED_EVENTS',
      filterBranchOperator: 'AND',
      operator: 'HAS_COMPLETED',
      eventTypeId: '4-655002',
      filters: [named],
      filterBranches: [],
    }
    api.hubspot.seed({
      flows: [{ id: '900', ...eventFlow({ eventFilterBranches: [branch], shouldReEnroll: true }) }],
    })
    const write = (properties: object): unknown =>
      api.call('PATCH', '/crm/objects/2026-09/contacts/1', { properties })
    await write({ city: 'Rome' })
    await write({ phone: '+4912345' })
    expect(started()).toEqual([])
    await write({ city: 'Bonn' })
    expect(started()).toEqual(['900:1:event'])
  })

  test('a flow made by API misses its first minute', async () => {
    const made = await api.post(flows, eventFlow({ shouldReEnroll: true }))
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      revisionId: '1',
      crmObjectCreationStatus: 'PENDING',
      suppressionListIds: [],
    })
    await sendAndWait(event())
    expect(api.hubspot.inspect().counters.enrollmentsMissed).toBe(1)
    api.hubspot.clock.advance(60_000)
    await sendAndWait(event())
    expect(started()).toEqual([`${made.body.id}:1:event`])
    expect((await api.get(`${flows}/${made.body.id}`)).body).toMatchObject({
      crmObjectCreationStatus: 'COMPLETE',
      name: 'On order',
    })
  })

  test('are hidden from a Service Key', async () => {
    api.hubspot.seed({ flows: [{ id: '900', ...eventFlow() }] })
    const own = await api.get(flows)
    expect(own.body.results).toMatchObject([{ id: '900', name: 'On order', isEnabled: true }])
    expect(own.body.results?.[0]).not.toHaveProperty('type')
    expect((await api.call('GET', flows, undefined, hubspotDefaults.serviceKey)).body.results).toEqual([])
    expect((await api.call('GET', `${flows}/900`, undefined, hubspotDefaults.serviceKey)).status).toBe(403)
    expect((await api.call('POST', flows, eventFlow(), hubspotDefaults.serviceKey)).status).toBe(403)
  })

  test.each([
    [{ objectTypeId: '0-2' }, 400],
    [{ type: 'FLOW' }, 400],
    [{ actions: [{ actionId: '1', actionTypeId: '0-13' }] }, 500],
    [{ actions: [{ actionId: '1', type: 'LIST_BRANCH', defaultBranch: {} }] }, 500],
    [{ actions: [{ actionId: 1 }] }, 400],
    [{ enrollmentCriteria: { type: 'EVENT_BASED', shouldReEnroll: true } }, 400],
  ])('shape case %# is refused', async (rest, status) => {
    expect((await api.post(flows, { ...eventFlow(), ...rest })).status).toBe(status)
  })
})
