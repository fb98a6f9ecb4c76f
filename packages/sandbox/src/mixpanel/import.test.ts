import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  basic,
  event,
  events,
  gzipJson,
  lines,
  serviceHeader,
  startAtMs,
  startMixpanelClient,
  tokenHeader,
  type MixpanelClient,
} from '../../fixtures/mixpanel-client.ts'
import { mixpanelDefaults } from './index.ts'

let client: MixpanelClient
beforeEach(async () => {
  client = await startMixpanelClient()
})
afterEach(() => client.close())

const { projectId, projectToken, projectSecret } = mixpanelDefaults
const path = `/import?strict=1&project_id=${projectId}`
const json = { 'content-type': 'application/json' }
const stored = () => client.sandbox.inspect().events.map(({ properties }) => properties)

describe('forms of the request', () => {
  test('a JSON array, NDJSON and gzip are taken and answered with the number kept', async () => {
    const array = await client.importEvents([event()])
    const text = `${JSON.stringify(event())}\n${JSON.stringify(event())}\n`
    const ndjson = await client.send('POST', path, text, {
      'content-type': 'application/x-ndjson',
      authorization: serviceHeader,
    })
    const zipped = await client.send('POST', path, gzipJson([event()]), {
      ...json,
      'content-encoding': 'gzip',
      authorization: serviceHeader,
    })
    expect([array, ndjson, zipped].map((answer) => answer.json)).toEqual(
      [1, 2, 1].map((count) => ({ code: 200, num_records_imported: count, status: 'OK' })),
    )
    expect(stored()).toHaveLength(4)
  })
  test.each([
    ['broken JSON', '[{', 'application/json'],
    ['an empty array', '[]', 'application/json'],
    ['one object instead of an array', JSON.stringify(event()), 'application/json'],
    ['a broken line', `${JSON.stringify(event())}\n{`, 'application/x-ndjson'],
    ['no body', '', 'application/json'],
    ['another media type', JSON.stringify([event()]), 'text/plain'],
  ])('%s is refused as a whole', async (_, body, type) => {
    const answer = await client.send('POST', path, body, {
      'content-type': type,
      authorization: serviceHeader,
    })
    expect(answer.json).toMatchObject({ code: 400, status: 'Bad Request' })
    expect(answer.json).not.toHaveProperty('failed_records')
    expect(stored()).toEqual([])
  })
})

test('gzip that breaks off is refused as a whole', async () => {
  const headers = { ...json, 'content-encoding': 'gzip', authorization: serviceHeader }
  expect((await client.send('POST', path, gzipJson([event()]).subarray(0, 40), headers)).json).toMatchObject({
    code: 400,
  })
  expect(stored()).toEqual([])
})

