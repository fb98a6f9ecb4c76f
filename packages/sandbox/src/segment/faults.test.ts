import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FaultKind, Sandbox } from '../core/index.ts'
import {
  type SegmentAccount,
  segmentDefaults,
  type SegmentSeed,
  type SegmentState,
  startSegmentSandbox,
} from './index.ts'

let sandbox: Sandbox<SegmentAccount, SegmentSeed, SegmentState>
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

const sendBatch = (): Promise<Response> =>
  fetch(`${sandbox.url}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      writeKey: segmentDefaults.writeKey,
      batch: ['a', 'b'].map((messageId) => ({ type: 'track', userId: 'u1', event: 'E', messageId })),
    }),
  })
const readProfile = (): Promise<Response> =>
  fetch(`${sandbox.url}/v1/spaces/${segmentDefaults.spaceId}/collections/users/profiles/user_id:u1/traits`, {
    headers: { authorization: `Basic ${Buffer.from(`${segmentDefaults.profileToken}:`).toString('base64')}` },
  })
const listSpaces = (): Promise<Response> =>
  fetch(`${sandbox.url}/spaces`, { headers: { authorization: `Bearer ${segmentDefaults.publicApiToken}` } })
const next = (kind: FaultKind): void => sandbox.chaos({ script: [{ kind }] })
const stored = (): number => sandbox.inspect().messages.length

test('rate-limited looks different in each API', async () => {
  next('rate-limited')
  const tracking = await sendBatch()
  expect([
    tracking.status,
    tracking.headers.get('retry-after'),
    tracking.headers.get('x-ratelimit-reset'),
  ]).toEqual([429, '1', '1'])
  next('rate-limited')
  const profile = await readProfile()
  expect([profile.status, profile.headers.get('retry-after')]).toEqual([429, null])
  next('rate-limited')
  expect(await (await listSpaces()).json()).toMatchObject({ errors: [{ data: { msBeforeNext: 1_000 } }] })
  expect(stored()).toBe(0)
})

test('server-error does nothing; server-error-after has stored everything, and the repeat is a duplicate', async () => {
  next('server-error')
  expect((await sendBatch()).status).toBe(500)
  expect(stored()).toBe(0)
  next('server-error-after')
  expect((await sendBatch()).status).toBe(500)
  expect((await sendBatch()).status).toBe(200)
  expect(stored()).toBe(2)
  expect(sandbox.inspect().duplicates).toHaveLength(2)
})

test('silent answers 200 and nothing arrives; other APIs have no such form', async () => {
  next('silent')
  const reply = await sendBatch()
  expect([reply.status, await reply.json()]).toEqual([200, { success: true }])
  expect(sandbox.inspect()).toMatchObject({ messages: [], lost: 2 })
  next('silent')
  expect(await (await listSpaces()).json()).toMatchObject({
    data: { spaces: [{ id: segmentDefaults.spaceId }] },
  })
})

test('there is no partial answer: the request runs as usual', async () => {
  next('partial')
  expect((await sendBatch()).status).toBe(200)
  expect(stored()).toBe(2)
})

test('wrong credentials are told before any fault is shown', async () => {
  next('server-error')
  expect((await fetch(`${sandbox.url}/spaces`)).status).toBe(401)
})
