import { describe, expect, test } from 'vitest'
import { answers } from '../fixtures/answers.ts'
import { openBraze, profileOf, startOf } from '../fixtures/open-sandbox.ts'

const canvas = { kind: 'canvas', id: 'canvas-1' } as const
const campaign = { kind: 'campaign', id: 'campaign-1' } as const
const paths = { canvas: '/canvas/trigger/send', campaign: '/campaigns/trigger/send' } as const
const people = (count: number) => Array.from({ length: count }, (_, index) => ({ external_id: `u${index}` }))
const open = (options = {}, account = {}) =>
  openBraze(options, {
    account,
    seed: {
      canvases: [
        { id: 'canvas-1', name: 'Welcome' },
        { id: 'canvas-2', name: 'Other' },
        { id: 'paused', name: 'Paused', enabled: false },
      ],
      campaigns: [
        { id: 'campaign-1', name: 'Hello' },
        { id: 'paused', name: 'Paused', enabled: false },
      ],
      profiles: people(60),
    },
  })
type Body = { readonly recipients: readonly object[] }

describe('packing', () => {
  test.each([
    [49, [49]],
    [50, [50]],
    [51, [50, 1]],
  ])('%d people leave in requests of %j', async (count, sizes) => {
    const { braze, bodies, sandbox } = await open()
    const report = await braze.start(people(count).map(({ external_id }) => startOf(external_id, canvas)))
    expect(report.results.every(({ outcome }) => outcome.status === 'sent')).toBe(true)
    expect((bodies(paths.canvas) as readonly Body[]).map(({ recipients }) => recipients.length)).toEqual(
      sizes,
    )
    sandbox.clock.advance(1_000)
    expect(sandbox.inspect().sends).toHaveLength(count)
  })

  test('the same person twice is two requests: of two in one Braze keeps the last', async () => {
    const { braze, bodies, sandbox } = await open()
    const items = [
      startOf('u1', canvas, { n: 1 }),
      startOf('u2', canvas),
      startOf('u1', canvas, { n: 2 }, { key: 'again' }),
    ]
    const report = await braze.start(items)
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'sent', 'sent'])
    expect(bodies(paths.canvas)).toHaveLength(2)
    sandbox.clock.advance(1_000)
    const sends = sandbox.inspect().sends.filter(({ external_user_id }) => external_user_id === 'u1')
    expect(sends.map(({ properties }) => properties)).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('… by an alias, too, whatever the data', async () => {
    const { braze, bodies } = await open()
    const who = { anonymousId: 'a1' }
    await braze.start([
      startOf('a1', canvas, { n: 1 }, { who }),
      startOf('a1', canvas, { n: 2 }, { who, key: 'again' }),
    ])
    expect(bodies(paths.canvas)).toHaveLength(2)
  })

  test('two Canvases never share a request', async () => {
    const { braze, bodies } = await open()
    await braze.start([
      startOf('u1', canvas),
      startOf('u2', { kind: 'canvas', id: 'canvas-2' }),
      startOf('u3', canvas),
    ])
    const ids = bodies(paths.canvas).map((body) => body['canvas_id'])
    expect(ids).toHaveLength(2)
    expect(new Set(ids)).toEqual(new Set(['canvas-1', 'canvas-2']))
  })
})