describe('credentials', () => {
  const send = (authorization: string | undefined, query = path) =>
    client.send('POST', query, JSON.stringify([event()]), {
      ...json,
      ...(authorization && { authorization }),
    })
  test('service account with project_id, project token and legacy secret are let in', async () => {
    const answers = await Promise.all([
      send(serviceHeader),
      send(tokenHeader, '/import?strict=1'),
      send(basic(projectSecret, ''), '/import?strict=1'),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  })
  test('no or wrong credentials: 401 in the words of the specification', async () => {
    for (const authorization of [undefined, basic('sandbox', 'wrong'), 'Bearer abc']) {
      const answer = await send(authorization)
      expect(answer.status).toBe(401)
      expect(answer.json).toEqual({ code: 401, error: 'Invalid credentials', status: 'Unauthorized' })
    }
  })
  test('a service account without project_id is told about a project secret', async () => {
    const answer = await send(serviceHeader, '/import?strict=1')
    expect(answer.status).toBe(401)
    expect(answer.text).toContain('invalid project secret')
  })
  test('another project and a role below admin: 403', async () => {
    expect((await send(serviceHeader, '/import?strict=1&project_id=1')).status).toBe(403)
    const [admin] = mixpanelDefaults.serviceAccounts
    if (!admin) throw new Error('no service account')
    client.sandbox.configure({ serviceAccounts: [{ ...admin, role: 'analyst' }] })
    expect((await send(serviceHeader)).status).toBe(403)
    client.sandbox.configure({ serviceAccounts: [{ ...admin, expiresAtMs: startAtMs }] })
    expect((await send(serviceHeader)).status).toBe(401)
  })
  test('the project secret ends on 2027-03-03', async () => {
    client.sandbox.clock.advance(Date.UTC(2027, 2, 3) - startAtMs)
    expect((await send(basic(projectSecret, ''), '/import?strict=1')).status).toBe(401)
  })
  test('the wrong region refuses, or says 200 and keeps nothing', async () => {
    client.sandbox.configure({ region: 'eu' })
    expect((await client.importEvents([event()])).status).toBe(401)
    client.sandbox.configure({ wrongRegion: 'lost' })
    expect((await client.importEvents([event()])).json).toMatchObject({ num_records_imported: 1 })
    expect(client.sandbox.inspect()).toMatchObject({ events: [], counters: { eventsLost: 1 } })
  })
})

describe('limits of the request', () => {
  test('2,000 events pass, 2,001 do not and nothing is kept of them', async () => {
    expect((await client.importEvents(events(2_000))).json).toMatchObject({ num_records_imported: 2_000 })
    expect((await client.importEvents(events(2_001))).status).toBe(400)
    expect(stored()).toHaveLength(2_000)
  })
  test('the cap on bytes is on the uncompressed body: 413 names it', async () => {
    const body = JSON.stringify([event()])
    client.sandbox.configure({ limits: { importBytes: body.length } })
    const send = (text: string) =>
      client.send('POST', path, gzipJson(JSON.parse(text)), {
        ...json,
        'content-encoding': 'gzip',
        authorization: serviceHeader,
      })
    expect((await send(body)).status).toBe(200)
    const over = await send(JSON.stringify([event({ more: 'x' })]))
    expect(over.json).toEqual({
      code: 413,
      error: `request exceeds max limit of ${body.length} bytes`,
      status: 'Request Entity Too Large',
    })
  })
  test('one event must be smaller than the limit; the others of the batch are kept', async () => {
    const small = event({ $insert_id: 'small' })
    const bytes = Buffer.byteLength(JSON.stringify(small))
    client.sandbox.configure({ limits: { eventBytes: bytes + 1 } })
    expect((await client.importEvents([small])).status).toBe(200)
    client.sandbox.configure({ limits: { eventBytes: bytes } })
    const answer = await client.importEvents([small, event({ $insert_id: 'x', distinct_id: 'u' })])
    expect(answer.json).toMatchObject({ num_records_imported: 1, failed_records: [{ index: 0 }] })
  })
  test('events a second and bytes a minute: 429, over again when the window has moved on', async () => {
    client.sandbox.configure({ limits: { ingestionEventsPerSecond: 3 } })
    expect((await client.importEvents(events(3))).status).toBe(200)
    const refused = await client.importEvents(events(1))
    expect(refused.json).toEqual({
      code: 429,
      error: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
      status: 'Too Many Requests',
    })
    expect(refused.headers.get('retry-after')).toBeNull()
    const loose = await client.json('POST', `/import?strict=0&project_id=${projectId}`, events(1), {
      authorization: serviceHeader,
    })
    expect(loose.json).toEqual({
      error: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
      status: 0,
    })
    client.sandbox.clock.advance(1_000)
    expect((await client.importEvents(events(1))).status).toBe(200)
    client.sandbox.configure({
      limits: { ingestionEventsPerSecond: 99, ingestionBytesPerMinute: 100 },
      ingestionRetryAfterSeconds: 7,
    })
    expect((await client.importEvents(events(1))).headers.get('retry-after')).toBe('7')
  })
})

describe('rules of one event', () => {
  const messageOf = async (properties: Record<string, unknown>) => {
    const answer = await client.importEvents([event(properties)])
    const [failed] = (answer.json['failed_records'] as { field: string; message: string }[] | undefined) ?? []
    return failed && `${failed.field}: ${failed.message}`
  }
  const nowSeconds = startAtMs / 1_000
  test.each([
    [
      'a text as time',
      { time: '2026-06-15' },
      "properties.time: 'properties.time' is invalid: must be specified as seconds since epoch",
    ],
    [
      'no time',
      { time: undefined },
      "properties.time: 'properties.time' is invalid: must be specified as seconds since epoch",
    ],
    [
      'a fraction as time',
      { time: nowSeconds + 0.5 },
      "properties.time: 'properties.time' is invalid: must be specified as seconds since epoch",
    ],
    [
      'before 1971',
      { time: 31_535_999 },
      "properties.time: 'properties.time' is invalid: must not be before 1971-01-01",
    ],
    [
      'more than an hour ahead',
      { time: nowSeconds + 3_601 },
      "properties.time: 'properties.time' is invalid: must not be more than 1 hour in the future",
    ],
    [
      'no distinct_id',
      { distinct_id: undefined },
      "properties.distinct_id: 'properties.distinct_id' is invalid: must not be missing",
    ],
    [
      'a refused distinct_id',
      { distinct_id: 'Anonymous' },
      "properties.distinct_id: 'properties.distinct_id' is invalid: must not be 'Anonymous'",
    ],
    [
      'a blank distinct_id',
      { distinct_id: '  ' },
      "properties.distinct_id: 'properties.distinct_id' is invalid: must not be '  '",
    ],
    [
      'a number as distinct_id',
      { distinct_id: 7 },
      "properties.distinct_id: 'properties.distinct_id' is invalid: must be a string",
    ],
    ['no $insert_id', { $insert_id: undefined }, "$insert_id: '$insert_id' is invalid: must not be missing"],
    [
      'a colon in $insert_id',
      { $insert_id: 'a:b' },
      "$insert_id: '$insert_id' is invalid: must only contain alphanumeric or hyphen '-' characters",
    ],
    [
      '37 bytes of $insert_id',
      { $insert_id: 'a'.repeat(37) },
      "$insert_id: '$insert_id' is invalid: must not be longer than 36 bytes",
    ],
    [
      'a refused $insert_id',
      { $insert_id: 'undefined' },
      "$insert_id: '$insert_id' is invalid: must not be 'undefined'",
    ],
  ])('%s is refused', async (_, properties, message) => {
    expect(await messageOf(properties)).toBe(message)
  })
  test.each([
    ['1971-01-01', { time: 31_536_000 }],
    ['an hour ahead', { time: nowSeconds + 3_600 }],
    ['milliseconds', { time: startAtMs }],
    ['an empty distinct_id', { distinct_id: '' }],
    ['36 bytes of $insert_id', { $insert_id: 'a'.repeat(36) }],
  ])('%s is taken', async (_, properties) => {
    expect(await messageOf(properties)).toBeUndefined()
  })
  const keys = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index]))
  test('fewer than 255 properties, nested keys and list items, and three levels', async () => {
    expect(await messageOf(keys(251))).toBeUndefined()
    expect(await messageOf(keys(252))).toContain('fewer than 255 properties')
    expect(await messageOf({ nested: keys(254) })).toBeUndefined()
    expect(await messageOf({ nested: keys(255) })).toContain('fewer than 255 keys')
    expect(await messageOf({ list: Array.from({ length: 254 }, () => 1) })).toBeUndefined()
    expect(await messageOf({ list: Array.from({ length: 255 }, () => 1) })).toContain(
      'fewer than 255 elements',
    )
    expect(await messageOf({ a: { b: { c: { leaf: 1 } } } })).toBeUndefined()
    expect(await messageOf({ a: { b: { c: { d: { leaf: 1 } } } } })).toContain('nested deeper than 3')
  })
  test('a partial 400 keeps the good ones and names the others by index and id', async () => {
    const answer = await client.importEvents([
      event({ $insert_id: 'bad-time', time: 'x' }),
      event(),
      event({ distinct_id: 'null' }),
    ])
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      code: 400,
      error: 'some data points in the request failed validation',
      failed_records: [
        { index: 0, insert_id: 'bad-time', field: 'properties.time' },
        { index: 2, field: 'properties.distinct_id' },
      ],
      num_records_imported: 1,
      status: 'Bad Request',
    })
    expect(stored()).toHaveLength(1)
    client.sandbox.configure({ failedRecordKey: '$insert_id' })
    const prose = await client.importEvents([event({ $insert_id: 'bad-time', time: 'x' })])
    expect(prose.json['failed_records']).toMatchObject([{ $insert_id: 'bad-time' }])
  })
  test('strict=0 answers 1 and drops what is wrong without a word', async () => {
    const send = (query: string) =>
      client.json('POST', `/import?project_id=${projectId}${query}`, [event(), event({ time: 'x' })], {
        authorization: serviceHeader,
      })
    expect((await send('&strict=0')).text).toBe('1')
    expect((await send('&strict=0&verbose=1')).json).toEqual({ status: 1, error: null })
    expect(stored()).toHaveLength(2)
  })
})

