import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Braze } from 'braze-api'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { openBraze, type TestClient } from './test-client.ts'

/** The community client, https://www.npmjs.com/package/braze-api (2.13.4), as a judge of the simulator's shapes. */
const clientOf = (braze: TestClient, key = 'braze-sandbox-key'): Braze => new Braze(braze.sandbox.url, key)
const time = '2026-01-02T03:04:05.000Z'
const alias = { alias_name: 'a', alias_label: 'anonymous' }
const failure = (
  call: Promise<unknown>,
): Promise<Error & { status?: number; errors?: unknown; type?: string; code?: string }> =>
  call.then(
    () => {
      throw new Error('the call should have failed')
    },
    (error: unknown) => error as Error,
  )

describe('braze-api drives the simulator', () => {
  test('users: track, alias, identify, export, merge, rename, delete', async () => {
    await using braze = await openBraze()
    const { users } = clientOf(braze)
    const tracked = await users.track({
      attributes: [{ external_id: 'u', email: 'u@x.test', plan: 'pro' }],
      events: [{ external_id: 'u', name: 'seen', time, properties: { page: 1 } }],
      purchases: [{ external_id: 'u', product_id: 'p', currency: 'EUR', price: 2.5, quantity: 2, time }],
    })
    expect(tracked).toEqual({
      message: 'success',
      attributes_processed: 1,
      events_processed: 1,
      purchases_processed: 1,
    })
    await users.alias.new({ user_aliases: [alias] })
    await users.identify({ aliases_to_identify: [{ external_id: 'u', user_alias: alias }] })
    await users.alias.update({
      alias_updates: [{ alias_label: 'anonymous', old_alias_name: 'a', new_alias_name: 'b' }],
    })
    braze.settle()
    const read = await users.export.ids({
      external_ids: ['u', 'none'],
      fields_to_export: [
        'external_id',
        'email',
        'custom_attributes',
        'custom_events',
        'purchases',
        'total_revenue',
        'user_aliases',
      ],
    })
    const tally = { first: time, last: time }
    expect(read).toEqual({
      message: 'success',
      invalid_user_ids: ['none'],
      users: [
        {
          external_id: 'u',
          email: 'u@x.test',
          custom_attributes: { plan: 'pro' },
          custom_events: [{ name: 'seen', count: 1, ...tally }],
          purchases: [{ name: 'p', count: 2, ...tally }],
          total_revenue: 5,
          user_aliases: [{ ...alias, alias_name: 'b' }],
        },
      ],
    })
    await users.track({ attributes: [{ external_id: 'twin', city: 'Rome' }] })
    braze.settle()
    await users.merge({
      merge_updates: [
        { identifier_to_merge: { external_id: 'twin' }, identifier_to_keep: { external_id: 'u' } },
      ],
    })
    // A rename is done at once, a merge a little later: without the wait it would find nobody.
    braze.settle()
    expect(
      await users.external_ids.rename({
        external_id_renames: [{ current_external_id: 'u', new_external_id: 'v' }],
      }),
    ).toMatchObject({ external_ids: ['v'] })
    expect(await users.external_ids.remove({ external_ids: ['u'] })).toMatchObject({ removed_ids: ['u'] })
    expect(braze.profile('v')?.custom_attributes).toEqual({ plan: 'pro', city: 'Rome' })
    expect(await users.delete({ external_ids: ['v'] })).toMatchObject({ deleted: 1 })
  })

  test('segments, and an export of one', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({
      segments: [{ id: 's', name: 'S', members: ['u'], analytics_tracking_enabled: true }],
      profiles: [{ external_id: 'u' }],
    })
    const { segments, users } = clientOf(braze)
    expect(await segments.list()).toMatchObject({
      segments: [{ id: 's', name: 'S', analytics_tracking_enabled: true, tags: [] }],
    })
    expect(await segments.details({ segment_id: 's' })).toMatchObject({
      name: 'S',
      description: 'In a list of 1 users',
    })
    expect(await segments.analytics({ segment_id: 's', length: 1 })).toMatchObject({ data: [{ size: 1 }] })
    const { url } = await users.export.segment({ segment_id: 's', fields_to_export: ['external_id'] })
    braze.sandbox.clock.advance(60_000)
    const files = unzipSync(new Uint8Array(await (await fetch(url ?? '')).arrayBuffer()))
    expect(Object.values(files).map((file) => strFromU8(file))).toEqual(['{"external_id":"u"}\n'])
  })

  test('campaigns, Canvases, messages, send ids', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({
      campaigns: [{ id: 'k', name: 'K' }],
      canvases: [{ id: 'c', name: 'C' }],
      profiles: [{ external_id: 'u', user_aliases: [alias] }],
    })
    const client = clientOf(braze)
    expect(await client.campaigns.list()).toMatchObject({ campaigns: [{ id: 'k' }] })
    expect(await client.campaigns.details({ campaign_id: 'k' })).toMatchObject({ name: 'K' })
    expect(await client.canvas.list()).toMatchObject({ canvases: [{ id: 'c' }] })
    const results = [
      await client.campaigns.trigger.send({
        campaign_id: 'k',
        recipients: [{ external_user_id: 'u', trigger_properties: { n: 1 } }],
      }),
      await client.canvas.trigger.send({ canvas_id: 'c', recipients: [{ user_alias: alias }] }),
      await client.messages.send({
        external_user_ids: ['u'],
        messages: { webhook: { url: 'https://x.test', request_method: 'POST', body: '' } },
      }),
    ]
    expect(results).toMatchObject(
      results.map(() => ({ message: 'success', dispatch_id: expect.any(String) as string })),
    )
    expect(await client.sends.id.create({ campaign_id: 'k', send_id: 's' })).toMatchObject({ send_id: 's' })
    expect(braze.sandbox.inspect().sends.map((send) => send.kind)).toEqual(['campaign', 'canvas', 'message'])
  })

  test('subscription groups, v1 and v2', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({
      subscription_groups: [{ id: 'g', name: 'G', channel: 'email' }],
      profiles: [{ external_id: 'u' }, { external_id: 'v' }],
    })
    const client = clientOf(braze)
    await client.v2.subscription.status.set({
      subscription_groups: [
        { subscription_group_id: 'g', subscription_state: 'subscribed', external_ids: ['u', 'v'] },
      ],
    })
    braze.settle()
    expect(
      await client.subscription.status.get({ subscription_group_id: 'g', external_id: ['u', 'v'] }),
    ).toEqual({ message: 'success', status: { u: 'Subscribed', v: 'Subscribed' } })
  })
})

