import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWithClient, type TestClient } from './test-client.ts'

const contacts = '/crm/objects/2026-09/contacts'
let api: TestClient
beforeEach(async () => {
  api = await startWithClient()
  api.hubspot.seed({
    properties: {
      contacts: [
        { name: 'ext_id', type: 'string', fieldType: 'text', hasUniqueValue: true },
        { name: 'score', type: 'number', fieldType: 'number' },
        { name: 'born', type: 'date', fieldType: 'date' },
        { name: 'seen_at', type: 'datetime', fieldType: 'date' },
        {
          name: 'colours',
          type: 'enumeration',
          fieldType: 'checkbox',
          options: ['red', 'blue', 'green'].map((value) => ({ label: value, value })),
        },
      ],
    },
  })
})
afterEach(() => api.hubspot.close())
const upsert = (inputs: readonly object[]): ReturnType<TestClient['post']> =>
  api.post(`${contacts}/batch/upsert`, { inputs })
const row = (id: string, properties: object = {}, idProperty = 'ext_id'): object => ({
  id,
  idProperty,
  properties,
  objectWriteTraceId: `t-${id}`,
})

describe('one record', () => {
  test('is created, read by id and by e-mail in any case, changed, archived', async () => {
    const made = await api.post(contacts, { properties: { email: 'Ada@Example.com', firstname: 'Ada' } })
    expect(made.status).toBe(201)
    expect(made.body.properties?.['email']).toBe('ada@example.com')
    const byEmail = await api.get(`${contacts}/ADA%40example.com?idProperty=email&properties=firstname,phone`)
    expect(byEmail.body.id).toBe(made.body.id)
    expect(byEmail.body.properties).toMatchObject({ firstname: 'Ada', phone: null })
    api.hubspot.clock.advance(1_000)
    const changed = await api.call('PATCH', `${contacts}/${made.body.id}`, { properties: { firstname: '' } })
    expect(changed.status).toBe(200)
    expect(changed.body.properties?.['lastmodifieddate']).not.toBe(made.body.properties?.['lastmodifieddate'])
    expect((await api.call('DELETE', `${contacts}/${made.body.id}`)).status).toBe(204)
    expect((await api.get(`${contacts}/${made.body.id}`)).status).toBe(404)
    expect((await api.get(`${contacts}/${made.body.id}?archived=true`)).body.archived).toBe(true)
  })

  test('a taken e-mail is refused with the existing id in the words', async () => {
    const first = await api.post(contacts, { properties: { email: 'a@b.co' } })
    const second = await api.post(contacts, { properties: { email: 'A@b.co' } })
    expect(second.status).toBe(409)
    expect(second.body).toMatchObject({
      category: 'CONFLICT',
      message: `Contact already exists. Existing ID: ${first.body.id}`,
    })
  })

  test('a secondary e-mail resolves too', async () => {
    const { body } = await api.post(contacts, {
      properties: { email: 'a@b.co', hs_additional_emails: 'c@d.co;e@f.co' },
    })
    expect((await api.get(`${contacts}/e@f.co?idProperty=email`)).body.id).toBe(body.id)
    expect((await api.post(contacts, { properties: { email: 'c@d.co' } })).status).toBe(409)
  })

  test('a property that is not unique is no id', async () => {
    const reply = await api.get(`${contacts}/Ada?idProperty=firstname`)
    expect(reply.status).toBe(400)
    expect(reply.body.message).toBe('Unable to perform read by non-unique 0-1 property')
  })

  test('pages by id and stops', async () => {
    for (let index = 0; index < 3; index += 1)
      await api.post(contacts, { properties: { email: `p${index}@b.co` } })
    const first = await api.get(`${contacts}?limit=2`)
    expect(first.body.results).toHaveLength(2)
    const second = await api.get(`${contacts}?limit=2&after=${first.body.paging?.next?.after}`)
    expect(second.body.results).toHaveLength(1)
    expect(second.body.paging).toBeUndefined()
    expect((await api.get(`${contacts}?limit=101`)).status).toBe(400)
    expect((await api.get(`${contacts}?limit=100`)).status).toBe(200)
    expect((await api.get(`${contacts}?limit=51&propertiesWithHistory=email`)).status).toBe(400)
  })
})

