import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  event,
  events,
  lines,
  startMixpanelClient,
  update,
  type MixpanelClient,
} from '../../fixtures/mixpanel-client.ts'
import type { FaultKind } from '../core/index.ts'

let client: MixpanelClient
beforeEach(async () => {
  client = await startMixpanelClient()
})
afterEach(() => client.close())
const next = (kind: FaultKind) => client.sandbox.chaos({ script: [{ kind }] })
const kept = () => client.sandbox.inspect().events.length

test('rate-limited has the form of each family', async () => {
  next('rate-limited')
  expect((await client.importEvents([event()])).json).toMatchObject({
    code: 429,
    status: 'Too Many Requests',
  })
  next('rate-limited')
  expect((await client.query('cohorts/list')).headers.get('ratelimit')).toContain('"project";r=0;t=60')
  next('rate-limited')
  expect((await client.exportEvents()).headers.get('retry-after')).toBe('60')
  next('rate-limited')
  expect((await client.app('GET', 'me')).json).toMatchObject({ status: 'error' })
  expect(kept()).toBe(0)
})
test('server-error is a 502 with HTML before anything is done, or after everything', async () => {
  next('server-error')
  const before = await client.importEvents([event()])
  expect([before.status, before.text.startsWith('<html>'), kept()]).toEqual([502, true, 0])
  next('server-error-after')
  expect((await client.importEvents([event()])).status).toBe(502)
  expect(kept()).toBe(1)
})
test('a cut connection after the commit: the repeat is one event for queries, two in the export', async () => {
  const one = event()
  next('reset-after')
  await expect(client.importEvents([one])).rejects.toThrow('fetch failed')
  expect((await client.importEvents([one])).status).toBe(200)
  expect(client.sandbox.inspect()).toMatchObject({ distinctEvents: 1 })
  expect(lines(await client.exportEvents())).toHaveLength(2)
})
test('silent: HTTP 200 with status 0 and nothing done', async () => {
  next('silent')
  expect((await client.engage([update('u', { $set: { a: 1 } })])).json).toEqual({
    status: 0,
    error: 'internal error',
  })
  next('silent')
  expect((await client.engage([update('u', { $set: { a: 1 } })], '')).text).toBe('0')
  expect(client.sandbox.inspect().profiles).toEqual([])
})
test('silent: an export breaks off with a last line that is no JSON', async () => {
  await client.importEvents(events(10))
  next('silent')
  const answer = await client.exportEvents()
  const all = answer.text.trimEnd().split('\n')
  expect([answer.status, all.at(-1), all.length < 11]).toEqual([200, 'export terminated early', true])
})
test('there is no partial form: the request runs as usual', async () => {
  next('partial')
  expect((await client.importEvents([event()])).json).toMatchObject({ num_records_imported: 1 })
})
