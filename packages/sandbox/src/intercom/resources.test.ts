import { describe, expect, test } from 'vitest'
import { failed, open } from '../../fixtures/intercom-client.ts'

const idOf = ({ body }: { readonly body: unknown }): string => (body as { readonly id: string }).id

describe('companies', () => {
  test('company_id decides between create and update', async () => {
    const { sandbox, call } = await open()
    const id = idOf(
      await call('POST', '/companies', {
        company_id: 'acme',
        name: 'Acme',
        monthly_spend: 155.98,
        plan: 'Pro',
      }),
    )
    const again = await call('POST', '/companies', { company_id: 'acme', size: 7 })
    expect(again.body).toMatchObject({
      id,
      name: 'Acme',
      monthly_spend: 155,
      size: 7,
      plan: { type: 'plan', name: 'Pro' },
    })
    expect(sandbox.inspect().companies).toHaveLength(1)
    for (const path of [`/companies/${id}`, '/companies?company_id=acme', '/companies?name=Acme'])
      expect(idOf(await call('GET', path))).toBe(id)
    expect(await call('GET', '/companies?company_id=none')).toMatchObject(failed(404, 'company_not_found'))
  })
  test.each([
    [{ test: 'invalid' }, 'bad_request'],
    [{ name: 'Acme' }, 'parameter_not_found'],
    [{ company_id: 7 }, 'parameter_invalid'],
    [{ company_id: 'acme', size: '7' }, 'parameter_invalid'],
    [{ company_id: 'acme', monthly_spend: 2_147_483_648 }, 'parameter_invalid'],
    [{ company_id: 'acme', custom_attributes: { nope: 1 } }, 'parameter_invalid'],
  ])('%j is refused with %s', async (body, code) => {
    const { call } = await open()
    expect(await call('POST', '/companies', body)).toMatchObject(failed(400, code))
  })
  test('the refusal of an unknown name is worded as described; update_last_request_at is new in 2.16', async () => {
    const { call } = await open()
    const refused = await call('POST', '/companies', { test: 'invalid' })
    expect(refused).toMatchObject(failed(400, 'bad_request', "bad 'test' parameter"))
    const body = { company_id: 'acme', monthly_spend: 2_147_483_647, update_last_request_at: true }
    expect((await call('POST', '/companies', body, '2.15')).status).toBe(400)
    expect((await call('POST', '/companies', body)).body).toHaveProperty('last_request_at')
  })
  test('a company without people is in no list', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      companies: [{ id: 'k1', company_id: 'acme' }],
      contacts: [{ id: 'c1', external_id: 'u1' }],
    })
    expect((await call('POST', '/companies/list')).body).toMatchObject({ data: [], total_count: 0 })
    await call('POST', '/contacts/c1/companies', { id: 'k1' })
    expect((await call('POST', '/companies/list')).body).toMatchObject({
      data: [{ id: 'k1', user_count: 1 }],
    })
    expect((await call('GET', '/companies')).body).toMatchObject({
      data: [{ id: 'k1' }],
      pages: { per_page: 15 },
    })
  })
  test('attached by Intercom’s id only; a number of companies is the most', async () => {
    const { sandbox, call } = await open({ maxCompaniesPerContact: 2 })
    const companies = ['a', 'b', 'c'].map((id) => ({ id, company_id: `own-${id}` }))
    sandbox.seed({ companies, contacts: [{ id: 'c1', external_id: 'u1' }] })
    const attach = (body: object) => call('POST', '/contacts/c1/companies', body)
    expect(await attach({})).toMatchObject(failed(400, 'parameter_not_found', 'company not specified'))
    expect(await attach({ id: 'own-a' })).toMatchObject(failed(404, 'company_not_found', 'Company Not Found'))
    for (const id of ['a', 'b', 'a']) expect((await attach({ id })).status).toBe(200)
    const message = 'Contact has reached the maximum of 2 company associations'
    expect(await attach({ id: 'c' })).toMatchObject(failed(400, 'contact_company_limit_exceeded', message))
    const page = await call('GET', '/contacts/c1/companies?per_page=1')
    expect(page.body).toMatchObject({ data: [{ id: 'a' }], total_count: 2, pages: { total_pages: 2 } })
    const { next } = (page.body as { readonly pages: { readonly next: string } }).pages
    expect((await call('GET', next.slice(sandbox.url.length))).body).toMatchObject({
      data: [{ id: 'b' }],
      pages: { next: null },
    })
    expect((await call('DELETE', '/contacts/c1/companies/a')).body).toMatchObject({ id: 'a', user_count: 0 })
    expect(await call('DELETE', '/contacts/c1/companies/a')).toMatchObject(failed(404, 'company_not_found'))
  })
  test('the limit is 1,000 companies by default', async () => {
    const { sandbox, call } = await open()
    const companies = Array.from({ length: 1_001 }, (_, n) => ({ id: `k${n}`, company_id: String(n) }))
    const attached = companies.slice(0, 999).map(({ id }) => id)
    sandbox.seed({ companies, contacts: [{ id: 'c1', external_id: 'u1', companies: attached }] })
    expect((await call('POST', '/contacts/c1/companies', { id: 'k999' })).status).toBe(200)
    expect((await call('POST', '/contacts/c1/companies', { id: 'k1000' })).status).toBe(400)
  })
})

