import { describe, expect, test } from 'vitest'
import { openBraze, type TestClient } from './test-client.ts'
import type { BrazeAccount } from './account.ts'

async function workspace(account: Partial<BrazeAccount> = {}): Promise<TestClient> {
  const braze = await openBraze({ account })
  braze.sandbox.seed({
    profiles: [
      { external_id: 'a', standard: { email: 'a@x.test' }, custom_attributes: { tier: 'gold', points: 7 } },
      {
        external_id: 'b',
        standard: { email: 'b@x.test', email_subscribe: 'unsubscribed' },
        user_aliases: [{ alias_name: 'bee', alias_label: 'nick' }],
      },
      { external_id: 'c' },
    ],
    segments: [{ id: 'only-a', name: 'Only a', members: ['a'] }],
    canvases: [
      { id: 'welcome', name: 'Welcome', tags: ['t'] },
      { id: 'paused', name: 'Paused', enabled: false },
      { id: 'archived', name: 'Archived', archived: true },
      { id: 'action', name: 'Action', schedule_type: 'action_based' },
      { id: 'narrow', name: 'Narrow', audience: 'only-a' },
    ],
    campaigns: [
      { id: 'news', name: 'News', channels: ['email'] },
      { id: 'paused', name: 'Paused', enabled: false },
      { id: 'api', name: 'API', kind: 'api' },
      { id: 'receipt', name: 'Receipt', kind: 'transactional' },
    ],
  })
  return braze
}
const canvas = (braze: TestClient, body: object) =>
  braze.post('/canvas/trigger/send', { canvas_id: 'welcome', ...body })
const to = (...ids: string[]): object => ({
  recipients: ids.map((external_user_id) => ({ external_user_id })),
})
const people = (braze: TestClient) => braze.sandbox.inspect().sends.map((send) => send.external_user_id)

