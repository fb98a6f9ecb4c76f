import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWithClient, type TestClient } from './test-client.ts'

const properties = '/crm/properties/2026-09/contacts'
const contacts = '/crm/objects/2026-09/contacts'
let api: TestClient
beforeEach(async () => {
  api = await startWithClient()
})
afterEach(() => api.hubspot.close())
const text = (name: string, rest: object = {}): object => ({
  name,
  label: name,
  groupName: 'contactinformation',
  type: 'string',
  fieldType: 'text',
  ...rest,
})

describe('properties', () => {
  test('are made, read, and then taken in writes', async () => {
    expect((await api.post(contacts, { properties: { plan: 'pro' } })).status).toBe(400)
    const made = await api.post(properties, text('plan'))
    expect([made.status, (await api.get(`${properties}/plan`)).body.name]).toEqual([201, 'plan'])
    expect((await api.post(contacts, { properties: { plan: 'pro' } })).status).toBe(201)
    expect((await api.get(properties)).body.results?.some((row) => row.name === 'plan')).toBe(true)
    expect(api.hubspot.inspect().properties.contacts.map((row) => row.name)).toEqual(['plan'])
  })

  test.each([
    [text('Plan'), 400],
    [text('x'.repeat(101)), 400],
    [text('x'.repeat(100)), 201],
    [text('plan', { groupName: 'nowhere' }), 400],
    [text('plan', { type: 'number' }), 400],
    [text('plan', { type: 'number', fieldType: 'number' }), 201],
    [text('plan', { type: 'bool', fieldType: 'booleancheckbox' }), 400],
    [
      text('plan', {
        type: 'bool',
        fieldType: 'booleancheckbox',
        options: ['true', 'false'].map((value) => ({ label: value, value })),
      }),
      201,
    ],
    [text('email'), 409],
  ])('case %#', async (definition, status) => {
    expect((await api.post(properties, definition)).status).toBe(status)
  })

  test('an archived one keeps its name', async () => {
    await api.post(properties, text('plan'))
    expect((await api.call('DELETE', `${properties}/plan`)).status).toBe(204)
    expect((await api.get(`${properties}/plan`)).status).toBe(404)
    const again = await api.post(properties, text('plan'))
    expect([again.status, again.body.category]).toEqual([409, 'OBJECT_ALREADY_EXISTS'])
  })

  test('PATCH replaces all options, never name or uniqueness', async () => {
    const options = (...values: readonly string[]): object[] =>
      values.map((value) => ({ label: value, value }))
    await api.post(
      properties,
      text('plan', { type: 'enumeration', fieldType: 'select', options: options('a', 'b') }),
    )
    await api.call('PATCH', `${properties}/plan`, { options: options('c') })
    expect((await api.post(contacts, { properties: { plan: 'a' } })).status).toBe(400)
    expect((await api.post(contacts, { properties: { plan: 'c' } })).status).toBe(201)
    expect((await api.call('PATCH', `${properties}/plan`, { hasUniqueValue: true })).status).toBe(400)
    expect((await api.call('PATCH', `${properties}/email`, { label: 'Mail' })).status).toBe(400)
  })

  test('a batch tells which failed', async () => {
    const reply = await api.post(`${properties}/batch/create`, { inputs: [text('plan'), text('email')] })
    expect(reply.status).toBe(207)
    expect(reply.body.results?.map((row) => row.name)).toEqual(['plan'])
    expect(reply.body.errors?.[0]?.context?.['name']).toEqual(['email'])
    const read = await api.post(`${properties}/batch/read`, { inputs: [{ name: 'plan' }, { name: 'nope' }] })
    expect([read.status, read.body.errors?.[0]?.context]).toEqual([207, { name: ['nope'] }])
  })

  test('ten unique properties, ten custom ones on Free', async () => {
    for (let index = 0; index < 10; index += 1)
      expect((await api.post(properties, text(`u${index}`, { hasUniqueValue: true }))).status).toBe(201)
    expect((await api.post(properties, text('u10', { hasUniqueValue: true }))).status).toBe(400)
    expect((await api.post(properties, text('u10'))).status).toBe(201)
    api.hubspot.configure({ tier: 'free' })
    expect((await api.post(properties, text('u11'))).body.category).toBe('LIMIT_EXCEEDED')
  })

  test('a unique property finds and protects its record', async () => {
    await api.post(properties, text('ext', { hasUniqueValue: true }))
    const made = await api.post(contacts, { properties: { ext: 'A' } })
    expect((await api.get(`${contacts}/A?idProperty=ext`)).body.id).toBe(made.body.id)
    expect((await api.get(`${contacts}/a?idProperty=ext`)).status).toBe(404)
    const second = await api.post(contacts, { properties: { ext: 'A' } })
    expect([second.status, second.body.message]).toEqual([
      400,
      expect.stringContaining('CONFLICTING_UNIQUE_VALUE'),
    ])
  })

  test('groups', async () => {
    expect((await api.post(`${properties}/groups`, { name: 'bridge', label: 'Bridge' })).status).toBe(201)
    expect((await api.post(`${properties}/groups`, { name: 'bridge', label: 'Bridge' })).status).toBe(409)
    expect((await api.get(`${properties}/groups/bridge`)).body.name).toBe('bridge')
    expect((await api.get(`${properties}/groups`)).body.results?.map((row) => row.name)).toEqual([
      'contactinformation',
      'bridge',
    ])
    expect((await api.post(properties, text('plan', { groupName: 'bridge' }))).status).toBe(201)
  })
})