describe('data attributes', () => {
  const create = { name: 'plan', model: 'contact', data_type: 'string' }
  test('created, used, archived, listed', async () => {
    const { call } = await open()
    const answer = await call('POST', '/data_attributes', create)
    expect(answer.body).toMatchObject({
      full_name: 'custom_attributes.plan',
      custom: true,
      api_writable: true,
      messenger_writable: false,
    })
    expect(
      (await call('POST', '/contacts', { external_id: 'u1', custom_attributes: { plan: 'gold' } })).status,
    ).toBe(200)
    expect((await call('PUT', `/data_attributes/${idOf(answer)}`, { archived: true })).body).toMatchObject({
      archived: true,
    })
    const names = async (query: string) => {
      const { body } = await call('GET', `/data_attributes?${query}`)
      return (body as { readonly data: readonly { readonly name: string }[] }).data.map(({ name }) => name)
    }
    expect(await names('model=contact')).not.toContain('plan')
    expect(await names('model=contact&include_archived=true')).toContain('plan')
    expect(await names('model=contact')).toContain('signed_up_at')
    expect(await names('model=company')).not.toContain('signed_up_at')
    expect((await call('PUT', '/contacts/none', {})).status).toBe(404)
  })
  test.each([
    [
      { ...create, name: '!nv@l!d n@me' },
      'Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens',
    ],
    [{ ...create, name: 'a.b' }, undefined],
    [{ ...create, name: 'a$b' }, undefined],
    [{ ...create, data_type: 'mithril' }, "Data Type isn't an option"],
    [{ ...create, data_type: 'toString' }, "Data Type isn't an option"],
    [
      { ...create, model: 'conversation' },
      'The Data Attribute model field must be either contact or company',
    ],
    [{ ...create, data_type: 'options' }, "Options isn't an array"],
    [{ ...create, data_type: 'options', options: [{ value: '1-10' }] }, undefined],
  ])('%j is refused', async (body, message) => {
    const { sandbox, call } = await open()
    expect(await call('POST', '/data_attributes', body)).toMatchObject(
      failed(400, 'parameter_invalid', message),
    )
    expect(sandbox.inspect().dataAttributes).toEqual([])
  })
  test('a name is unique over people and companies', async () => {
    const { call } = await open()
    await call('POST', '/data_attributes', { ...create, name: 'The One Ring', model: 'company' })
    const message = (as: string) =>
      `You already have 'The One Ring' in your company data. To save this as new ${as} data, use a different name.`
    for (const [model, as] of [
      ['contact', 'people'],
      ['company', 'company'],
    ] as const)
      expect(
        await call('POST', '/data_attributes', { ...create, name: 'The One Ring', model }),
      ).toMatchObject(failed(400, 'parameter_invalid', message(as)))
  })
  test('250 for people, archived ones not counted; none for companies', async () => {
    const { sandbox, call } = await open()
    const dataAttributes = Array.from({ length: 249 }, (_, n) => ({
      id: 1_000 + n,
      name: `a${n}`,
      data_type: 'string' as const,
    }))
    sandbox.seed({ dataAttributes })
    expect((await call('POST', '/data_attributes', create)).status).toBe(200)
    const more = { ...create, name: 'more' }
    expect(await call('POST', '/data_attributes', more)).toMatchObject(
      failed(400, 'custom_data_limit_reached'),
    )
    expect(
      (await call('POST', '/data_attributes', { ...more, model: 'company', name: 'other' })).status,
    ).toBe(200)
    await call('PUT', '/data_attributes/1000', { archived: true })
    expect((await call('POST', '/data_attributes', more)).status).toBe(200)
    expect(await call('PUT', '/data_attributes/1000', { archived: false })).toMatchObject(
      failed(400, 'custom_data_limit_reached'),
    )
  })
  test('updates: no other type, no archiving while a segment needs it', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      dataAttributes: [{ id: 7, name: 'plan', data_type: 'string' }],
      segments: [{ name: 'Gold', rule: { field: 'custom_attributes.plan', operator: '=', value: 'gold' } }],
    })
    expect(await call('PUT', '/data_attributes/9', {})).toMatchObject(
      failed(404, 'field_not_found', "We couldn't find that data attribute to update"),
    )
    expect(await call('PUT', '/data_attributes/7', { archived: true })).toMatchObject(
      failed(422, 'data_invalid'),
    )
    expect(await call('PUT', '/data_attributes/7', { data_type: 'integer' })).toMatchObject(
      failed(400, 'bad_request'),
    )
    expect(await call('PUT', '/data_attributes/7', { options: { value: 'x' } })).toMatchObject(
      failed(400, 'parameter_invalid', "Options isn't an array"),
    )
    const options = [{ value: '1-10' }, { value: '11-20' }]
    expect((await call('PUT', '/data_attributes/7', { options })).body).toMatchObject({
      options: ['1-10', '11-20'],
    })
  })
  test('model=conversation: 422 since 2.16', async () => {
    const { call } = await open()
    expect(await call('GET', '/data_attributes?model=conversation')).toMatchObject(
      failed(422, 'parameter_invalid'),
    )
    expect((await call('GET', '/data_attributes?model=conversation', undefined, '2.15')).body).toMatchObject({
      data: [],
    })
  })
})