describe('canvas/trigger/send', () => {
  test('records every entry with the context, the recipient’s own keys on top', async () => {
    await using braze = await workspace()
    const reply = await canvas(braze, {
      context: { cart: 1, name: 'all' },
      recipients: [
        { external_user_id: 'a', context: { name: 'Ann' } },
        { user_alias: { alias_name: 'bee', alias_label: 'nick' } },
      ],
    })
    expect(reply).toMatchObject({
      status: 201,
      body: { message: 'success', dispatch_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
    })
    expect(reply.body).not.toHaveProperty('notice')
    const dispatch_id = reply.body['dispatch_id']
    expect(braze.sandbox.inspect().sends).toMatchObject([
      {
        dispatch_id,
        kind: 'canvas',
        id: 'welcome',
        external_user_id: 'a',
        properties: { cart: 1, name: 'Ann' },
      },
      {
        dispatch_id,
        external_user_id: 'b',
        user_alias: { alias_name: 'bee', alias_label: 'nick' },
        properties: { cart: 1, name: 'all' },
      },
    ])
  })

  test('each call starts again; the same id twice in one call starts once, with the last entry', async () => {
    await using braze = await workspace()
    await canvas(braze, {
      recipients: [
        { external_user_id: 'a', context: { n: 1 } },
        { external_user_id: 'a', context: { n: 2 } },
      ],
    })
    await canvas(braze, to('a'))
    expect(braze.sandbox.inspect().sends.map((send) => send.properties)).toEqual([{ n: 2 }, {}])
  })

  test('an unknown user is passed over in silence, or made with send_to_existing_only false', async () => {
    await using braze = await workspace()
    expect((await canvas(braze, to('nobody', 'a'))).body).toMatchObject({ message: 'success' })
    await canvas(braze, {
      recipients: [{ external_user_id: 'new', send_to_existing_only: false, attributes: { tier: 'tin' } }],
    })
    expect(people(braze)).toEqual(['a', 'new'])
    expect(braze.profile('new')?.custom_attributes).toEqual({ tier: 'tin' })
    expect(braze.sandbox.inspect().unsent).toMatchObject([
      { recipient: { external_user_id: 'nobody' }, because: 'unknown-user' },
    ])
  })

  test.each([
    ['paused', 'The Canvas is paused. Resume the Canvas to ensure trigger requests will take effect.'],
    ['archived', 'The Canvas is archived. Unarchive the Canvas to ensure trigger requests will take effect.'],
  ])('a Canvas that is %s answers 201 with a notice and starts nobody', async (id, notice) => {
    await using braze = await workspace()
    expect(await canvas(braze, { canvas_id: id, ...to('a') })).toMatchObject({
      status: 201,
      body: { message: 'success', notice },
    })
    expect(braze.sandbox.inspect()).toMatchObject({ sends: [], unsent: [{ because: 'not-live' }] })
  })

  test.each([
    ['an unknown Canvas', { canvas_id: 'none', ...to('a') }],
    ['one that is not API-triggered', { canvas_id: 'action', ...to('a') }],
    ['no recipients', {}],
    ['an empty list', { recipients: [] }],
    ['broadcast with recipients', { broadcast: true, ...to('a') }],
    [
      'two identifiers',
      { recipients: [{ external_user_id: 'a', user_alias: { alias_name: 'bee', alias_label: 'nick' } }] },
    ],
    ['an e-mail without prioritization', { recipients: [{ email: 'a@x.test' }] }],
    [
      'send_to_existing_only false without attributes',
      { recipients: [{ external_user_id: 'z', send_to_existing_only: false }] },
    ],
    [
      'send_to_existing_only false with an alias',
      {
        recipients: [
          {
            user_alias: { alias_name: 'z', alias_label: 'nick' },
            send_to_existing_only: false,
            attributes: {},
          },
        ],
      },
    ],
    ['a context that is text', { context: 'x', ...to('a') }],
    ['a context of more than 50 KB', { context: { text: 'x'.repeat(50_000) }, ...to('a') }],
    [
      'an audience off the grammar',
      { audience: { custom_attribute: { custom_attribute_name: 'tier', comparison: 'is', value: 1 } } },
    ],
  ])('refuses %s', async (_what, body) => {
    await using braze = await workspace()
    expect((await canvas(braze, body)).status).toBe(400)
    expect(braze.sandbox.inspect().sends).toEqual([])
  })

  test('50 recipients, 51 are refused', async () => {
    await using braze = await workspace()
    const many = (count: number) => to(...Array.from({ length: count }, (_, n) => `u${n}`))
    expect((await canvas(braze, many(50))).status).toBe(201)
    expect((await canvas(braze, many(51))).body).toEqual({
      message: 'The max number of external_ids and aliases per request was exceeded',
    })
  })

  test('named people must be in the dashboard’s audience', async () => {
    await using braze = await workspace()
    await canvas(braze, { canvas_id: 'narrow', ...to('a', 'b') })
    await canvas(braze, { canvas_id: 'narrow', broadcast: true })
    expect(people(braze)).toEqual(['a', 'a'])
  })

  test('a connected audience narrows', async () => {
    await using braze = await workspace()
    const attribute = (custom_attribute_name: string, comparison: string, value?: unknown) => ({
      custom_attribute: { custom_attribute_name, comparison, value },
    })
    await canvas(braze, {
      audience: {
        AND: [
          attribute('tier', 'equals', 'gold'),
          { OR: [attribute('points', 'greater_than', 6), attribute('x', 'exists')] },
        ],
      },
    })
    await canvas(braze, {
      audience: { email_subscription_status: { comparison: 'is', value: 'unsubscribed' } },
    })
    await canvas(braze, { audience: attribute('tier', 'matches_regex', '^s') })
    expect(people(braze)).toEqual(['a', 'b'])
  })

  test('the old name of the context counts only where the account says so', async () => {
    await using braze = await workspace()
    await canvas(braze, { canvas_entry_properties: { n: 1 }, ...to('a') })
    expect(braze.sandbox.inspect()).toMatchObject({
      sends: [{ properties: {} }],
      ignored_fields: { 'POST /canvas/trigger/send': ['canvas_entry_properties'] },
    })
    braze.sandbox.configure({ legacyCanvasProperties: true })
    await canvas(braze, { canvas_entry_properties: { n: 1 }, ...to('a') })
    expect(braze.sandbox.inspect().sends[1]?.properties).toEqual({ n: 1 })
  })

  test('list and details', async () => {
    await using braze = await workspace()
    expect(((await braze.get('/canvas/list')).body['canvases'] as object[]).length).toBe(4)
    expect(
      ((await braze.get('/canvas/list?include_archived=true')).body['canvases'] as object[]).length,
    ).toBe(5)
    expect((await braze.get('/canvas/details?canvas_id=paused')).body).toMatchObject({
      name: 'Paused',
      enabled: false,
      archived: false,
      variants: [],
      steps: [],
    })
    expect((await braze.get('/canvas/details?canvas_id=none')).status).toBe(400)
  })
})

describe('campaigns/trigger/send', () => {
  const campaign = (braze: TestClient, body: object) =>
    braze.post('/campaigns/trigger/send', { campaign_id: 'news', ...body })

  test('goes to those the channel reaches', async () => {
    await using braze = await workspace()
    await campaign(braze, { trigger_properties: { n: 1 }, ...to('a', 'b', 'c') })
    const state = braze.sandbox.inspect()
    expect(state.sends).toMatchObject([
      { kind: 'campaign', external_user_id: 'a', channels: ['email'], properties: { n: 1 } },
    ])
    expect(state.unsent.map((send) => send.because)).toEqual(['not-reachable', 'not-reachable'])
  })

  test.each([['none'], ['api']])('%s is no campaign to trigger', async (campaign_id) => {
    await using braze = await workspace()
    expect((await campaign(braze, { campaign_id, ...to('a') })).body).toEqual({
      message: 'Invalid Campaign ID',
    })
  })

  test('a paused one gives a notice, or is refused, as the account says', async () => {
    await using braze = await workspace()
    expect(await campaign(braze, { campaign_id: 'paused', ...to('a') })).toMatchObject({
      status: 201,
      body: { notice: expect.stringContaining('paused') as string },
    })
    braze.sandbox.configure({ pausedCampaign: 'refuse' })
    expect((await campaign(braze, { campaign_id: 'paused', ...to('a') })).status).toBe(400)
  })

  test('list shows what was edited since', async () => {
    await using braze = await workspace()
    braze.sandbox.seed({ campaigns: [{ id: 'new', name: 'New', last_edited: '2999-01-01T00:00:00Z' }] })
    const { body } = await braze.get(`/campaigns/list?last_edit.time[gt]=2900-01-01`)
    expect(body['campaigns']).toEqual([
      { id: 'new', name: 'New', last_edited: '2999-01-01T00:00:00Z', tags: [], is_api_campaign: false },
    ])
    expect((await braze.get('/campaigns/details?campaign_id=receipt')).body).toMatchObject({
      name: 'Receipt',
      enabled: true,
      messages: {},
    })
  })
})

describe('messages/send', () => {
  const email = { email: { app_id: 'app', from: 'A <a@x.test>', subject: 'Hi', body: '<p>Hi</p>' } }
  const send = (braze: TestClient, body: object) => braze.post('/messages/send', { messages: email, ...body })

  test('to existing people who have not said no, with what was sent', async () => {
    await using braze = await workspace()
    expect((await send(braze, { external_user_ids: ['a', 'b', 'nobody'] })).status).toBe(201)
    await send(braze, { external_user_ids: ['b'], recipient_subscription_state: 'all' })
    const state = braze.sandbox.inspect()
    expect(state.sends).toMatchObject([
      { kind: 'message', external_user_id: 'a', channels: ['email'], messages: email },
      { external_user_id: 'b' },
    ])
    expect(state.unsent.map((entry) => entry.because)).toEqual(['not-reachable', 'unknown-user'])
  })

  test('a segment and named people together are those in both', async () => {
    await using braze = await workspace()
    await send(braze, { segment_id: 'only-a' })
    await send(braze, { segment_id: 'only-a', external_user_ids: ['a', 'b'] })
    expect(people(braze)).toEqual(['a', 'a'])
  })

  test.each([
    ['nobody', { external_user_ids: undefined }, 'No Recipients'],
    [
      '51 people',
      { external_user_ids: Array.from({ length: 51 }, (_, n) => `u${n}`) },
      'The max number of external_ids and aliases per request was exceeded',
    ],
    ['no message', { external_user_ids: ['a'], messages: {} }, 'No message to send'],
    ['an unknown campaign', { external_user_ids: ['a'], campaign_id: 'none' }, 'Invalid Campaign ID'],
    [
      'an e-mail without app',
      { external_user_ids: ['a'], messages: { email: { from: 'x', subject: 's', body: 'b' } } },
      "'app_id' is required in 'email'",
    ],
    [
      'an unknown channel',
      { external_user_ids: ['a'], messages: { fax: {} } },
      "'fax' is not a known channel",
    ],
  ])('refuses %s', async (_what, body, message) => {
    await using braze = await workspace()
    expect(await send(braze, body)).toMatchObject({ status: 400, body: { message } })
  })
})

describe('send ids and transactional messages', () => {
  test('a send id has up to 64 ASCII characters; 100 a day', async () => {
    await using braze = await workspace()
    const create = (send_id?: string) => braze.post('/sends/id/create', { campaign_id: 'news', send_id })
    expect((await create('s'.repeat(64))).body).toEqual({ message: 'success', send_id: 's'.repeat(64) })
    expect((await create('s'.repeat(65))).status).toBe(400)
    expect((await create('é')).status).toBe(400)
    for (let made = 3; made < 100; made++) expect((await create()).status).toBe(201)
    expect((await create()).status).toBe(429)
    braze.sandbox.clock.advance(86_400_000)
    expect((await create()).status).toBe(201)
  })

  test('an external_send_id sends once in 24 hours', async () => {
    await using braze = await workspace()
    const send = () =>
      braze.post('/transactional/v1/campaigns/receipt/send', {
        external_send_id: 'order-1',
        recipient: { external_user_id: 'a' },
      })
    const [first, second] = [await send(), await send()]
    expect(first).toMatchObject({
      status: 201,
      body: { status: 'sent', metadata: { external_send_id: 'order-1', campaign_api_id: 'receipt' } },
    })
    expect(second.body).toEqual(first.body)
    expect(people(braze)).toEqual(['a'])
    braze.sandbox.clock.advance(86_400_000)
    await send()
    expect(people(braze)).toEqual(['a', 'a'])
  })

  test.each([
    ['none', {}, 'Campaign does not exist'],
    [
      'news',
      {},
      'The campaign is not a transactional campaign. Only transactional campaigns may use this endpoint',
    ],
    ['receipt', { external_send_id: 'a b' }, "'external_send_id' is not valid"],
    ['receipt', { recipient: [{ external_user_id: 'a' }] }, "'recipient' must be an object"],
  ])('refuses %s %j', async (id, change, message) => {
    await using braze = await workspace()
    const reply = await braze.post(`/transactional/v1/campaigns/${id}/send`, {
      recipient: { external_user_id: 'a' },
      ...change,
    })
    expect(reply).toMatchObject({ status: 400, body: { message } })
  })
})
