import { expect, test } from 'vitest'
import { openIntercom } from '../fixtures/open-sandbox.ts'

test('who, where, and what the token may do', async () => {
  const { intercom } = await openIntercom({ region: 'us', workspaceId: 'sandbox1' })
  const report = await intercom.check()
  expect(report).toMatchObject({
    account: { id: 'sandbox1', name: 'Sandbox', region: 'us', timeZone: 'America/Los_Angeles' },
    abilities: {
      'read.all': { support: 'native', confidence: 'verified' },
      'read.since': { support: 'native', confidence: 'inferred' },
      event: { confidence: 'inferred' },
      start: { confidence: 'assumed' },
    },
    faults: [],
  })
  expect(typeof report.clockSkewMs).toBe('number')
})
test('another region, another workspace', async () => {
  const { intercom } = await openIntercom({ region: 'eu', workspaceId: 'other' })
  expect((await intercom.check()).faults).toMatchObject([
    { path: 'options.region' },
    { path: 'options.workspaceId' },
  ])
})
test('a wrong token', async () => {
  const { intercom } = await openIntercom({ accessToken: 'wrong' })
  expect((await intercom.check()).faults).toMatchObject([{ code: 'auth', status: 401 }])
})
test('permissions that are missing take their abilities away', async () => {
  const { sandbox, intercom } = await openIntercom()
  sandbox.configure({ scopes: ['read_contacts'] })
  const { abilities, faults } = await intercom.check()
  expect(abilities['segments.list']).toMatchObject({ support: 'unsupported', confidence: 'verified' })
  expect(abilities.schema).toMatchObject({ support: 'unsupported' })
  expect(abilities['members.ids']).toMatchObject({ support: 'unsupported' })
  expect(abilities['read.all']).toMatchObject({ support: 'native', confidence: 'verified' })
  expect(faults.map(({ message }) => message).join()).toContain('read_tags')
})
test('nothing is asked twice because one thing is forbidden', async () => {
  const { sandbox, intercom, requests } = await openIntercom()
  sandbox.configure({ scopes: [] })
  await intercom.check()
  expect(requests()).toHaveLength(6)
})
