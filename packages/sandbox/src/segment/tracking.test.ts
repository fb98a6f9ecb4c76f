import { fc, test as fcTest } from '@fast-check/vitest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../core/index.ts'
import {
  type SegmentAccount,
  segmentDefaults,
  type SegmentSeed,
  type SegmentState,
  startSegmentSandbox,
} from './index.ts'
import { correctTimes } from './timestamps.ts'

let sandbox: Sandbox<SegmentAccount, SegmentSeed, SegmentState>
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

const basic = (key: string = segmentDefaults.writeKey): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
})
function post(path: string, body: unknown, headers: Record<string, string> = basic()): Promise<Response> {
  return fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    redirect: 'manual',
  })
}
const track = (messageId: string, more: object = {}): Record<string, unknown> => ({
  type: 'track',
  userId: 'u1',
  event: 'Order Completed',
  messageId,
  ...more,
})
const codes = (): string[] => sandbox.inspect().rejected.map(({ code }) => code)

describe('who is let in', () => {
  test('Basic, the key in the body, and both for each source', async () => {
    await post('/v1/track', track('a'))
    await post('/v1/track', { ...track('b'), writeKey: segmentDefaults.secondWriteKey }, {})
    expect(sandbox.inspect().messages.map(({ messageId, sourceId }) => [messageId, sourceId])).toEqual([
      ['a', 'src_sandbox'],
      ['b', 'src_sandbox_2'],
    ])
  })

  test('an unknown key is answered 200 and lost, or 401 when the account says so', async () => {
    const lost = await post('/v1/track', track('a'), basic('nobody'))
    expect([lost.status, await lost.json()]).toEqual([200, { success: true }])
    expect(codes()).toEqual(['project_not_found'])
    sandbox.configure({ unknownWriteKey: 'refused' })
    expect((await post('/v1/track', track('a'), basic('nobody'))).status).toBe(401)
    expect(sandbox.inspect().messages).toEqual([])
  })

  test('Basic credentials need their colon', async () => {
    const authorization = `Basic ${Buffer.from(segmentDefaults.writeKey).toString('base64')}`
    await post('/v1/track', track('a'), { authorization })
    expect(codes()).toEqual(['project_not_found'])
  })

  test('an unknown Bearer token is 401; a source that asks for OAuth refuses Basic', async () => {
    expect(
      (
        await post(
          '/v1/track',
          { ...track('a'), writeKey: segmentDefaults.writeKey },
          { authorization: 'Bearer x' },
        )
      ).status,
    ).toBe(401)
    const [first] = sandbox.inspect().sources
    if (!first) throw new Error('no source')
    sandbox.seed({ sources: [{ ...first, requiresOAuth: true }] })
    expect((await post('/v1/track', track('a'))).status).toBe(401)
  })
})

describe('sizes', () => {
  const padded = (bytes: number): string => {
    const empty = JSON.stringify(track('a', { properties: { text: '' } }))
    return JSON.stringify(track('a', { properties: { text: 'x'.repeat(bytes - empty.length) } }))
  }
  test('a single call may have 32 KB and not a byte more', async () => {
    expect((await post('/v1/track', padded(32_768))).status).toBe(200)
    const over = await post('/v1/track', padded(32_769))
    expect([over.status, await over.json()]).toEqual([
      400,
      { success: false, message: 'Exceed payload limit', code: 'invalid_request' },
    ])
    expect(sandbox.inspect().messages).toHaveLength(1)
  })

  test('bytes count, not characters', async () => {
    expect((await post('/v1/track', track('a', { properties: { text: '€'.repeat(11_000) } }))).status).toBe(
      400,
    )
  })

  test('a batch may have 500 KB and not a byte more', async () => {
    const item = track('a', { properties: { text: 'x'.repeat(30_000) } })
    const batch = Array.from({ length: 16 }, (_, index) => ({ ...item, messageId: `m${index}` }))
    const empty = JSON.stringify({ batch, pad: '' }).length
    expect((await post('/v1/batch', { batch, pad: 'y'.repeat(512_000 - empty) })).status).toBe(200)
    expect((await post('/v1/batch', { batch, pad: 'y'.repeat(512_001 - empty) })).status).toBe(400)
  })

  test('one item over 32 KB refuses the whole batch, or only itself when the account says so', async () => {
    const batch = [track('a'), track('b', { properties: { text: 'x'.repeat(33_000) } }), track('c')]
    expect((await post('/v1/batch', { batch })).status).toBe(400)
    expect(sandbox.inspect().messages).toEqual([])
    sandbox.configure({ oversizeItem: 'drop-item' })
    expect((await post('/v1/batch', { batch })).status).toBe(200)
    expect(sandbox.inspect().messages.map(({ messageId }) => messageId)).toEqual(['a', 'c'])
    expect(codes()).toEqual(['multi_user_error'])
  })

  test('2,500 messages fit; the 2,501st is rejected although the answer is 200', async () => {
    const batch = Array.from({ length: 2_501 }, (_, index) => track(`m${index}`))
    const reply = await post('/v1/batch', { batch })
    const { messages, rejected } = sandbox.inspect()
    expect([reply.status, messages.length]).toEqual([200, 2_500])
    expect(rejected).toEqual([
      expect.objectContaining({ code: 'multi_user_error', index: 2_500, messageId: 'm2500' }),
    ])
  })

  test('bad JSON, a body that is no object, and another content type are 400', async () => {
    const bad = await post('/v1/batch', '{"batch":')
    expect([bad.status, await bad.json()]).toEqual([
      400,
      { success: false, message: 'malformed JSON', code: 'invalid_request' },
    ])
    expect((await post('/v1/track', '[]')).status).toBe(400)
    expect((await post('/v1/track', track('a'), { ...basic(), 'content-type': 'text/plain' })).status).toBe(
      400,
    )
  })
})