describe('values', () => {
  const errorOf = async (properties: object): Promise<string | undefined> => {
    const { status, body } = await api.post(contacts, { properties })
    if (status === 201) return undefined
    const list = JSON.parse(body.message?.replace('Property values were not valid: ', '') ?? '[]') as {
      error: string
    }[]
    return list[0]?.error
  }
  test.each([
    [{ nope: 'x' }, 'PROPERTY_DOESNT_EXIST'],
    [{ hs_object_id: '5' }, 'READ_ONLY_VALUE'],
    [{ email: 'no mail' }, 'INVALID_EMAIL'],
    [{ colours: 'red;pink' }, 'INVALID_OPTION'],
    [{ score: 'many' }, 'INVALID_LONG'],
    [{ born: '2026-02-30' }, 'INVALID_DATE'],
    [{ born: '1767225601000' }, 'INVALID_DATE'],
    [{ seen_at: 'yesterday' }, 'INVALID_LONG'],
    [{ score: 5 }, 'INVALID_TYPE'],
    [{ firstname: null }, 'INVALID_NULL'],
    [{ firstname: 'x'.repeat(65_537) }, 'PROPERTY_VALUE_TOO_LONG'],
    [{ firstname: 'x'.repeat(65_536) }, undefined],
    [{ born: '1767225600000' }, undefined],
    [{ seen_at: '2026-01-01T00:00:00+02:00' }, undefined],
  ])('%o → %s', async (properties, error) => {
    expect(await errorOf(properties)).toBe(error)
  })

  test('are stored as text in one form, and a leading ; adds options', async () => {
    const { body } = await api.post(contacts, {
      properties: { born: '1767225600000', seen_at: '2026-01-01T00:00:00+02:00', colours: 'red' },
    })
    await api.call('PATCH', `${contacts}/${body.id}`, { properties: { colours: ';blue;red' } })
    expect(api.hubspot.inspect().contacts[0]?.properties).toMatchObject({
      born: '2026-01-01',
      seen_at: '2025-12-31T22:00:00.000Z',
      colours: 'red;blue',
    })
  })

  test('numbers and null pass where the account is configured so', async () => {
    api.hubspot.configure({ nonStringValues: 'coerced', nullValues: 'ignored' })
    const { status } = await api.post(contacts, { properties: { score: 5, firstname: null } })
    expect(status).toBe(201)
    expect(api.hubspot.inspect().contacts[0]?.properties).toMatchObject({ score: '5' })
  })

  test('the lifecycle only moves forward unless it is cleared first', async () => {
    const { body } = await api.post(contacts, { properties: { lifecyclestage: 'customer' } })
    const write = (lifecyclestage: string): unknown =>
      api.call('PATCH', `${contacts}/${body.id}`, { properties: { lifecyclestage } })
    const stage = (): unknown => api.hubspot.inspect().contacts[0]?.properties['lifecyclestage']
    await write('lead')
    expect(stage()).toBe('customer')
    await write('')
    await write('lead')
    expect(stage()).toBe('lead')
  })
})

