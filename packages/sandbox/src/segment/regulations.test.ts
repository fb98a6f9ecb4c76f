import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../core/index.ts'
import {
  type SegmentAccount,
  segmentDefaults,
  type SegmentSeed,
  type SegmentState,
  startSegmentSandbox,
} from './index.ts'

let sandbox: Sandbox<SegmentAccount, SegmentSeed, SegmentState>
beforeEach(async () => {
  sandbox = await startSegmentSandbox({ account: { profileLagMs: 0 } })
})
afterEach(() => sandbox.close())

const bearer = { authorization: `Bearer ${segmentDefaults.publicApiToken}` }
const get = (path: string): Promise<Response> => fetch(`${sandbox.url}${path}`, { headers: bearer })
const send = (method: string, path: string, body: unknown): Promise<Response> =>
  fetch(`${sandbox.url}${path}`, {
    method,
    headers: { ...bearer, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
async function data<Body>(reply: Response | Promise<Response>): Promise<Body> {
  const answered = await reply
  expect(answered.status).toBe(200)
  return ((await answered.json()) as { data: Body }).data
}

describe('regulations', () => {
  const regulate = (regulationType: string, ...subjectIds: string[]): Promise<{ regulateId: string }> =>
    data(send('POST', '/regulations', { regulationType, subjectType: 'USER_ID', subjectIds }))
  const identify = (userId: string): void =>
    sandbox.seed({ messages: [{ type: 'identify', userId, traits: { plan: 'pro' } }] })

  test('suppress with delete: blocked first, then forgotten, and the status follows', async () => {
    identify('u1')
    identify('u2')
    const { regulateId } = await regulate('SUPPRESS_WITH_DELETE', 'u1')
    const status = (): Promise<unknown> => data(get(`/regulations/${regulateId}`))
    expect(await status()).toMatchObject({ regulation: { overallStatus: 'INITIALIZED' } })
    sandbox.clock.advance(60_000)
    expect(await status()).toMatchObject({ regulation: { overallStatus: 'RUNNING' } })
    identify('u1')
    expect(sandbox.inspect()).toMatchObject({ suppressed: ['u1'], dropped: [{ reason: 'suppressed' }] })
    expect(sandbox.inspect().profiles).toHaveLength(2)
    sandbox.clock.advance(3_600_000)
    expect(await status()).toMatchObject({ regulation: { overallStatus: 'FINISHED' } })
    const { profiles, messages } = sandbox.inspect()
    expect(profiles.map(({ externalIds }) => externalIds[0]?.id)).toEqual(['u2'])
    expect(messages.map(({ userId }) => userId)).toEqual(['u2'])
    expect(await data(get('/suppressions'))).toMatchObject({
      suppressed: [{ subjectType: 'USER_ID', subjectIds: ['u1'] }],
    })
  })

  test('suppression holds for messages sent before anybody reads', async () => {
    await regulate('SUPPRESS_ONLY', 'u1')
    sandbox.clock.advance(60_000)
    const reply = await fetch(`${sandbox.url}/v1/identify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'u1', writeKey: segmentDefaults.writeKey }),
    })
    expect(reply.status).toBe(200)
    expect(sandbox.inspect().messages).toEqual([])
    await regulate('UNSUPPRESS', 'u1')
    sandbox.clock.advance(60_000)
    identify('u1')
    expect(sandbox.inspect().messages).toHaveLength(1)
  })

  test('5,000 ids fit, 5,001 do not; object ids and unknown types are refused', async () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `u${index}`)
    await regulate('DELETE_ONLY', ...ids)
    const body = { regulationType: 'DELETE_ONLY', subjectType: 'USER_ID', subjectIds: [...ids, 'one more'] }
    expect((await send('POST', '/regulations', body)).status).toBe(422)
    expect(
      (await send('POST', '/regulations', { ...body, subjectIds: ['a'], subjectType: 'OBJECT_ID' })).status,
    ).toBe(422)
    expect(
      (await send('POST', '/regulations', { ...body, subjectIds: ['a'], regulationType: 'FORGET' })).status,
    ).toBe(422)
    expect((await send('POST', '/regulations', { ...body, subjectIds: [] })).status).toBe(422)
  })

  test('are listed by status and type, and gone after 90 days', async () => {
    const { regulateId } = await regulate('DELETE_ONLY', 'u1')
    await regulate('SUPPRESS_ONLY', 'u2')
    expect(await data(get('/regulations?regulationTypes[0]=DELETE_ONLY'))).toMatchObject({
      regulations: [{ id: regulateId }],
    })
    expect(await data(get('/regulations?status=FINISHED'))).toMatchObject({ regulations: [] })
    sandbox.clock.advance(90 * 86_400_000)
    expect(await data(get('/regulations'))).toMatchObject({ regulations: [] })
    expect((await get(`/regulations/${regulateId}`)).status).toBe(404)
  })
})
