import type { ConsentItem, EventItem, Identity, Loss, Value, Values } from '@tripline/model'
import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { createEventMapper } from './events.ts'
import { identifierOf, isFault } from './identifier.ts'
import { createProfileMapper, profileFields } from './profiles.ts'
import { segmentAttribute, toConsent } from './segments.ts'

const options = { baseUrl: 'https://rest.example.com' }
const item = (properties: Values, extra: Partial<EventItem> = {}): EventItem => ({
  kind: 'event',
  key: 'k',
  lane: 'u',
  at: '2026-11-01T10:00:00.000Z',
  who: { userId: 'u' },
  event: { type: 'track', event: 'E', properties },
  ...extra,
})
const now = Date.parse('2026-11-02T00:00:00.000Z')
function mapped(given: EventItem): { readonly made: object; readonly losses: readonly string[] } {
  const losses: Loss[] = []
  const made = createEventMapper(options).toBrazeEvent(given, now, losses)
  return { made, losses: losses.map(({ path, kind }) => `${kind} ${path}`) }
}

describe('events', () => {
  test('reserved names are renamed, $names and null are dropped, each with its loss', () => {
    expect(mapped(item({ time: 'noon', $x: 1, empty: null, ok: '' }))).toEqual({
      made: { name: 'E', time: '2026-11-01T10:00:00.000Z', properties: { property_time: 'noon', ok: '' } },
      losses: [
        'renamed event.properties.time',
        'dropped event.properties.$x',
        'dropped event.properties.empty',
      ],
    })
  })
  test('a reserved name never takes the place of a property that is there', () => {
    expect(mapped(item({ property_time: 'own', time: 'noon' }))).toEqual({
      made: { name: 'E', time: '2026-11-01T10:00:00.000Z', properties: { property_time: 'own' } },
      losses: ['dropped event.properties.time'],
    })
  })
  test('a back-dated event goes under a muted name', () => {
    expect(mapped(item({}, { backfill: true }))).toMatchObject({
      made: { name: 'E (backfill)' },
      losses: ['renamed event.event'],
    })
  })
  test('a time in the future becomes the time of arrival, and says so', () => {
    expect(mapped(item({}, { at: '2027-01-01T00:00:00.000Z' })).losses).toEqual(['coerced at'])
  })
  test.each([255, 256])('a name of %i characters', (length) => {
    const { made } = mapped(item({}, { event: { type: 'track', event: 'n'.repeat(length), properties: {} } }))
    expect('code' in made).toBe(length > 255)
  })
  test('the most important 256 of 300 properties stay, by the registry', () => {
    const properties = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`p${index}`, index]))
    const mapper = createEventMapper({ ...options, fields: [{ of: 'event', name: 'p299', type: 'number' }] })
    const losses: Loss[] = []
    const made = mapper.toBrazeEvent(item(properties), now, losses) as unknown as { properties: Values }
    expect(Object.keys(made.properties)).toHaveLength(256)
    expect(made.properties).toHaveProperty('p299')
    expect(losses).toHaveLength(44)
  })
  fcTest.prop([fc.string({ unit: 'grapheme', minLength: 200, maxLength: 300 })])(
    'a text is cut within 255, never inside a code point',
    (text) => {
      const losses: Loss[] = []
      const made = createEventMapper(options).toBrazeEvent(item({ text }), now, losses) as unknown as {
        properties: { text: string }
      }
      expect(made.properties.text.length).toBeLessThanOrEqual(255)
      expect(text.startsWith(made.properties.text)).toBe(true)
      expect(Buffer.from(made.properties.text).toString()).toBe(made.properties.text)
      expect(losses).toHaveLength(text.length > 255 ? 1 : 0)
    },
  )
})

