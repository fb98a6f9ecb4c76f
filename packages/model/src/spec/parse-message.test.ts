import { test as fcTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Item } from '../item.ts'
import { parseMessage } from './parse-message.ts'
import type { ParseOptions } from './parse-options.ts'

const at = '2026-11-01T10:00:00.000Z'
const track = { type: 'track', messageId: 'm1', userId: 'u1', event: 'Signed Up', timestamp: at }

function items(message: unknown, options?: ParseOptions): readonly Item[] {
  const parsed = parseMessage(message, options)
  if (!parsed.ok) throw new Error(`refused: ${JSON.stringify(parsed.mistakes)}`)
  return parsed.items
}
function paths(message: unknown): readonly string[] {
  const parsed = parseMessage(message)
  return parsed.ok ? [] : parsed.mistakes.map((mistake) => mistake.path)
}

describe('translation', () => {
  test('track becomes an event item that keeps properties and context as they are', () => {
    const properties = { price: 1, note: '', gone: null, list: [{ deep: true }] }
    const context = { ip: '1.2.3.4' }
    const [item, ...rest] = items({ ...track, properties, context })
    expect(rest).toEqual([])
    expect(item).toEqual({
      kind: 'event',
      key: 'm1',
      lane: 'u1',
      at,
      who: { userId: 'u1' },
      event: { type: 'track', event: 'Signed Up', properties, context },
    })
    expect(item?.kind === 'event' && item.event.properties).toBe(properties)
  })

  test('page and screen take their name, and category joins the properties', () => {
    const page = { type: 'page', messageId: 'm1', anonymousId: 'a1', timestamp: at }
    expect(items({ ...page, name: 'Home', category: 'Shop', properties: { url: 'u' } })).toMatchObject([
      { lane: 'a1', event: { type: 'page', event: 'Home', properties: { url: 'u', category: 'Shop' } } },
    ])
    expect(items({ ...page, type: 'screen', properties: { name: 'Cart' } })).toMatchObject([
      { event: { type: 'screen', event: 'Cart' } },
    ])
    expect(items(page)).toMatchObject([{ event: { event: '' } }])
    expect(paths({ ...page, name: 5, category: false })).toEqual(['name', 'category'])
  })

  test('a page whose two categories differ keeps the one in properties and says so', () => {
    const parsed = parseMessage({
      type: 'page',
      messageId: 'm1',
      userId: 'u1',
      timestamp: at,
      category: 'A',
      properties: { category: 'B' },
    })
    expect(parsed).toMatchObject({
      items: [{ event: { properties: { category: 'B' } } }],
      notes: [{ path: 'category', kind: 'dropped' }],
    })
  })

  test('identify becomes a profile item, with a link before it when both ids are there', () => {
    const identify = {
      type: 'identify',
      messageId: 'm1',
      userId: 'u1',
      timestamp: at,
      traits: { plan: null },
    }
    expect(items(identify)).toEqual([
      { kind: 'profile', key: 'm1', lane: 'u1', at, who: { userId: 'u1' }, set: { plan: null } },
    ])
    expect(items({ ...identify, anonymousId: 'a1' })).toEqual([
      { kind: 'link', key: 'm1#link', lane: 'u1', at, known: { userId: 'u1' }, other: { anonymousId: 'a1' } },
      {
        kind: 'profile',
        key: 'm1',
        lane: 'u1',
        at,
        who: { userId: 'u1', anonymousId: 'a1' },
        set: { plan: null },
      },
    ])
    expect(items({ ...identify, anonymousId: 'u1' })).toHaveLength(1)
  })

  test('group becomes a group item with the person as member', () => {
    const group = { type: 'group', messageId: 'm1', userId: 'u1', timestamp: at, groupId: '007' }
    expect(items(group)).toEqual([
      {
        kind: 'group',
        key: 'm1',
        lane: 'u1',
        at,
        groupType: 'company',
        groupId: '007',
        set: {},
        member: { userId: 'u1' },
      },
    ])
    expect(items(group, { groupType: 'workspace' })).toMatchObject([{ groupType: 'workspace' }])
    expect(paths({ ...group, groupId: 7 })).toEqual(['groupId'])
    expect(paths({ ...group, groupId: '' })).toEqual(['groupId'])
  })

  test('alias links only from an anonymous id; two known people stay two', () => {
    const alias = { type: 'alias', messageId: 'm1', userId: 'u1', previousId: 'x', timestamp: at }
    const link = { kind: 'link', key: 'm1', known: { userId: 'u1' }, other: { anonymousId: 'x' } }
    expect(parseMessage(alias)).toMatchObject({
      ok: true,
      items: [],
      notes: [{ path: 'previousId', kind: 'not-linked' }],
    })
    expect(items({ ...alias, anonymousId: 'x' })).toMatchObject([link])
    expect(items(alias, { isAnonymousId: (id) => id === 'x' })).toMatchObject([link])
    expect(items({ ...alias, previousId: 'u1' }, { isAnonymousId: () => true })).toEqual([])
    expect(paths({ type: 'alias', messageId: 'm1', anonymousId: 'a', timestamp: at })).toEqual([
      'previousId',
      'userId',
    ])
  })

  test('the consent event becomes one consent item for each category', () => {
    const message = {
      ...track,
      event: 'Segment Consent Preference Updated',
      context: { consent: { categoryPreferences: { email: true, C0001: false } } },
    }
    expect(items(message)).toEqual([
      {
        kind: 'consent',
        key: 'm1#consent:email',
        lane: 'u1',
        at,
        who: { userId: 'u1' },
        channel: 'email',
        state: 'granted',
      },
      {
        kind: 'consent',
        key: 'm1#consent:C0001',
        lane: 'u1',
        at,
        who: { userId: 'u1' },
        channel: 'C0001',
        state: 'denied',
      },
    ])
    const consentOf = (category: string) =>
      category === 'email' ? { channel: 'email', topic: 'news', basis: 'act' } : undefined
    expect(parseMessage(message, { consentOf })).toMatchObject({
      items: [{ channel: 'email', topic: 'news', basis: 'act' }],
      notes: [{ path: 'context.consent.categoryPreferences.C0001', kind: 'dropped' }],
    })
  })

  test('a consent event without preferences, or with other than booleans, is refused', () => {
    const message = { ...track, event: 'Segment Consent Preference Updated' }
    const path = 'context.consent.categoryPreferences'
    expect(paths(message)).toEqual(['context'])
    expect(paths({ ...message, context: { consent: 'yes' } })).toEqual(['context.consent'])
    expect(paths({ ...message, context: { consent: {} } })).toEqual([path])
    expect(
      paths({ ...message, context: { consent: { categoryPreferences: { a: 1, 'b c': 'true' } } } }),
    ).toEqual([`${path}.a`, `${path}["b c"]`])
    expect(parseMessage({ ...message, context: { consent: { categoryPreferences: {} } } })).toMatchObject({
      items: [],
      notes: [{ path }],
    })
  })

  test('laneOf replaces the lane; identityTraits adds plausible e-mail and phone', () => {
    expect(items(track, { laneOf: (who) => `person:${who.userId}` })).toMatchObject([{ lane: 'person:u1' }])
    const traits = { email: 'a@b.example', phone: '0151' }
    const identify = { type: 'identify', messageId: 'm1', userId: 'u1', timestamp: at, traits }
    expect(items(identify)).toMatchObject([{ who: { userId: 'u1' } }])
    expect(items(identify, { identityTraits: true })).toEqual([
      {
        kind: 'profile',
        key: 'm1',
        lane: 'u1',
        at,
        who: { userId: 'u1', email: 'a@b.example' },
        set: traits,
      },
    ])
    expect(items({ ...track, context: { traits } }, { identityTraits: true })).toMatchObject([
      { who: { userId: 'u1', email: 'a@b.example' } },
    ])
  })

  test('what has no place in the model is noted', () => {
    const parsed = parseMessage({
      ...track,
      propertes: {},
      traits: {},
      integrations: { All: false },
      sentAt: at,
    })
    expect(parsed).toMatchObject({
      ok: true,
      notes: [{ path: 'propertes' }, { path: 'traits' }, { path: 'integrations' }],
    })
    expect(parseMessage({ ...track, integrations: {} })).toMatchObject({ notes: [] })
  })
})