describe('associations', () => {
  const base = '/crm/associations/2026-09/contacts/companies/batch'
  beforeEach(() => {
    api.hubspot.seed({
      contacts: [
        { id: '1', properties: { city: 'A' } },
        { id: '2', properties: { city: 'B' } },
      ],
      companies: [{ id: '10', properties: { name: 'Acme' } }],
    })
  })
  const link = (contact: string, associationTypeId: number): object => ({
    from: { id: contact },
    to: { id: '10' },
    types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
  })

  test('are written in both directions and read in batches', async () => {
    expect((await api.post(`${base}/create`, { inputs: [link('1', 279), link('1', 1)] })).status).toBe(201)
    const read = await api.post(`${base}/read`, { inputs: [{ id: '1' }, { id: '2' }] })
    expect(read.status).toBe(207)
    expect(read.body.results).toMatchObject([
      { from: { id: '1' }, to: [{ toObjectId: '10', associationTypes: [{ typeId: 279 }, { typeId: 1 }] }] },
    ])
    expect(read.body.errors?.[0]?.subCategory).toBe('crm.associations.NO_ASSOCIATIONS_FOUND')
    const back = await api.post('/crm/v4/associations/0-2/0-1/batch/read', { inputs: [{ id: '10' }] })
    expect(back.body.results).toMatchObject([
      { to: [{ toObjectId: '1', associationTypes: [{ typeId: 280 }, { typeId: 2 }] }] },
    ])
    expect((await api.get(`${contacts}/1?associations=companies`)).body).toMatchObject({
      associations: { companies: { results: [{ id: '10' }] } },
    })
  })

  test('the default one needs no type', async () => {
    const reply = await api.call('PUT', '/crm/objects/2026-09/contacts/2/associations/default/companies/10')
    expect(reply.status).toBe(200)
    expect(api.hubspot.inspect().associations).toEqual([{ contactId: '2', companyId: '10', typeIds: [279] }])
    expect(
      (await api.call('PUT', '/crm/objects/2026-09/contacts/2/associations/default/companies/11')).status,
    ).toBe(404)
  })

  test('a type of the other direction and an unknown record are refused', async () => {
    expect((await api.post(`${base}/create`, { inputs: [link('1', 280)] })).status).toBe(400)
    expect((await api.post(`${base}/create`, { inputs: [link('9', 279)] })).status).toBe(404)
  })

  test('100 reads pass, 101 do not; 2,000 writes pass, 2,001 do not', async () => {
    const ids = Array.from({ length: 101 }, () => ({ id: '1' }))
    expect((await api.post(`${base}/read`, { inputs: ids })).status).toBe(400)
    expect((await api.post(`${base}/read`, { inputs: ids.slice(1) })).status).toBe(207)
    const links = Array.from({ length: 2_001 }, () => link('1', 279))
    expect((await api.post(`${base}/create`, { inputs: links })).status).toBe(400)
    expect((await api.post(`${base}/create`, { inputs: links.slice(1) })).status).toBe(201)
  })

  test('100 calls in ten seconds of their own', async () => {
    for (let index = 0; index < 100; index += 1) await api.post(`${base}/read`, { inputs: [] })
    expect((await api.post(`${base}/read`, { inputs: [] })).status).toBe(429)
    expect((await api.get(`${contacts}/1`)).status).toBe(200)
  })

  test('come with a create', async () => {
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]
    const made = await api.post(contacts, {
      properties: { city: 'C' },
      associations: [{ to: { id: '10' }, types }],
    })
    expect(api.hubspot.inspect().associations).toEqual([
      { contactId: made.body.id, companyId: '10', typeIds: [1] },
    ])
  })
})
