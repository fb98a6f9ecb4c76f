import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  event,
  lines,
  startAtMs,
  startMixpanelClient,
  update,
  type MixpanelClient,
} from '../../fixtures/mixpanel-client.ts'

let client: MixpanelClient
beforeEach(async () => {
  client = await startMixpanelClient()
})
afterEach(() => client.close())

const day = (date: string, time = '12:00:00.250') => Date.parse(`${date}T${time}Z`)
const names = async (query?: string) => lines(await client.exportEvents(query)).map((line) => line.event)
const range = 'from_date=2026-06-01&to_date=2026-06-30'

test('one JSON line an event, seconds unless asked for milliseconds, days inclusive', async () => {
  await client.importEvents([
    event({ time: day('2026-05-31', '23:59:59.999') }, 'before'),
    event({ time: day('2026-06-01', '00:00:00.000') }, 'first'),
    event({ time: day('2026-06-02', '23:59:59.999') }, 'last'),
    event({ time: day('2026-06-03', '00:00:00.000') }, 'after'),
  ])
  expect(await names('from_date=2026-06-01&to_date=2026-06-02')).toEqual(['first', 'last'])
  const answer = await client.exportEvents('from_date=2026-06-02&to_date=2026-06-02')
  expect(answer.headers.get('content-type')).toContain('text/plain')
  expect(lines(answer)[0]?.properties).toMatchObject({
    time: Math.floor(day('2026-06-02', '23:59:59.999') / 1_000),
    distinct_id: 'user-1',
    mp_processing_time_ms: startAtMs,
  })
  const exact = await client.exportEvents('from_date=2026-06-02&to_date=2026-06-02&time_in_ms=true')
  expect(lines(exact)[0]?.properties['time']).toBe(day('2026-06-02', '23:59:59.999'))
})
test('by name, by expression over event and user, with a limit', async () => {
  await client.engage([update('user-1', { $set: { plan: 'pro' } })])
  await client.importEvents([
    event({ value: 1 }, 'A'),
    event({ value: 2, distinct_id: 'other' }, 'A'),
    event({ value: 3 }, 'B'),
  ])
  const ask = (parameters: Record<string, string>) =>
    names(`${range}&${new URLSearchParams(parameters).toString()}`)
  expect(await ask({ event: '["A"]' })).toEqual(['A', 'A'])
  expect(await ask({ where: 'properties["value"] > 1' })).toEqual(['A', 'B'])
  client.sandbox.clock.advance(1_000)
  expect(await ask({ where: 'user["plan"] == "pro"' })).toEqual(['A', 'B'])
  expect(await ask({ limit: '1' })).toEqual(['A'])
})
test('gzip above 1,400 bytes when it is accepted', async () => {
  await client.importEvents([event()])
  const small = await client.exportEvents(range, { 'accept-encoding': 'gzip' })
  await client.importEvents(Array.from({ length: 20 }, () => event()))
  const large = await client.exportEvents(range, { 'accept-encoding': 'gzip' })
  const plain = await client.exportEvents(range, { 'accept-encoding': 'identity' })
  expect([small, large, plain].map(({ headers }) => headers.get('content-encoding'))).toEqual([
    null,
    'gzip',
    null,
  ])
  expect(lines(large)).toEqual(lines(plain))
})
test('a project made before 2023 has local days and local time', async () => {
  client.sandbox.configure({ legacyTimeZoneOffsetMinutes: -300 })
  await client.importEvents([event({ time: day('2026-06-02', '03:00:00.000') }, 'late')])
  const answer = await client.exportEvents('from_date=2026-06-01&to_date=2026-06-01')
  expect(lines(answer)[0]?.properties['time']).toBe(day('2026-06-01', '22:00:00.000') / 1_000)
})
test('events are exported after the delay of the account', async () => {
  client.sandbox.configure({ eventVisibleAfterMs: 60_000 })
  await client.importEvents([event()])
  expect(await names()).toEqual([])
  client.sandbox.clock.advance(60_000)
  expect(await names()).toHaveLength(1)
})
describe('errors are plain text', () => {
  test.each([
    ['from_date=2026-06-01', 400],
    ['from_date=1.6.2026&to_date=2026-06-02', 400],
    ['from_date=2026-06-02&to_date=2026-06-01', 400],
    [`${range}&limit=100001`, 400],
    [`${range}&limit=0`, 400],
    [`${range}&event=A`, 400],
    [`${range}&event=`, 400],
    [`${range}&where=properties[`, 400],
    [`${range}&limit=100000`, 200],
  ])('%s: %i', async (query, status) => {
    const answer = await client.exportEvents(query)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('text/plain')
  })
  test('older than the plan allows: 403; no project_id: 401', async () => {
    client.sandbox.configure({ exportMaxAgeDays: 10 })
    const answer = await client.exportEvents()
    expect([answer.status, answer.text]).toEqual([403, 'Date range exceeds 10 days into the past'])
    expect((await client.send('GET', `/api/2.0/export?${range}`)).status).toBe(401)
  })
})
describe('its own limits', () => {
  test('3 a second and 60 an hour, with Retry-After', async () => {
    for (let call = 0; call < 3; call += 1) expect((await client.exportEvents()).status).toBe(200)
    expect((await client.exportEvents()).headers.get('retry-after')).toBe('1')
    for (let call = 3; call < 60; call += 1) {
      client.sandbox.clock.advance(1_000)
      expect((await client.exportEvents()).status).toBe(200)
    }
    client.sandbox.clock.advance(1_000)
    const refused = await client.exportEvents()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, String(3_600 - 58)])
    expect((await client.query('engage')).status).toBe(200)
  })
})