describe('what is kept', () => {
  test('texts are cut at 255 bytes, never inside a character; large objects are gone; the future is now', async () => {
    const text = `${'a'.repeat(254)}é`
    await client.importEvents([
      event({
        text,
        exact: 'b'.repeat(255),
        big: { text: 'c'.repeat(8_192) },
        time: startAtMs / 1_000 + 3_000,
        token: projectToken,
      }),
    ])
    const [properties] = stored()
    expect(properties).toMatchObject({ text: 'a'.repeat(254), exact: 'b'.repeat(255), time: startAtMs })
    expect(properties).not.toHaveProperty('big')
    expect(properties).not.toHaveProperty('token')
  })
  test('ip becomes a place and is gone; without it the caller stands in, unless ip=0', async () => {
    await client.importEvents([event({ ip: '198.51.100.7' }), event({ ip: '0' }), event()])
    await client.importEvents([event()], '&ip=0')
    expect(stored().map((one) => [one['$city'], one['ip']])).toEqual([
      ['Lyon', undefined],
      [undefined, undefined],
      ['Ashburn', undefined],
      [undefined, undefined],
    ])
  })
  test('$ignore drops an event without an error; the 301st group is ignored', async () => {
    const groups = Array.from({ length: 254 }, (_, index) => `g${index}`)
    client.sandbox.configure({ limits: { groupsPerEvent: 2 } })
    const answer = await client.importEvents([event({ $ignore: true }), event({ company: groups })])
    expect(answer.json).toMatchObject({ num_records_imported: 2 })
    expect(stored().map((one) => one['company'])).toEqual([['g0', 'g1']])
  })
  test('above the events of one id and day the shard is hot: renamed, nobody any more, originals beside', async () => {
    client.sandbox.configure({ limits: { eventsPerIdAndDay: 1 } })
    await client.importEvents([event(), event(), event({ time: startAtMs / 1_000 - 86_400 * 2 })])
    const kept = client.sandbox.inspect().events
    expect(kept.map((one) => one.event)).toEqual(['Order Completed', '$hotshard_events', 'Order Completed'])
    expect(kept[1]?.properties).toMatchObject({
      distinct_id: '',
      mp_original_event_name: 'Order Completed',
      mp_original_distinct_id: 'user-1',
    })
  })
  test('copies are one for queries and many in the raw export', async () => {
    const first = event({ $insert_id: 'same' })
    await client.importEvents([first])
    await client.importEvents([{ ...first, properties: { ...first.properties, value: 2 } }])
    await client.importEvents([
      { ...first, properties: { ...first.properties, time: Number(first.properties['time']) + 1 } },
    ])
    expect(client.sandbox.inspect().distinctEvents).toBe(2)
    expect(lines(await client.exportEvents())).toHaveLength(3)
  })
  test('60,000 events are cheap', async () => {
    for (let batch = 0; batch < 30; batch += 1) {
      expect((await client.importEvents(events(2_000))).status).toBe(200)
      client.sandbox.clock.advance(1_000)
    }
    expect(client.sandbox.inspect().distinctEvents).toBe(60_000)
  })
})
