import { createFakeClock } from '@tripline/testkit'
import { expect, test } from 'vitest'
import { createFakeVendor, postRequest } from '../../fixtures/fake-vendor.ts'

test('a dry run sends nothing, asks for no credential, and shows the requests without credentials', async () => {
  const vendor = createFakeVendor(createFakeClock(), undefined, {
    authorize: () => Promise.reject(new Error('asked for a credential')),
  })
  const session = vendor.session({ dryRun: true })
  const headers = {
    Authorization: 'Basic c2VjcmV0',
    'X-Api-Key': 'secret',
    'Content-Type': 'application/json',
  }
  const result = await session.request(postRequest('doubles', { headers }))
  await session.request(postRequest('doubles', { body: Buffer.from('bytes') }))
  expect(vendor.seen).toEqual([])
  expect(result).toMatchObject({ kind: 'ok', maybeTwice: false, answer: { text: '{"message":"success"}' } })
  expect(vendor.planned).toEqual([
    {
      endpoint: 'POST /things',
      purpose: 'write',
      method: 'POST',
      url: 'https://api.example.com/things',
      headers: { 'Content-Type': 'application/json' },
      body: '{"id":1}',
    },
    expect.objectContaining({ headers: {}, body: 'bytes' }),
  ])
  expect(session.calls()).toEqual([
    { endpoint: 'POST /things', purpose: 'write', count: 2, retries: 0, bytes: 13 },
  ])
})

test('the pretended answer may be a refusal, bytes or a stream', async () => {
  const vendor = createFakeVendor(createFakeClock(), undefined, {
    pretend: ({ endpoint }) => (endpoint === 'GET /none' ? { status: 404 } : { status: 200, body: [1] }),
  })
  const session = vendor.session({ dryRun: true })
  const none = await session.request(postRequest('read', { endpoint: 'GET /none' }))
  expect(none).toMatchObject({ kind: 'refused', fault: { code: 'not-found' } })
  const { bytes } = await session.read(postRequest('read', { readAs: 'bytes' }))
  expect(new TextDecoder().decode(bytes)).toBe('[1]')
  const { stream } = await session.read(postRequest('read', { readAs: 'stream' }))
  expect(await new Response(stream).text()).toBe('[1]')
})

test('a body that is made for each try is shown as it would leave now', async () => {
  const vendor = createFakeVendor(createFakeClock())
  await vendor.session({ dryRun: true }).request(postRequest('keyed', { body: () => '{"now":1}' }))
  expect(vendor.planned).toMatchObject([{ body: '{"now":1}' }])
})