describe('200 does not mean accepted', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['no_user_anon_id', { type: 'track', event: 'E' }],
    ['no_user_anon_id', { type: 'identify', userId: '', anonymousId: null }],
    ['id_not_string', { type: 'track', event: 'E', userId: 12 }],
    ['event_not_defined', { type: 'track', userId: 'u' }],
    ['event_not_string', { type: 'track', userId: 'u', event: 5 }],
    ['properties_not_object', { type: 'track', userId: 'u', event: 'E', properties: [] }],
    ['properties_not_object', { type: 'track', userId: 'u', event: 'E', properties: null }],
    ['traits_not_object', { type: 'identify', userId: 'u', traits: 'x' }],
    ['name_not_string', { type: 'page', userId: 'u', name: '' }],
    ['category_not_string', { type: 'screen', userId: 'u', category: 3 }],
    ['id_required', { type: 'alias', userId: 'u' }],
    ['multi_user_error', { type: 'purchase', userId: 'u' }],
    ['multi_user_error', { userId: 'u' }],
    ['consent_categorypreferences_should_exist', consent({})],
    ['consent_categorypreferences_fields_should_be_object', consent({ categoryPreferences: [] })],
    ['consent_categorypreferences_fields_should_be_bool', consent({ categoryPreferences: { ads: 'yes' } })],
    ['consent_version_should_be_number', consent({ categoryPreferences: {}, version: '1' })],
  ]
  test.each(cases)('%s', async (code, item) => {
    const reply = await post('/v1/batch', { batch: [item, track('good')] })
    expect([reply.status, await reply.json()]).toEqual([200, { success: true }])
    expect(codes()).toEqual([code])
    expect(sandbox.inspect().messages.map(({ messageId }) => messageId)).toEqual(['good'])
  })

  test('an empty batch, a batch of nothing known, a disabled source, a locked workspace', async () => {
    await post('/v1/batch', { batch: [] })
    await post('/v1/batch', { batch: ['text', { userId: 'u' }] })
    const [first] = sandbox.inspect().sources
    if (!first) throw new Error('no source')
    sandbox.seed({ sources: [{ ...first, enabled: false }] })
    await post('/v1/batch', { batch: [track('a')] })
    sandbox.configure({ locked: true })
    await post('/v1/batch', { batch: [track('a')] })
    expect(codes()).toEqual([
      'empty_batch',
      'empty_batch_result',
      'empty_batch_result',
      'source_disabled',
      'locked_workspace',
    ])
  })

  test('a consent event without anonymousId is rejected only where the account says so', async () => {
    const item = { ...consent({ categoryPreferences: { ads: true } }), messageId: 'x' }
    sandbox.configure({ consentNeedsAnonymousId: true })
    await post('/v1/batch', { batch: [item] })
    sandbox.configure({ consentNeedsAnonymousId: false })
    await post('/v1/batch', { batch: [item] })
    expect(codes()).toEqual(['consent_needs_anonymous_id_set'])
    expect(sandbox.inspect().messages).toHaveLength(1)
  })

  test('the wrong region: refused, or 200 and lost', async () => {
    sandbox.configure({ region: 'wrong-refused' })
    expect((await post('/v1/track', track('a'))).status).toBe(400)
    sandbox.configure({ region: 'wrong-lost' })
    expect((await post('/v1/batch', { batch: [track('a'), track('b')] })).status).toBe(200)
    expect(sandbox.inspect()).toMatchObject({ messages: [], lost: 2 })
  })
})
function consent(given: object): object {
  return {
    type: 'track',
    userId: 'u',
    event: 'Segment Consent Preference Updated',
    context: { consent: given },
  }
}

