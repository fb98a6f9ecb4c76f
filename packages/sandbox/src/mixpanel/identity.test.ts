import { afterEach, describe, expect, test } from 'vitest'
import {
  event,
  lines,
  rows,
  startMixpanelClient,
  update,
  type MixpanelClient,
} from '../../fixtures/mixpanel-client.ts'
import type { MixpanelAccount } from './index.ts'

let client: MixpanelClient
const start = async (account: Partial<MixpanelAccount> = {}) => {
  client = await startMixpanelClient(account)
}
afterEach(() => client.close())
const bare = { distinct_id: undefined }
const exportedIds = async () =>
  lines(await client.exportEvents()).map(({ properties }) => properties['distinct_id'])
const cohortOf = (name: string) =>
  JSON.stringify({
    raw_cohort: {
      selector: {
        operator: 'and',
        children: [{ property: 'behaviors', value: 'b', operator: '>=', operand: 1 }],
      },
      behaviors: {
        b: {
          count: { event_selector: { event: name }, type: 'absolute' },
          window: { unit: 'day', value: 30 },
        },
      },
    },
  })

describe('simplified', () => {
  test('the server derives the id: $user_id, else $device:; one prefix is taken off; a bare id is a user', async () => {
    await start()
    await client.importEvents([
      event({ ...bare, $device_id: 'd1' }),
      event({ ...bare, $device_id: '$device:d2' }),
      event({ $device_id: 'd3', $user_id: 'u3', distinct_id: 'something else' }),
      event({ distinct_id: '$device:d4' }),
      event({ distinct_id: '7a0e' }),
    ])
    const seen = client.sandbox
      .inspect()
      .events.map(({ properties }) => [
        properties['distinct_id'],
        properties['$device_id'],
        properties['$user_id'],
      ])
    expect(seen).toEqual([
      ['$device:d1', 'd1', undefined],
      ['$device:d2', 'd2', undefined],
      ['u3', 'd3', 'u3'],
      ['$device:d4', 'd4', undefined],
      ['7a0e', undefined, '7a0e'],
    ])
  })
  test('one event with both ids joins the device, for earlier events too, after the delay', async () => {
    await start({ identityVisibleAfterMs: 60_000 })
    await client.importEvents([
      event({ ...bare, $device_id: 'd' }),
      event({ ...bare, $device_id: 'd', $user_id: 'u' }),
    ])
    expect(await exportedIds()).toEqual(['$device:d', 'u'])
    client.sandbox.clock.advance(60_000)
    expect(await exportedIds()).toEqual(['u', 'u'])
    expect(lines(await client.exportEvents())[0]?.properties).toMatchObject({
      $distinct_id_before_identity: '$device:d',
    })
  })
  test('the first user keeps the device', async () => {
    await start()
    const claim = (user: string) => event({ ...bare, $device_id: 'd', $user_id: user })
    await client.importEvents([claim('first'), claim('second'), event({ ...bare, $device_id: 'd' })])
    expect(await exportedIds()).toEqual(['first', 'second', 'first'])
    expect(client.sandbox.inspect().devices).toEqual([{ deviceId: 'd', userId: 'first' }])
  })
  test("a device's profile is its own and is not carried to the user", async () => {
    await start()
    await client.engage([update('$device:d', { $set: { colour: 'red' } }, { $ignore_time: true })])
    await client.importEvents([event({ ...bare, $device_id: 'd', $user_id: 'u' })])
    expect(client.sandbox.inspect().profiles).toEqual([
      { distinctId: '$device:d', properties: { colour: 'red' } },
    ])
    const members = rows(await client.query('engage', { filter_by_cohort: cohortOf('Order Completed') }))
    expect(members).toEqual([{ $distinct_id: 'u', $properties: {} }])
  })
  test.each(['$identify', '$create_alias', '$merge'])(
    '%s fails the whole strict batch with texts instead of records',
    async (verb) => {
      await start()
      const answer = await client.importEvents([
        event(),
        { event: verb, properties: { $anon_id: 'a', $identified_id: 'b' } },
      ])
      expect(answer.json).toEqual({
        code: 400,
        error: 'some data points in the request failed validation',
        failed_records: [
          'identity events are not allowed when project is using simplified identity management',
        ],
        num_records_imported: 0,
        status: 'Bad Request',
      })
      expect(client.sandbox.inspect().events).toEqual([])
    },
  )
})

describe('original', () => {
  const anonymous = '3f0c9b7e-5f2d-4f0e-9a51-6c4d2f1b8a10'
  const verb = (name: string, properties: object) => ({ event: name, properties })
  test('the reserved ids mean nothing and distinct_id is needed', async () => {
    await start({ identityMode: 'original' })
    const answer = await client.importEvents([
      event({ ...bare, $device_id: 'd', $user_id: 'u' }),
      event({ distinct_id: 'x', $user_id: 'u' }),
    ])
    expect(answer.json).toMatchObject({
      failed_records: [{ index: 0, message: "'properties.distinct_id' is invalid: must not be missing" }],
      num_records_imported: 1,
    })
    expect(await exportedIds()).toEqual(['x'])
  })
  test('$identify joins; the id that stands for both may be the anonymous one', async () => {
    await start({ identityMode: 'original' })
    await client.importEvents([
      event({ distinct_id: anonymous }),
      event({ distinct_id: 'u' }),
      verb('$identify', { $anon_id: anonymous, $identified_id: 'u' }),
    ])
    expect(new Set(await exportedIds())).toEqual(new Set([anonymous]))
    await client.engage([update('u', { $set: { a: 1 } }, { $ignore_time: true })])
    expect(client.sandbox.inspect().profiles).toEqual([{ distinctId: anonymous, properties: { a: 1 } }])
    await client.engage([update('u', { $set: { b: 1 } }, { $ignore_time: true, $ignore_alias: true })])
    expect(client.sandbox.inspect().profiles).toHaveLength(2)
  })
  test('a wrong verb is a success that only the stored event tells about', async () => {
    await start({ identityMode: 'original' })
    const verbs = [
      verb('$identify', { $anon_id: 'no-uuid', $identified_id: 'u' }),
      verb('$identify', { $anon_id: anonymous, $identified_id: 'u' }),
      verb('$identify', { $anon_id: anonymous, $identified_id: 'other' }),
    ]
    expect((await client.importEvents(verbs)).status).toBe(200)
    expect(client.sandbox.inspect().events.map(({ properties }) => properties['$failure_reason'])).toEqual([
      '$anon_id is not a UUID v4',
      undefined,
      '$anon_id was merged before',
    ])
  })
  test('a cluster holds 500 ids', async () => {
    await start({ identityMode: 'original' })
    const joins = Array.from({ length: 500 }, (_, index) =>
      verb('$merge', { $distinct_ids: ['head', `id${index}`] }),
    )
    await client.importEvents(joins)
    const state = client.sandbox.inspect()
    expect(state.clusters[0]?.members).toHaveLength(500)
    expect(state.events.at(-1)?.properties['$failure_reason']).toContain('more than 500 ids')
  })
})
