import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { event, startAtMs, startMixpanelClient, type MixpanelClient } from '../../fixtures/mixpanel-client.ts'
import { mixpanelDefaults } from './index.ts'

let client: MixpanelClient
beforeEach(async () => {
  client = await startMixpanelClient()
})
afterEach(() => client.close())

const { projectToken: token } = mixpanelDefaults
const track = (body: unknown, query = '') => client.json('POST', `/track${query}`, body)
const stored = () => client.sandbox.inspect().events

describe('/track', () => {
  test('JSON, form with JSON, form with unencoded base64 and the address: one answer, one event each', async () => {
    // "?>" and "~" give + and / in base64; a form decoder turns + into a space.
    const one = event({ token, odd: 'a?>~~?>?>' })
    const base64 = Buffer.from(JSON.stringify(one)).toString('base64')
    expect(base64).toContain('+')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const answers = [
      await track(one),
      await track([one]),
      await client.send('POST', '/track', `data=${encodeURIComponent(JSON.stringify(one))}`, form),
      await client.send('POST', '/track', `data=${base64}`, form),
      await client.send('GET', `/track?data=${encodeURIComponent(base64)}`),
    ]
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, '1']))
    expect(stored().map(({ properties }) => properties['odd'])).toEqual(answers.map(() => 'a?>~~?>?>'))
  })
  test('1 says that one of them is valid, 0 that none is; verbose gives the reason', async () => {
    expect((await track([event({ token }), event()])).text).toBe('1')
    expect((await track([event()])).text).toBe('0')
    expect((await track([event()], '?verbose=1')).json).toEqual({
      status: 0,
      error: 'token, missing or empty',
    })
    expect((await track([event({ token })], '?verbose=1')).json).toEqual({ status: 1, error: null })
  })
  test('1 proves nothing: an unknown token and what is older than five days are gone', async () => {
    const fiveDays = startAtMs / 1_000 - 5 * 86_400
    const answer = await track([
      event({ token: 'other' }),
      event({ token, time: fiveDays - 1 }),
      event({ token, time: fiveDays }),
    ])
    expect(answer.text).toBe('1')
    expect(stored()).toHaveLength(1)
    expect(client.sandbox.inspect().counters).toMatchObject({ eventsLost: 2 })
  })
  test('identity verbs are ignored in a simplified project', async () => {
    const verb = { event: '$identify', properties: { token, $anon_id: 'a', $identified_id: 'b' } }
    expect((await track([verb])).text).toBe('1')
    expect(stored()).toEqual([])
  })
  test('time, $insert_id and with ip=1 the id are made up by the server; a retry is a second event', async () => {
    const bare = { event: 'Opened', properties: { token } }
    await track(bare, '?ip=1')
    await track(bare, '?ip=1')
    expect(stored()[0]?.properties).toMatchObject({
      time: startAtMs,
      distinct_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    })
    expect(client.sandbox.inspect().distinctEvents).toBe(2)
  })
  test('pixel and script', async () => {
    const pixel = await track([event({ token })], '?img=1')
    expect(pixel.headers.get('content-type')).toBe('image/gif')
    expect((await track([event({ token })], '?callback=done&verbose=1')).text).toBe(
      'done({"status":1,"error":null});',
    )
  })
  test('2,000 events pass, 2,001 do not', async () => {
    const many = Array.from({ length: 2_001 }, () => event({ token }))
    expect((await track(many)).text).toBe('0')
    expect((await track(many.slice(1))).text).toBe('1')
    expect(stored()).toHaveLength(2_000)
  })
})