describe('batches', () => {
  test('upsert makes and changes, echoes trace ids, and answers in an order of its own', async () => {
    const first = await upsert(['a', 'b', 'c'].map((id) => row(id)))
    expect(first.status).toBe(200)
    expect(first.body.results?.every((result) => result.new)).toBe(true)
    const traces = first.body.results?.map((result) => result.objectWriteTraceId)
    expect(traces).not.toEqual(['t-a', 't-b', 't-c'])
    expect(traces?.toSorted()).toEqual(['t-a', 't-b', 't-c'])
    const again = await upsert([row('a', { firstname: 'A' })])
    expect(again.body.results?.[0]).toMatchObject({ new: false, properties: { firstname: 'A' } })
  })

  test('with trace ids on every row the bad one is told alone', async () => {
    const reply = await upsert([row('a'), row('b', { score: 'x' })])
    expect(reply.status).toBe(207)
    expect(reply.body.numErrors).toBe(1)
    expect(reply.body.errors?.[0]?.context?.['objectWriteTraceId']).toEqual(['t-b'])
    expect(api.hubspot.inspect().contacts).toHaveLength(1)
  })

  test('without them one bad row fails the call, and nothing is written', async () => {
    const reply = await upsert([{ id: 'a', idProperty: 'ext_id', properties: {} }, row('b', { score: 'x' })])
    expect(reply.status).toBe(400)
    expect(api.hubspot.inspect().contacts).toHaveLength(0)
  })

  test('the same id twice is refused, e-mails compared trimmed and in lower case', async () => {
    const reply = await upsert([row('a@b.co', {}, 'email'), row(' A@B.co', {}, 'email')])
    expect(reply.status).toBe(400)
    expect(reply.body.message).toBe('Duplicate IDs found in batch input: [a@b.co]. IDs must be unique')
    expect(reply.body.context).toEqual({ ids: ['a@b.co'] })
  })

  test('no inputs is a silent success', async () => {
    const reply = await api.post(`${contacts}/batch/upsert`, {})
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ status: 'COMPLETE', results: [] })
  })

  test('100 rows pass, 101 do not', async () => {
    const rows = Array.from({ length: 101 }, (_, index) => row(`x${index}`))
    expect((await upsert(rows)).status).toBe(400)
    expect((await upsert(rows.slice(0, 100))).status).toBe(200)
  })

  test('read and update tell the unknown ids', async () => {
    const made = await upsert([row('a')])
    const id = made.body.results?.[0]?.id
    const read = await api.post(`${contacts}/batch/read`, {
      inputs: [{ id }, { id: '999999' }],
      properties: ['ext_id'],
    })
    expect(read.status).toBe(207)
    expect(read.body.results?.[0]?.properties?.['ext_id']).toBe('a')
    expect(read.body.errors?.[0]).toMatchObject({
      category: 'OBJECT_NOT_FOUND',
      context: { ids: ['999999'] },
    })
    const update = await api.post(`${contacts}/batch/update`, {
      inputs: [{ id: '999999', properties: { firstname: 'x' } }],
    })
    expect(update.status).toBe(207)
  })

  test('create fails for a taken e-mail, with the id in the 207', async () => {
    await api.post(contacts, { properties: { email: 'a@b.co' } })
    const reply = await api.post(`${contacts}/batch/create`, {
      inputs: [
        { properties: { email: 'a@b.co' }, objectWriteTraceId: '1' },
        { properties: { email: 'n@b.co' }, objectWriteTraceId: '2' },
      ],
    })
    expect(reply.status).toBe(207)
    expect(reply.body.errors?.[0]?.message).toMatch(/^Contact already exists. Existing ID: \d+$/)
    expect(reply.body.results?.[0]?.objectWriteTraceId).toBe('2')
  })

  test('undescribed fields are refused, or ignored where the account is configured so', async () => {
    const inputs = [{ id: 'a', idProperti: 'ext_id', properties: {} }]
    expect((await upsert(inputs)).status).toBe(400)
    api.hubspot.configure({ unknownFields: 'ignored' })
    expect((await upsert(inputs)).status).toBe(207)
  })

  test('an upsert by e-mail fails as a whole where the account is configured so', async () => {
    const rows = [row('a@b.co', {}, 'email'), row('c@d.co', { score: 'x' }, 'email')]
    expect((await upsert(rows)).status).toBe(207)
    api.hubspot.configure({ emailUpsert: 'all-or-nothing' })
    expect((await upsert(rows)).status).toBe(400)
  })

  test('archive ignores unknown ids', async () => {
    const made = await upsert([row('a')])
    const inputs = [{ id: made.body.results?.[0]?.id }, { id: '999999' }]
    expect((await api.post(`${contacts}/batch/archive`, { inputs })).status).toBe(204)
    expect(api.hubspot.inspect().contacts[0]?.archived).toBe(true)
    expect((await upsert([row('a')])).body.results?.[0]?.new).toBe(true)
  })
})