describe('time and key', () => {
  test('a zone becomes UTC, a missing time is the time of receipt', () => {
    expect(items({ ...track, timestamp: '2026-11-01T12:00:00+02:00' })).toMatchObject([{ at }])
    const { timestamp: _, ...untimed } = track
    expect(items(untimed, { receivedAt: at })).toMatchObject([{ at }])
    expect(items(untimed, { clock: { now: () => Date.parse(at) } })).toMatchObject([{ at }])
    expect(parseMessage({ ...track, timestamp: '2026-11-01T10:00:00.0009Z' })).toMatchObject({
      items: [{ at }],
      notes: [{ path: 'timestamp', kind: 'rounded' }],
    })
  })

  test.each([1_793_527_200_000, new Date(), '2026-11-01T10:00:00', '2026-11-01', '2026-02-30T10:00:00Z', ''])(
    'refuses the timestamp %s',
    (timestamp) => {
      expect(paths({ ...track, timestamp })).toEqual(['timestamp'])
    },
  )

  test('a missing messageId is a hash that does not depend on the order of names', () => {
    const { messageId: _, ...message } = track
    const [first] = items({ ...message, properties: { a: 1, b: { c: 2, d: 3 } }, sentAt: at })
    const [second] = items({ properties: { b: { d: 3, c: 2 }, a: 1 }, ...message })
    expect(first?.key).toMatch(/^[0-9a-f]{64}$/)
    expect(second?.key).toBe(first?.key)
    const others = [
      { ...message, properties: { a: 1, b: { c: 2, d: 4 } } },
      { ...message, userId: 'u2' },
      { ...message, event: 'Other' },
      { ...message, timestamp: '2026-11-01T10:00:00.001Z' },
      { ...message, properties: { a: null } },
      { ...message, properties: {} },
    ]
    const keys = others.map((other) => items(other)[0]?.key)
    expect(new Set([...keys, first?.key]).size).toBe(others.length + 1)
  })

  test('the derived id is pinned: it must never change between versions', () => {
    const { messageId: _, ...message } = track
    expect(items(message)[0]?.key).toBe('c961a9dd908066a1f1652013ef247c601a36adb9d4d34b2f8a52a755bc86e0a4')
  })
})

const id = fc.string({ unit: 'grapheme', minLength: 1 })
const values = fc.dictionary(fc.string(), fc.jsonValue())

describe('laws', () => {
  fcTest.prop([id, id, id, values])(
    'ids and values come out as they went in',
    (userId, messageId, event, properties) => {
      fc.pre(event !== 'Segment Consent Preference Updated')
      const [item] = items({ type: 'track', userId, messageId, event, properties, timestamp: at })
      expect(item).toMatchObject({ key: messageId, lane: userId, who: { userId } })
      expect(item?.kind === 'event' && item.event).toEqual({ type: 'track', event, properties })
    },
  )

  fcTest.prop([
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom<unknown>('', null, '00001', 0, false, [])),
  ])("'', null and absent stay three things in traits", (traits) => {
    const [item] = items({ type: 'identify', messageId: 'm1', userId: 'u1', timestamp: at, traits })
    expect(item?.kind === 'profile' && item.set).toStrictEqual(traits)
  })
})