describe('messages', () => {
  const message = {
    message_type: 'inapp',
    body: 'Hello',
    from: { type: 'admin', id: 991_267_459 },
    to: { type: 'user', id: 'c1' },
  }
  const email = { ...message, message_type: 'email', subject: 'Hi', template: 'plain' }
  const contacts = [
    { id: 'c1', external_id: 'u1', email: 'a@example.com' },
    { id: 'out', external_id: 'u2', email: 'b@example.com', unsubscribed_from_emails: true },
    { id: 'lead1', role: 'lead' },
  ] as const
  test('every call sends, also the same one again', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts })
    const first = await call('POST', '/messages', message)
    expect(first.body).toMatchObject({
      type: 'admin_message',
      message_type: 'inapp',
      body: 'Hello',
      owner: { id: '991267459' },
    })
    expect(idOf(await call('POST', '/messages', message))).not.toBe(idOf(first))
    const to = [
      { type: 'user', id: 'c1' },
      { type: 'lead', id: 'lead1' },
    ]
    await call('POST', '/messages', { ...message, message_type: 'in_app', to })
    expect(sandbox.inspect()).toMatchObject({
      messages: [{ to: ['c1'] }, { to: ['c1'] }, { message_type: 'inapp', to: ['c1', 'lead1'] }],
      counters: { repeatedMessages: 1 },
    })
  })
  test.each([
    [
      { ...email, subject: undefined },
      failed(422, 'parameter_not_found', 'No subject supplied for email message'),
    ],
    [{ ...email, body: null }, failed(400, 'parameter_invalid', 'Body is required')],
    [{ ...message, body: undefined }, failed(400, 'parameter_invalid', 'Body is required')],
    [{ ...email, template: 'fancy' }, failed(400, 'parameter_invalid')],
    [{ ...message, message_type: 'sms' }, failed(400, 'parameter_invalid')],
    [{ ...message, to: undefined }, failed(400, 'parameter_not_found')],
    [{ ...message, to: { type: 'user', id: 'nobody' } }, failed(404, 'not_found', 'User Not Found')],
    [{ ...message, to: { type: 'user', id: 'lead1' } }, failed(404, 'not_found')],
    [{ ...message, from: { type: 'admin', id: 1 } }, failed(404, 'admin_not_found')],
    [{ ...message, from: { type: 'user', id: 'c1' } }, failed(400, 'parameter_invalid')],
    [{ ...email, to: { type: 'user', id: 'out' } }, failed(400, 'client_error')],
    [{ ...email, to: { type: 'lead', id: 'lead1' } }, failed(400, 'client_error')],
    [{ ...message, idempotency_key: 'x' }, failed(400, 'bad_request')],
  ])('%j is refused', async (body, refusal) => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts })
    expect(await call('POST', '/messages', body)).toMatchObject(refusal)
    expect(sandbox.inspect().messages).toEqual([])
  })
  test('a contact just made is 404 until it is in the index', async () => {
    const { sandbox, call } = await open()
    const id = idOf(await call('POST', '/contacts', { external_id: 'u9' }))
    const body = { ...message, to: { type: 'user', id } }
    expect(await call('POST', '/messages', body)).toMatchObject(failed(404, 'not_found', 'User Not Found'))
    sandbox.clock.advance(180_000)
    expect((await call('POST', '/messages', body)).status).toBe(200)
    const other = idOf(await call('POST', '/contacts', { external_id: 'u10' }))
    sandbox.configure({ messagesNeedIndex: false })
    expect((await call('POST', '/messages', { ...body, to: { type: 'user', id: other } })).status).toBe(200)
  })
  test('a plan without messages is 403', async () => {
    const { sandbox, call } = await open({ plan: 'restricted' })
    sandbox.seed({ contacts })
    expect(await call('POST', '/messages', message)).toMatchObject(
      failed(403, 'api_plan_restricted', 'Active subscription needed.'),
    )
  })
})

