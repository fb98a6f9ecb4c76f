import Mixpanel from 'mixpanel'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { loadProfileRecords } from './profile-records.ts'

afterEach(() => vi.unstubAllEnvs())

const person = { distinctId: 'u1' }
const company = { groupKey: 'company', groupId: 'acme' }

test('the library builds what we send', async () => {
  const records = await loadProfileRecords('token')
  expect(records.set(person, { plan: 'pro', nested: { a: [1] } })).toEqual({
    $token: 'token',
    $distinct_id: 'u1',
    $set: { plan: 'pro', nested: { a: [1] } },
    $ignore_time: true,
  })
  expect(records.unset(company, ['plan'])).toEqual({
    $token: 'token',
    $group_key: 'company',
    $group_id: 'acme',
    $unset: ['plan'],
    $ignore_time: true,
  })
  expect(records.union(person, { company: ['acme'] })).toMatchObject({ $union: { company: ['acme'] } })
  expect(records.set(company, { plan: 'pro' })).toMatchObject({ $group_id: 'acme', $set: { plan: 'pro' } })
  expect(records.unset(person, ['plan'])).toMatchObject({ $distinct_id: 'u1', $unset: ['plan'] })
  expect(records.union(company, { tags: ['a'] })).toMatchObject({
    $group_id: 'acme',
    $union: { tags: ['a'] },
  })
})
test('a value that it leaves out silently is seen', async () => {
  const records = await loadProfileRecords('token')
  expect(() => records.union(person, { company: [] })).toThrow('built no record')
})
test('a proxy in the environment does not stop us, and stays there', async () => {
  vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:3128')
  const records = await loadProfileRecords('token')
  expect(records.set(person, {})).toMatchObject({ $distinct_id: 'u1' })
  expect(process.env['HTTPS_PROXY']).toBe('http://proxy.example:3128')
})

/** Why the library builds records and does nothing else. One that fails here may have been repaired. */
describe('what the library does (0.24.0)', () => {
  const init = (sending: (data: unknown) => void) => {
    vi.stubEnv('HTTPS_PROXY', '')
    vi.stubEnv('HTTP_PROXY', '')
    return Object.assign(Mixpanel.init('token'), {
      send_request: ({ data }: { data: unknown }) => sending(data),
    })
  }
  test('everything leaves through send_request, batches in fifties', () => {
    const sent: unknown[] = []
    const library = init((data) => void sent.push(data))
    library.track_batch(Array.from({ length: 120 }, () => ({ event: 'Test', properties: {} })) as never)
    library.people.set('u1', { a: 1 })
    library.groups.set('company', 'acme', { a: 1 })
    expect(sent.map((data) => (Array.isArray(data) ? data.length : 'one'))).toEqual([
      50,
      50,
      20,
      'one',
      'one',
    ])
  })
  test('takes a property called ip out of the values', () => {
    const sent: unknown[] = []
    init((data) => void sent.push(data)).people.set('u1', { ip: '1.2.3.4', a: 1 })
    expect(sent).toEqual([{ $token: 'token', $distinct_id: 'u1', $set: { a: 1 }, $ip: '1.2.3.4' }])
  })
  test('throws at init when the environment names a proxy', () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:3128')
    expect(() => Mixpanel.init('token')).toThrow('not a constructor')
  })
  test('writes into the properties it is given', () => {
    const properties = { a: 1 }
    init(() => undefined).track('Test', properties)
    expect(properties).toMatchObject({ a: 1, token: 'token', mp_lib: 'node' })
  })
})