describe('merge and erasure', () => {
  test('an archived or erased contact leaves its lists, and erasure takes its events along', async () => {
    const seen = {
      eventDefinitions: [{ name: 'order' }],
      lists: [{ listId: '70', name: 'VIP', members: ['8', '9'] }],
    }
    api.hubspot.seed({
      contacts: ['8', '9'].map((id) => ({ id, properties: { email: `c${id}@b.co` } })),
      ...seen,
    })
    const eventName = api.hubspot.inspect().eventDefinitions[0]?.fullyQualifiedName
    await api.post('/events/custom/2026-09/send/batch', {
      inputs: ['8', '9'].map((objectId) => ({ eventName, objectId, properties: {} })),
    })
    await api.call('DELETE', `${contacts}/8`)
    api.hubspot.clock.advance(2_000)
    expect(api.hubspot.inspect().lists[0]?.members).toEqual(['9'])
    expect(api.hubspot.inspect().events.map((event) => event.objectId)).toEqual(['9'])
    await api.post(`${contacts}/gdpr-delete`, { objectId: '9' })
    expect(api.hubspot.inspect()).toMatchObject({ events: [], lists: [{ members: [] }] })
  })

  test('a merge gives a new id, and the old ones lead to it', async () => {
    const made = await upsert([
      row('a', { email: 'a@b.co', firstname: 'A' }),
      row('b', { email: 'c@d.co', lastname: 'B' }),
    ])
    const idOf = (trace: string): string | undefined =>
      made.body.results?.find((each) => each.objectWriteTraceId === trace)?.id
    const merged = await api.post(`${contacts}/merge`, {
      primaryObjectId: idOf('t-a'),
      objectIdToMerge: idOf('t-b'),
    })
    expect(merged.status).toBe(200)
    const old = await api.get(
      `${contacts}/${idOf('t-b')}?properties=firstname,lastname,hs_additional_emails,hs_merged_object_ids`,
    )
    expect(old.body.id).toBe(merged.body.id)
    expect(old.body.properties).toMatchObject({
      firstname: 'A',
      lastname: 'B',
      hs_additional_emails: 'c@d.co',
      hs_merged_object_ids: `${idOf('t-a')};${idOf('t-b')}`,
    })
  })

  test('gdpr-delete erases, and blocks an unknown e-mail', async () => {
    await upsert([row('a@b.co', {}, 'email')])
    expect(
      (await api.post(`${contacts}/gdpr-delete`, { objectId: 'a@b.co', idProperty: 'email' })).status,
    ).toBe(204)
    expect(api.hubspot.inspect().contacts).toEqual([])
    expect(
      (await api.post(`${contacts}/gdpr-delete`, { objectId: 'x@y.co', idProperty: 'email' })).status,
    ).toBe(204)
    expect((await api.post(contacts, { properties: { email: 'X@y.co' } })).status).toBe(400)
    expect((await api.post(`${contacts}/gdpr-delete`, { objectId: '12345' })).status).toBe(404)
  })
})

test('companies are kept apart from contacts', async () => {
  const made = await api.post('/crm/v3/objects/companies', {
    properties: { name: 'Acme', domain: 'acme.example' },
  })
  expect(made.status).toBe(201)
  expect((await api.get(`/crm/objects/2026-03/0-2/${made.body.id}`)).body.properties?.['name']).toBe('Acme')
  expect((await api.get(`${contacts}/${made.body.id}`)).status).toBe(404)
  expect((await api.get('/crm/objects/2026-09/rockets')).body.message).toBe(
    'Unable to infer object type from: rockets',
  )
})