describe('what is sent', () => {
  test('data is `context` of a Canvas and `trigger_properties` of a campaign', async () => {
    const { braze, bodies, sandbox } = await open()
    await braze.start([
      startOf('u1', canvas, { a: 1 }),
      startOf('u2', campaign, { b: 'two' }),
      startOf('u3', campaign),
    ])
    expect(bodies(paths.canvas)).toEqual([
      { canvas_id: 'canvas-1', recipients: [{ external_user_id: 'u1', context: { a: 1 } }] },
    ])
    expect(bodies(paths.campaign)).toEqual([
      {
        campaign_id: 'campaign-1',
        recipients: [
          { external_user_id: 'u2', trigger_properties: { b: 'two' } },
          { external_user_id: 'u3' },
        ],
      },
    ])
    sandbox.clock.advance(1_000)
    expect(sandbox.inspect().sends.map(({ properties }) => properties)).toEqual([{ a: 1 }, { b: 'two' }, {}])
    expect(sandbox.inspect().ignored_fields).toEqual({})
  })

  test('someone anonymous is named by the alias, and gets it', async () => {
    const { braze, bodies, sandbox } = await open({ aliasLabel: 'device' })
    const who = { anonymousId: 'a1' }
    await braze.deliver([profileOf('a1', { plan: 'pro' }, { who })])
    sandbox.clock.advance(1_000)
    await braze.start([startOf('a1', canvas, undefined, { who })])
    expect(bodies(paths.canvas)).toEqual([
      { canvas_id: 'canvas-1', recipients: [{ user_alias: { alias_name: 'a1', alias_label: 'device' } }] },
    ])
    sandbox.clock.advance(1_000)
    expect(sandbox.inspect().sends).toMatchObject([
      { user_alias: { alias_name: 'a1', alias_label: 'device' } },
    ])
  })

  test('an event that a Canvas listens to goes as an event, with the app', async () => {
    const { braze, bodies, sandbox } = await open({ appId: 'app-1' })
    const report = await braze.start([startOf('u1', { kind: 'event', id: 'Trial Ended' }, { plan: 'pro' })])
    expect(report.results[0]?.outcome).toMatchObject({ status: 'sent' })
    expect(bodies('/users/track')).toMatchObject([
      { events: [{ external_id: 'u1', app_id: 'app-1', name: 'Trial Ended', properties: { plan: 'pro' } }] },
    ])
    expect(sandbox.inspect().sends).toEqual([])
  })

  test('a start carries the id of its dispatch', async () => {
    const { braze, sandbox } = await open()
    const report = await braze.start([startOf('u1', canvas)])
    sandbox.clock.advance(1_000)
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'sent',
      vendorId: sandbox.inspect().sends[0]?.dispatch_id,
    })
  })
})

describe('what is not sent', () => {
  test.each([canvas, campaign])('a paused $kind sends nothing although it answers 201', async ({ kind }) => {
    const { braze } = await open()
    const report = await braze.start([
      startOf('u1', { kind, id: 'paused' }),
      startOf('u2', { kind, id: `${kind}-1` }),
    ])
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['dead', 'sent'])
    const { outcome } = report.results[0] ?? {}
    expect(outcome).toMatchObject({ fault: { code: 'not-live', status: 201 } })
    expect(outcome && 'fault' in outcome ? outcome.fault.message : '').toContain('paused')
  })

  test('the words of the notice are told', () => expect(answers.paused.body.notice).toContain('paused'))

  test('an id that Braze does not know: dead, without stopping the rest', async () => {
    const { braze } = await open()
    const report = await braze.start([
      startOf('u1', { kind: 'campaign', id: 'gone' }),
      startOf('u2', campaign),
    ])
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['dead', 'sent'])
    expect(report.results[0]?.outcome).toMatchObject({
      fault: { code: 'invalid', message: 'Invalid Campaign ID' },
    })
  })

  test('what Braze cannot start, and who cannot be named, never leave', async () => {
    const { braze, routes } = await open()
    const report = await braze.start([
      startOf('u1', { kind: 'message', id: 'm' }),
      startOf('u1', canvas, undefined, { who: { email: 'ada@example.com' } }),
      startOf('u1', canvas, undefined, { who: { userId: 'u'.repeat(988) } }),
    ])
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['skipped', 'dead', 'dead'])
    expect(routes()).toEqual([])
  })
})

describe('lost answers', () => {
  test.each(['reset-before', 'reset-after', 'hang-after'] as const)(
    '%s: unknown, and not sent again',
    async (kind) => {
      const { braze, sandbox, bodies } = await open()
      sandbox.chaos({ script: [{ kind }] })
      const report = await braze.start([startOf('u1', canvas)])
      expect(report.results[0]?.outcome.status).toBe('unknown')
      expect(bodies(paths.canvas)).toHaveLength(1)
    },
  )

  test('… unless the call says so: then perhaps twice', async () => {
    const { braze, sandbox } = await open()
    sandbox.chaos({ script: [{ kind: 'reset-after' }] })
    const report = await braze.start([startOf('u1', canvas)], { onUnknown: 'repeat' })
    expect(report.results[0]?.outcome).toMatchObject({ status: 'sent', maybeTwice: true })
    sandbox.clock.advance(1_000)
    expect(sandbox.inspect().sends).toHaveLength(2)
  })

  test('a full budget is waited out, nobody is started twice', async () => {
    const { braze, sandbox } = await open()
    sandbox.chaos({ script: [{ kind: 'rate-limited' }] })
    const report = await braze.start([startOf('u1', canvas)])
    expect(report.results[0]?.outcome).not.toHaveProperty('maybeTwice')
    expect(report.results[0]?.outcome.status).toBe('sent')
    sandbox.clock.advance(1_000)
    expect(sandbox.inspect().sends).toHaveLength(1)
  })
})
