import { IntercomClient, IntercomError } from 'intercom-client'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { intercomDefaults, startIntercomSandbox, type IntercomAccount } from './index.ts'

async function open(account: Partial<IntercomAccount> = {}) {
  const sandbox = await startIntercomSandbox({ account })
  onTestFinished(() => sandbox.close())
  const options = { token: intercomDefaults.token, baseUrl: sandbox.url, fetch: sandbox.host.fetch }
  const client = new IntercomClient({ ...options, maxRetries: 0, headers: { 'Intercom-Version': '2.16' } })
  return { sandbox, client, options }
}
async function failure(work: Promise<unknown>): Promise<IntercomError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof IntercomError)) throw new Error('expected an IntercomError')
  return error
}

describe('intercom-client 7.0.3 drives the sandbox', () => {
  test('a contact from creation to deletion', async () => {
    const { sandbox, client } = await open()
    const created = await client.contacts.create({ external_id: 'u1', email: 'Ada@Example.com', name: 'Ada' })
    expect(created).toMatchObject({
      role: 'user',
      external_id: 'u1',
      email: 'ada@example.com',
      owner_id: null,
    })
    expect(await client.contacts.find({ contact_id: created.id ?? '' })).toEqual(created)
    expect(await client.contacts.showContactByExternalId({ external_id: 'u1' })).toEqual(created)
    const updated = await client.contacts.update({ contact_id: created.id ?? '', name: 'Ada L.' })
    expect(updated).toMatchObject({ id: created.id, name: 'Ada L.', email: 'ada@example.com' })
    expect(await client.contacts.archive({ contact_id: created.id ?? '' })).toMatchObject({ archived: true })
    expect((await failure(client.contacts.find({ contact_id: created.id ?? '' }))).statusCode).toBe(404)
    expect(await client.contacts.unarchive({ contact_id: created.id ?? '' })).toMatchObject({
      archived: false,
    })
    expect(await client.contacts.blockContact({ contact_id: created.id ?? '' })).toMatchObject({
      blocked: true,
    })
    expect(await client.contacts.delete({ contact_id: created.id ?? '' })).toMatchObject({ deleted: true })
    expect(sandbox.inspect().contacts).toMatchObject([{ id: created.id, standing: 'deleted', name: null }])
  })

  test('events, tags, companies, subscriptions, attributes, messages, notes', async () => {
    const { sandbox, client } = await open({ indexLagMs: 0 })
    sandbox.seed({
      contacts: [{ id: 'c1', external_id: 'u1', email: 'u1@example.com' }],
      subscriptionTypes: [{ id: '91', consent_type: 'opt_out', name: 'News' }],
    })
    await client.events.create({ event_name: 'ordered', created_at: 1_760_000_000, user_id: 'u1' })
    await client.events.summaries({
      user_id: 'u1',
      event_summaries: { event_name: 'visited', count: 3, first: 1_700_000_000, last: 1_750_000_000 },
    })
    const tag = await client.tags.create({ name: 'vip' })
    await client.tags.tagContact({ contact_id: 'c1', id: tag.id })
    const company = await client.companies.createOrUpdate({
      company_id: 'acme',
      name: 'Acme',
      monthly_spend: 155.98,
    })
    expect(company.monthly_spend).toBe(155)
    await client.companies.attachContact({ contact_id: 'c1', id: company.id ?? '' })
    await client.contacts.attachSubscription({ contact_id: 'c1', id: '91', consent_type: 'opt_out' })
    const attribute = { name: 'plan', model: 'contact', data_type: 'string' } as const
    await client.dataAttributes.create(attribute)
    await client.contacts.update({ contact_id: 'c1', custom_attributes: { plan: 'gold' } })
    await client.messages.create({
      message_type: 'email',
      subject: 'Hi',
      body: 'Hello',
      template: 'plain',
      from: { type: 'admin', id: 991_267_459 },
      to: { type: 'user', id: 'c1' },
    })
    await client.notes.create({ contact_id: 'c1', body: 'Hello' })
    expect(sandbox.inspect()).toMatchObject({
      events: [{ event_name: 'ordered', intercom_user_id: 'c1' }],
      eventSummaries: [
        { name: 'ordered', count: 1 },
        { name: 'visited', count: 3 },
      ],
      tags: [{ name: 'vip', contacts: ['c1'] }],
      contacts: [{ companies: [company.id], subscriptions: ['91'], custom_attributes: { plan: 'gold' } }],
      messages: [{ message_type: 'email', to: ['c1'], subject: 'Hi' }],
      notes: [{ contact_id: 'c1', body: '<p>Hello</p>' }],
    })
    const summary = await client.events.list({ type: 'user', user_id: 'u1', summary: true })
    expect(summary.events).toHaveLength(2)
    expect(await client.contacts.listAttachedTags({ contact_id: 'c1' })).toMatchObject({
      data: [{ name: 'vip' }],
    })
    expect(await client.contacts.listAttachedSubscriptions({ contact_id: 'c1' })).toMatchObject({
      data: [{ id: '91' }],
    })
    await client.tags.untagContact({ contact_id: 'c1', tag_id: tag.id })
    await client.companies.detachContact({ contact_id: 'c1', company_id: company.id ?? '' })
    await client.contacts.detachSubscription({ contact_id: 'c1', subscription_id: '91' })
    expect(sandbox.inspect().contacts).toMatchObject([{ tags: [], companies: [], subscriptions: [] }])
  })

  test('its pagers walk lists and searches to the end', async () => {
    const { sandbox, client } = await open()
    sandbox.seed({ contacts: Array.from({ length: 23 }, (_, n) => ({ id: `c${n}`, external_id: `u${n}` })) })
    const listed: (string | undefined)[] = []
    for await (const contact of await client.contacts.list({ per_page: 5 })) listed.push(contact.external_id)
    expect(new Set(listed).size).toBe(23)
    const query = { field: 'role', operator: '=', value: 'user' } as const
    const found: (string | undefined)[] = []
    for await (const contact of await client.contacts.search({ query, pagination: { per_page: 10 } }))
      found.push(contact.external_id)
    expect(new Set(found).size).toBe(23)
  })

  test('a merged contact answers 410, with its successor in the Link header', async () => {
    const { sandbox, client } = await open()
    sandbox.seed({
      contacts: [
        { id: 'lead1', role: 'lead', external_id: 'generated', email: 'a@example.com' },
        { id: 'user1', external_id: 'u1', email: 'a@example.com' },
      ],
    })
    await client.contacts.mergeLeadInUser({ from: 'lead1', into: 'user1' })
    for (const read of [
      client.contacts.find({ contact_id: 'lead1' }),
      client.contacts.showContactByExternalId({ external_id: 'generated' }),
    ]) {
      const error = await failure(read)
      expect(error.statusCode).toBe(410)
      expect(error.rawResponse?.headers.get('link')).toBe('</contacts/user1>; rel="canonical"')
    }
  })
})