describe('people', () => {
  test('vendor id, then userId, then the alias; ids are never cut', () => {
    expect(identifierOf({ userId: 'u', vendorIds: { braze: 'b' } }, 'l')).toEqual({ braze_id: 'b' })
    expect(identifierOf({ userId: '00001' }, 'l')).toEqual({ external_id: '00001' })
    expect(identifierOf({ anonymousId: 'a' }, 'l')).toMatchObject({
      user_alias: { alias_name: 'a', alias_label: 'l' },
    })
    expect(isFault(identifierOf({ userId: 'ü'.repeat(493) }, 'l'))).toBe(false)
    expect(isFault(identifierOf({ userId: 'ü'.repeat(494) }, 'l'))).toBe(true)
    expect(isFault(identifierOf({ email: 'a@b.c' }, 'l'))).toBe(true)
  })
  test.each([
    { userId: 7 },
    { userId: '' },
    { userId: 'half \ud83e' },
    { anonymousId: '' },
    { vendorIds: { braze: 7 } },
  ])('no id: %j', (who) => {
    expect(identifierOf(who as unknown as Identity, 'l')).toMatchObject({ code: 'invalid' })
  })
  const attributes = (
    set: Values,
    before?: Values,
  ): { readonly made: Record<string, Value>; readonly losses: readonly string[] } => {
    const losses: Loss[] = []
    const made = createProfileMapper(options).toAttributes(set, before, losses)
    return { made, losses: losses.map(({ path, kind }) => `${kind} ${path}`) }
  }
  test('every row of the table', () => {
    const given: Record<string, Value> = {
      email: ' A@B.C ',
      phone: '+4915112345678',
      gender: 'female',
      birthday: '1990-02-03T00:00:00.000Z',
      address: { city: 'Ulm', country: 'de', street: 'x' },
    }
    expect(attributes(given).made).toEqual({
      email: 'a@b.c',
      phone: '+4915112345678',
      gender: 'F',
      dob: '1990-02-03',
      home_city: 'Ulm',
      country: 'DE',
      address: { street: 'x' },
    })
    expect(Object.keys(profileFields)).toHaveLength(10)
  })
  test('what does not fit is dropped with its loss, the rest stays', () => {
    expect(attributes({ phone: '0151', plan: 'pro', nested: { 'a.b': 1, ok: 2 } })).toEqual({
      made: { plan: 'pro', nested: { ok: 2 } },
      losses: ['dropped set.phone', 'dropped set.nested.a.b'],
    })
  })
  test('a trait never names another person nor grants consent', () => {
    const set = { external_id: 'u2', braze_id: 'b', _update_existing_only: true, email_subscribe: 'opted_in' }
    expect(attributes({ ...set, plan: 'pro' })).toEqual({
      made: { plan: 'pro' },
      losses: Object.keys(set).map((name) => `dropped set.${name}`),
    })
    expect(() =>
      createProfileMapper({ ...options, fields: [{ of: 'user', name: 'braze_id', type: 'string' }] }),
    ).toThrow('rename it')
  })
  test('a dollar sign in front is taken off; what meets then is told, declared names at start', () => {
    expect(attributes({ plan: 'a', $plan: 'b', $tier: 1 })).toEqual({
      made: { plan: 'a', tier: 1 },
      losses: ['collapsed set.$plan', 'renamed set.$tier'],
    })
    const fields = ['$plan', 'plan'].map((name) => ({ of: 'user', name, type: 'string' }) as const)
    expect(() => createProfileMapper({ ...options, fields })).toThrow('both become "plan"')
  })
  test('what Braze keeps as the same is no change', () => {
    const before = {
      email: 'a@b.c',
      gender: 'F',
      birthday: '1990-02-03',
      labels: ['a', 'b'],
      seenAt: '2026-11-01T10:00:00.000Z',
      nested: { x: 1, y: 2 },
      address: { city: 'Ulm', country: 'DE', street: 'x' },
    }
    const after = {
      email: 'A@b.c ',
      gender: 'female',
      birthday: '1990-02-03T00:00:00.000Z',
      labels: ['b', 'a', 'a'],
      seenAt: '2026-11-01T11:00:00+01:00',
      nested: { y: 2, x: 1 },
      address: { city: 'Ulm', country: 'de', street: 'x' },
    }
    const fields = [
      { of: 'user', name: 'labels', type: 'strings' },
      { of: 'user', name: 'seenAt', type: 'instant' },
    ] as const
    expect(createProfileMapper({ ...options, fields }).toAttributes(after, before, [])).toEqual({})
  })
  test('a read value that is not of its declared type is missing', () => {
    const types = {
      score: 'number',
      tier: 'integer',
      vip: 'boolean',
      seenOn: 'date',
      plan: 'string',
    } as const
    const fields = Object.entries(types).map(([name, type]) => ({ of: 'user', name, type }) as const)
    const { fromUser } = createProfileMapper({ ...options, fields })
    const names = fields.map(({ name }) => name)
    const user = (custom_attributes: Values) => ({ external_id: 'u', custom_attributes })
    const good = { score: '2.5', tier: 3, vip: 'true', seenOn: '2026-01-31T00:00:00.000Z', plan: '007' }
    expect(fromUser(user(good), names)).toEqual({
      score: 2.5,
      tier: 3,
      vip: true,
      seenOn: '2026-01-31',
      plan: '007',
    })
    const bad = { score: 'many', tier: 1.5, vip: 'yes', seenOn: 'soon', plan: 7 }
    expect(fromUser(user(bad), names)).toEqual({})
  })
  test('null is sent only when something is there to clear', () => {
    expect(attributes({ a: null, b: null }, { a: 1 }).made).toEqual({ a: null })
    expect(attributes({ a: null }).made).toEqual({ a: null })
  })
})

describe('consent and segments', () => {
  const consent = (extra: Partial<ConsentItem>): ConsentItem => ({
    kind: 'consent',
    key: 'k',
    lane: 'u',
    at: '2026-11-01T10:00:00.000Z',
    who: { userId: 'u' },
    channel: 'email',
    state: 'granted',
    ...extra,
  })
  test('granted is opted_in only with a recorded basis', () => {
    expect(toConsent(consent({}), [])).toEqual({ email_subscribe: 'subscribed' })
    expect(toConsent(consent({ basis: 'form 2026-11-01' }), [])).toEqual({ email_subscribe: 'opted_in' })
    expect(toConsent(consent({ state: 'denied' }), [])).toEqual({ email_subscribe: 'unsubscribed' })
    expect(toConsent(consent({ channel: 'sms' }), [])).toBeUndefined()
    expect(toConsent(consent({ channel: 'sms', topic: 'g1' }), [])).toEqual({
      subscription_groups: [{ subscription_group_id: 'g1', subscription_state: 'subscribed' }],
    })
  })
  test('a segment becomes a plain attribute name', () => {
    expect(segmentAttribute('High value – at risk')).toBe('seg_high_value_at_risk')
  })
})