describe('de-duplication', () => {
  test('by messageId over all sources for a day, whatever the message says', async () => {
    await post('/v1/track', track('a'))
    await post('/v1/track', track('a', { event: 'Other' }), basic(segmentDefaults.secondWriteKey))
    sandbox.clock.advance(86_399_999)
    await post('/v1/track', track('a'))
    expect(sandbox.inspect().messages).toHaveLength(1)
    expect(sandbox.inspect().duplicates.map(({ sourceId }) => sourceId)).toEqual([
      'src_sandbox_2',
      'src_sandbox',
    ])
    sandbox.clock.advance(1)
    await post('/v1/track', track('a'))
    expect(sandbox.inspect().messages).toHaveLength(2)
  })

  test('a rejected message does not use up its id, and one without id gets a new one each time', async () => {
    await post('/v1/track', { ...track('a'), event: '' })
    await post('/v1/track', track('a'))
    const { messageId: _none, ...anonymous } = track('')
    await post('/v1/track', anonymous)
    await post('/v1/track', anonymous)
    expect(sandbox.inspect().messages).toHaveLength(3)
  })
})

describe('times and merged objects', () => {
  test('a sender clock ten minutes fast is corrected by sentAt', async () => {
    const now = sandbox.clock.now()
    const at = (ms: number): string => new Date(ms).toISOString()
    const batch = [track('a', { timestamp: at(now + 540_000) })]
    await post('/v1/batch', { batch, sentAt: at(now + 600_000) })
    expect(sandbox.inspect().messages[0]).toMatchObject({
      originalTimestamp: at(now + 540_000),
      sentAt: at(now + 600_000),
      receivedAt: at(now),
      timestamp: at(now - 60_000),
    })
  })

  fcTest.prop([fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -1e11, max: 1e11 }), fc.nat(1e10)])(
    'the corrected time does not depend on the sender clock',
    (receivedAtMs, skewMs, ageMs) => {
      const at = (ms: number): string => new Date(ms).toISOString()
      const plain = correctTimes(at(receivedAtMs - ageMs), at(receivedAtMs), receivedAtMs)
      const skewed = correctTimes(at(receivedAtMs - ageMs + skewMs), at(receivedAtMs + skewMs), receivedAtMs)
      expect(skewed.timestamp).toBe(plain.timestamp)
    },
  )

  test('the batch context and integrations are merged into each message, which wins', async () => {
    const batch = [
      track('a', { context: { device: { type: 'ios' }, ip: '1.1.1.1' }, integrations: { A: false } }),
    ]
    await post('/v1/batch', {
      batch,
      context: { device: { name: 'phone', type: 'android' }, locale: 'de' },
      integrations: { All: true, A: true },
    })
    expect(sandbox.inspect().messages[0]).toMatchObject({
      context: { device: { name: 'phone', type: 'ios' }, ip: '1.1.1.1', locale: 'de' },
      integrations: { All: true, A: false },
    })
  })
})

describe('other ways in', () => {
  test('single calls take their type from the path, long or one letter', async () => {
    for (const path of ['identify', 'track', 'page', 'screen', 'group', 'i', 't', 'p', 's', 'g'])
      expect(
        (await post(`/v1/${path}`, { userId: 'u', event: 'E', groupId: 'g', type: 'alias' })).status,
      ).toBe(200)
    await post('/v1/a', { userId: 'u', previousId: 'p' })
    expect(sandbox.inspect().messages.map(({ type }) => type)).toEqual([
      'identify',
      'track',
      'page',
      'screen',
      'group',
      'identify',
      'track',
      'page',
      'screen',
      'group',
      'alias',
    ])
  })

  test('the pixel always answers a gif, also for nonsense', async () => {
    const data = Buffer.from(JSON.stringify({ ...track('px'), writeKey: segmentDefaults.writeKey })).toString(
      'base64url',
    )
    const good = await fetch(`${sandbox.url}/v1/pixel/track?data=${data}`)
    const bad = await fetch(`${sandbox.url}/v1/pixel/track?data=%%%`)
    expect([good.status, good.headers.get('content-type'), bad.status]).toEqual([200, 'image/gif', 200])
    expect(sandbox.inspect().messages.map(({ messageId }) => messageId)).toEqual(['px'])
  })

  test('past the rate: 429, both headers in seconds; a second later it goes on', async () => {
    sandbox.configure({ trackingPerSecond: 2 })
    sandbox.clock.advance(1_000 - (sandbox.clock.now() % 1_000))
    const statuses = [
      await post('/v1/track', track('a')),
      await post('/v1/track', track('b')),
      await post('/v1/track', track('c')),
    ]
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(statuses[2]?.headers.get('retry-after')).toBe('1')
    expect(statuses[2]?.headers.get('x-ratelimit-reset')).toBe('1')
    sandbox.clock.advance(1_000)
    expect((await post('/v1/track', track('c'))).status).toBe(200)
  })

  test('an unknown path is 404', async () => {
    expect((await post('/v1/import', { batch: [] })).status).toBe(404)
  })
})