describe('defects of intercom-client 7.0.3 that made us write calls ourselves', () => {
  test('it sends 2.14 unless told otherwise, also for what it calls unstable', async () => {
    const { sandbox, options } = await open()
    sandbox.seed({ contacts: [{ id: 'c1', external_id: 'u1', owner_id: '7' }] })
    const client = new IntercomClient({ ...options, maxRetries: 0 })
    const { data, rawResponse } = await client.contacts.find({ contact_id: 'c1' }).withRawResponse()
    expect(rawResponse.headers.get('intercom-version')).toBe('2.14')
    expect(data.owner_id).toBe(7)
    const unstable = await client.unstable.tags.listTags().withRawResponse()
    expect(unstable.rawResponse.headers.get('intercom-version')).toBe('2.14')
  })
  test('a version that its types do not know passes at run time', async () => {
    const { options } = await open()
    const version = '2.16' as unknown as '2.14'
    const client = new IntercomClient({ ...options, maxRetries: 0, version })
    const { rawResponse } = await client.tags.list().withRawResponse()
    expect(rawResponse.headers.get('intercom-version')).toBe('2.16')
  })
  test('it repeats a message on 500 although that sends it twice', async () => {
    const { sandbox, options } = await open()
    sandbox.seed({ contacts: [{ id: 'c1', external_id: 'u1' }] })
    sandbox.chaos({ script: [{ kind: 'server-error-after', on: 'POST /messages' }] })
    const client = new IntercomClient({ ...options, maxRetries: 1 })
    const message = {
      message_type: 'in_app',
      body: 'Hello',
      from: { type: 'admin', id: 991_267_459 },
      to: { type: 'user', id: 'c1' },
    } as unknown as Parameters<typeof client.messages.create>[0]
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const progress = { done: false }
    const sent = client.messages
      .create(message, { timeoutInSeconds: 3_600 })
      .then(() => (progress.done = true))
    while (!progress.done) {
      await new Promise((resolve) => setImmediate(resolve))
      if (sandbox.requests().length === 1) vi.advanceTimersByTime(100)
    }
    await sent
    expect(sandbox.inspect().messages).toHaveLength(2)
    expect(sandbox.inspect().counters.repeatedMessages).toBe(1)
  })
  test('a 409 is a plain IntercomError, not a class of its own', async () => {
    const { client } = await open()
    await client.contacts.create({ external_id: 'u1' })
    const error = await failure(client.contacts.create({ external_id: 'u1' }))
    expect(error.constructor).toBe(IntercomError)
    expect(error.body).toMatchObject({ errors: [{ code: 'conflict' }] })
  })
  test('a search without data is handed on as if it were an empty success', async () => {
    const { sandbox, client } = await open()
    sandbox.chaos({ script: [{ kind: 'silent', on: '/contacts/search' }] })
    const page = await client.contacts.search({ query: { field: 'role', operator: '=', value: 'user' } })
    expect(page.data).toEqual([])
  })
})