describe('notes and visitors', () => {
  test('a note is wrapped in a paragraph; unknown admins and contacts are 404', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: [{ id: 'c1', external_id: 'u1' }] })
    const note = await call('POST', '/contacts/c1/notes', { body: 'Hello', admin_id: 991_267_459 })
    expect(note.body).toMatchObject({ type: 'note', body: '<p>Hello</p>', author: { id: '991267459' } })
    expect((await call('GET', '/contacts/c1/notes')).body).toMatchObject({
      data: [{ id: idOf(note) }],
      total_count: 1,
    })
    expect(await call('POST', '/contacts/c1/notes', { body: 'x', admin_id: 1 })).toMatchObject(
      failed(404, 'not_found', 'Resource Not Found'),
    )
    expect(await call('POST', '/contacts/x/notes', { body: 'x' })).toMatchObject(
      failed(404, 'not_found', 'User Not Found'),
    )
  })
  test('a visitor becomes a new user under the same id, or dissolves in a known one', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({
      visitors: [
        { id: 'v1', user_id: 'anon-1' },
        { id: 'v2', user_id: 'anon-2' },
      ],
      contacts: [{ id: 'c1', external_id: 'u1' }],
    })
    expect((await call('GET', '/visitors?user_id=anon-1')).body).toMatchObject({
      type: 'visitor',
      id: 'v1',
      anonymous: true,
    })
    const convert = (visitor: string, user: object, type = 'user') =>
      call('POST', '/visitors/convert', { visitor: { user_id: visitor }, user, type })
    expect((await convert('anon-1', { email: 'foo@bar.com' })).body).toMatchObject({
      id: 'v1',
      role: 'user',
      external_id: null,
    })
    expect((await convert('anon-2', { user_id: 'u1' })).body).toMatchObject({ id: 'c1' })
    expect(sandbox.inspect()).toMatchObject({ visitors: [], contacts: [{ id: 'c1' }, { id: 'v1' }] })
    expect(await convert('anon-1', { user_id: 'u1' })).toMatchObject(
      failed(404, 'not_found', 'Visitor Not Found'),
    )
    expect(await convert('anon-1', {}, 'company')).toMatchObject(failed(400, 'parameter_invalid'))
    expect(await call('GET', '/visitors?user_id=anon-1')).toMatchObject(
      failed(404, 'not_found', 'Visitor Not Found'),
    )
  })
})