describe('defects of braze-api for which adapters call Braze themselves', () => {
  test('a 429 loses its headers: nothing says how long to wait', async () => {
    await using braze = await openBraze({
      account: { rateLimits: { track: { max: 0, perMs: 3_000, window: 'fixed' } } },
    })
    const error = await failure(
      clientOf(braze).users.track({ events: [{ external_id: 'u', name: 'seen', time }] }),
    )
    expect(Object.keys(error).sort()).toEqual(['errors', 'status'])
    expect([error.status, error.message]).toEqual([429, 'Rate Limited'])
  })

  test('it does not retry', async () => {
    await using braze = await openBraze()
    braze.sandbox.chaos({ script: [{ kind: 'rate-limited' }] })
    await failure(clientOf(braze).users.track({ events: [{ external_id: 'u', name: 'seen', time }] }))
    expect(braze.sandbox.requests()).toHaveLength(1)
  })

  test('an HTML error page loses its status', async () => {
    await using braze = await openBraze()
    braze.sandbox.chaos({ script: [{ kind: 'server-error' }] })
    const error = await failure(
      clientOf(braze).users.track({ events: [{ external_id: 'u', name: 'seen', time }] }),
    )
    expect([error.type, error.status]).toEqual(['invalid-json', undefined])
  })

  test('its error class is not exported and calls itself Error', async () => {
    await using braze = await openBraze()
    const error = await failure(clientOf(braze, 'other').segments.list())
    expect([error.name, error.constructor.name, error.status]).toEqual(['Error', 'ResponseError', 401])
    expect(Object.keys(await import('braze-api'))).not.toContain('ResponseError')
  })

  test('errors of single objects, a paused Canvas and a failed 2xx all look like success', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({ canvases: [{ id: 'c', name: 'C', enabled: false }] })
    const client = clientOf(braze)
    const tracked = await client.users.track({
      events: [
        { external_id: 'u', name: 'seen', time },
        { name: 'seen', time },
      ],
    })
    expect(tracked).toMatchObject({ message: 'success', errors: [{ index: 1 }] })
    const started = await client.canvas.trigger.send({
      canvas_id: 'c',
      recipients: [{ external_user_id: 'u' }],
    })
    expect(started).toMatchObject({ message: 'success', notice: expect.stringContaining('paused') as string })
    braze.sandbox.chaos({ script: [{ kind: 'silent' }] })
    expect(
      await client.users.track({ events: [{ external_id: 'u', name: 'seen', time }] }),
    ).not.toMatchObject({ message: 'success' })
  })

  test('a slash at the end of the URL makes a path that Braze does not have', async () => {
    await using braze = await openBraze()
    const error = await failure(new Braze(`${braze.sandbox.url}/`, 'braze-sandbox-key').segments.list())
    expect(error.status).toBe(404)
  })

  test('there are no calls for bulk and sync, Canvas details, catalogues of events and attributes, e-mail states', async () => {
    await using braze = await openBraze()
    const client = clientOf(braze)
    expect([
      Object.keys(client.users).sort(),
      Object.keys(client.canvas).sort(),
      Object.keys(client.email).sort(),
    ]).toEqual([
      ['alias', 'delete', 'export', 'external_ids', 'identify', 'merge', 'track'],
      ['list', 'trigger'],
      ['blacklist', 'bounce', 'spam'],
    ])
    expect(client).not.toHaveProperty('custom_attributes')
  })

  test('a transactional recipient is typed as a list, which Braze refuses', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({
      campaigns: [{ id: 't', name: 'T', kind: 'transactional' }],
      profiles: [{ external_id: 'u', standard: { email: 'u@x.test' } }],
    })
    const { campaigns } = clientOf(braze).transactional.v1
    expect((await failure(campaigns.send('t', { recipient: [{ external_user_id: 'u' }] }))).status).toBe(400)
    // What the endpoint takes does not fit the client's type.
    const one: unknown = { recipient: { external_user_id: 'u' } }
    expect(await campaigns.send('t', one as Parameters<typeof campaigns.send>[1])).toMatchObject({
      status: 'sent',
    })
  })

  test('it names itself node-fetch, and a User-Agent cannot be set', async () => {
    const agents: (string | undefined)[] = []
    const server = createServer((request, response) => {
      agents.push(request.headers['user-agent'])
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"message":"success","segments":[]}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await new Braze(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'key').segments.list()
    expect(agents).toEqual([expect.stringMatching(/^node-fetch\/1\.0/)])
    expect(Braze.length).toBe(2)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  test('it never gives up on a server that does not answer', async () => {
    await using braze = await openBraze()
    braze.sandbox.chaos({ script: [{ kind: 'hang-before' }] })
    const error = await failure(clientOf(braze).segments.list())
    // Three minutes of sandbox time, until the sandbox itself cuts the connection.
    expect([error.type, error.code]).toEqual(['system', 'ECONNRESET'])
    expect(braze.sandbox.requests()).toMatchObject([{ fault: 'hang-before', status: 0 }])
  })
})
