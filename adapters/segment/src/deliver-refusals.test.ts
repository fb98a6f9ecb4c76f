import type { EventItem, Item } from '@tripline/model'
import { startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect, createItems, statuses, wide, type Items, type Sandbox } from '../fixtures/open-sandbox.ts'
import { createSegment } from './index.ts'

let sandbox: Sandbox
let make: Items
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
  make = createItems(sandbox.clock)
})
afterEach(() => sandbox.close())
const event: Items['event'] = (...given) => make.event(...given)
const profile: Items['profile'] = (...given) => make.profile(...given)

describe('what Segment would lose behind its 200 is dead before it is sent', () => {
  const bad: readonly (readonly [string, (item: EventItem) => unknown, string, string])[] = [
    ['no id', (item) => ({ ...item, who: { email: 'a@example.com' } }), 'no_user_anon_id', 'who'],
    ['an empty id', (item) => ({ ...item, who: { userId: '' } }), 'no_user_anon_id', 'who.userId'],
    ['a number as id', (item) => ({ ...item, who: { userId: 7 } }), 'id_not_string', 'who.userId'],
    ['blocked: zeros', (item) => ({ ...item, who: { userId: '00-0' } }), 'never makes an id', 'who.userId'],
    [
      'blocked: -1',
      (item) => ({ ...item, who: { anonymousId: '-1' } }),
      'never makes an id',
      'who.anonymousId',
    ],
    [
      'blocked: null',
      (item) => ({ ...item, who: { userId: 'u', anonymousId: 'null' } }),
      'never',
      'who.anonymousId',
    ],
    ['blocked: anonymous', (item) => ({ ...item, who: { userId: 'anonymous' } }), 'never', 'who.userId'],
    [
      'half a character',
      (item) => ({ ...item, who: { userId: 'a\ud83e' } }),
      'half a character',
      'who.userId',
    ],
    ['no name', (item) => named(item, ''), 'event_not_defined', 'event.event'],
    ['a number as name', (item) => named(item, 5), 'event_not_string', 'event.event'],
    ['a list as properties', (item) => having(item, []), 'properties_not_object', 'event.properties'],
    ['NaN', (item) => having(item, { a: [{ b: Number.NaN }] }), 'not a value', 'event.properties.a[0].b'],
    ['a bigint', (item) => having(item, { a: 5n }), 'not a value', 'event.properties.a'],
    ['an empty group', (item) => within(item, { groupId: '' }), 'group needs an id', 'event.context.groupId'],
    ['a long group', (item) => within(item, { groupId: 'g'.repeat(501) }), '500', 'event.context.groupId'],
    [
      'no preferences',
      (item) => within(item, { consent: {} }),
      'consent_categorypreferences_should_exist',
      'event.context.consent',
    ],
    [
      'preferences as list',
      (item) => within(item, { consent: { categoryPreferences: [] } }),
      'consent_categorypreferences_fields_should_be_object',
      'event.context.consent.categoryPreferences',
    ],
    [
      'a preference as text',
      (item) => within(item, { consent: { categoryPreferences: { ads: 'yes' } } }),
      'consent_categorypreferences_fields_should_be_bool',
      'event.context.consent.categoryPreferences.ads',
    ],
    [
      'a version as text',
      (item) => within(item, { consent: { categoryPreferences: { ads: true }, version: '2' } }),
      'consent_version_should_be_number',
      'event.context.consent.version',
    ],
    [
      'an advertising id as number',
      (item) => within(item, { device: { advertisingId: 5 } }),
      'device_advertisingid_should_be_string',
      'event.context.device.advertisingId',
    ],
    [
      'the consent event without consent',
      (item) => named(item, 'Segment Consent Preference Updated'),
      'consent_categorypreferences_should_exist',
      'event.context.consent',
    ],
    ['a time before 1970', (item) => ({ ...item, at: '1969-12-31T23:59:59.999Z' }), '1970', 'at'],
    ['no time', (item) => ({ ...item, at: undefined }), 'no instant', 'at'],
    ['a time without a zone', (item) => ({ ...item, at: '2026-11-01T10:00:00.000' }), 'no instant', 'at'],
  ]
  const named = (item: EventItem, name: unknown): unknown => ({
    ...item,
    event: { ...item.event, event: name },
  })
  const having = (item: EventItem, properties: unknown): unknown => ({
    ...item,
    event: { ...item.event, properties },
  })
  const within = (item: EventItem, context: unknown): unknown => ({
    ...item,
    event: { ...item.event, context },
  })

  test.each(bad)('%s', async (_, spoil, message, path) => {
    const segment = connect(sandbox)
    const spoilt = spoil(event('u1', 'B')) as Item
    const report = await segment.deliver([event('u1', 'A'), spoilt, event('u1', 'C')])
    expect(statuses(report)).toEqual(['sent', 'dead', 'sent'])
    const outcome = report.results[1]?.outcome
    expect(outcome).toMatchObject({ fault: { path, message: expect.stringContaining(message) as string } })
    const { messages, rejected } = sandbox.inspect()
    expect(messages.map((one) => one.event)).toEqual(['A', 'C'])
    expect(rejected).toEqual([])
    sandbox.clock.advance(10_000)
    expect(sandbox.inspect().dropped).toEqual([])
  })

  test('the same for people, groups and consent', async () => {
    const segment = connect(sandbox)
    const base = (): { key: string; lane: string; at: string } => ({
      key: make.key(),
      lane: 'l',
      at: make.at(),
    })
    const who = { userId: 'u1' }
    const group = (groupId: string, set = {}): Item => ({
      kind: 'group',
      ...base(),
      groupType: 'company',
      groupId,
      set,
      member: who,
    })
    const report = await segment.deliver([
      profile('0', {}),
      { ...profile('u1', {}), set: [] as never },
      { ...profile('u1', {}), at: 'yesterday' },
      profile('u1', { bad: Infinity }),
      group(''),
      group('g'.repeat(501)),
      group('g'.repeat(499)),
      group('g'.repeat(500)),
      group('0-0'),
      group('g', wide(301)),
      { kind: 'link', ...base(), known: who, other: { anonymousId: 'anonymous' } },
      { kind: 'membership', ...base(), who: {}, segment: { form: 'attribute', id: 's' }, member: false },
      { kind: 'consent', ...base(), who: {}, channel: 'email', state: 'denied' },
    ])
    const dead = Array.from({ length: 6 }, () => 'dead')
    expect(statuses(report)).toEqual([...dead, 'sent', 'sent', 'dead', 'sent', 'dead', 'dead', 'dead'])
    expect(report.results[9]?.losses).toMatchObject([{ kind: 'dropped', path: 'set.p300' }])
  })

  test('what has no place is skipped, and says why', async () => {
    const segment = connect(sandbox)
    const base = (): { key: string; lane: string; at: string } => ({
      key: make.key(),
      lane: 'l',
      at: make.at(),
    })
    const who = { userId: 'u1' }
    const report = await segment.deliver([
      { kind: 'link', ...base(), known: who, other: { userId: 'u2' } },
      { kind: 'group', ...base(), groupType: 'team', groupId: 'g', set: {} },
      { kind: 'membership', ...base(), who, segment: { form: 'audience', id: 'vip' }, member: true },
      { ...event('u1', 'Old'), backfill: true },
      { ...event('u1', 'Old'), backfill: true, event: { type: 'page', event: 'Old', properties: {} } },
    ])
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'skipped', because: 'unsupported' },
      {
        status: 'skipped',
        because: 'unsupported',
        detail: expect.stringContaining('one of its members') as string,
      },
      {
        status: 'skipped',
        because: 'unsupported',
        detail: expect.stringContaining('cannot be put into a Segment audience') as string,
      },
      { status: 'sent' },
      { status: 'skipped', because: 'disabled' },
    ])
    expect(report.results[1]?.losses).toMatchObject([{ path: 'groupType', kind: 'dropped' }])
    expect(report.results[3]?.losses).toMatchObject([{ path: 'event.event', kind: 'renamed' }])
    expect(sandbox.inspect().messages).toMatchObject([{ event: 'Old (backfill)' }])
    const refusing = createSegment({ baseUrl: sandbox.url, writeKey: 'k', backfill: 'refuse' }, sandbox.host)
    expect(statuses(await refusing.deliver([{ ...event('u1', 'Old'), backfill: true }]))).toEqual(['skipped'])
  })
})
