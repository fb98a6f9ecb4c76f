import type { Field } from '@tripline/model'
import { startHubspotSandbox, hubspotDefaults, type HubspotAccount } from '@tripline/sandbox/hubspot'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fields } from '../fixtures/open-sandbox.ts'
import { createHubSpot } from './connector.ts'
import type { HubSpotOptions } from './options.ts'

/** An account in which nothing of ours is there. */
async function openEmpty(options: HubSpotOptions = {}, account: Partial<HubspotAccount> = {}) {
  const sandbox = await startHubspotSandbox({ account })
  onTestFinished(() => sandbox.close())
  const hubspot = createHubSpot(
    { baseUrl: sandbox.url, accessToken: hubspotDefaults.accessToken, ...options },
    sandbox.host,
  )
  return { sandbox, hubspot }
}

describe('ensure', () => {
  test('makes everything in our group, and finds it there the next time', async () => {
    const { sandbox, hubspot } = await openEmpty({ fields })
    const first = await hubspot.schema.ensure(fields)
    expect(first.map(({ did }) => did)).toEqual(fields.map(() => 'created'))
    const { properties, eventDefinitions } = sandbox.inspect()
    expect(
      properties.contacts.map(({ name, type, fieldType, groupName }) => [name, type, fieldType, groupName]),
    ).toEqual([
      ['tripline_user_id', 'string', 'text', 'tripline'],
      ['plan', 'string', 'text', 'tripline'],
      ['ltv', 'number', 'number', 'tripline'],
      ['isvip', 'bool', 'booleancheckbox', 'tripline'],
      ['bornon', 'date', 'date', 'tripline'],
      ['seenat', 'datetime', 'date', 'tripline'],
      ['tags', 'enumeration', 'checkbox', 'tripline'],
      ['spent', 'number', 'number', 'tripline'],
      ['spent_currency', 'string', 'text', 'tripline'],
      ['prefs', 'string', 'textarea', 'tripline'],
    ])
    expect(properties.contacts[0]?.hasUniqueValue).toBe(true)
    expect(properties.companies.map(({ name, hasUniqueValue }) => [name, hasUniqueValue])).toEqual([
      ['tripline_group_id', true],
      ['seats', false],
    ])
    expect(eventDefinitions).toMatchObject([
      { name: 'product_added', label: 'Product Added', primaryObject: 'CONTACT' },
    ])
    expect(eventDefinitions[0]?.properties.map(({ name, type }) => [name, type])).toEqual([
      ['sku', 'string'],
      ['price', 'number'],
      ['isgift', 'enumeration'],
      ['shipon', 'datetime'],
      ['shipat', 'datetime'],
    ])
    const again = await hubspot.schema.ensure(fields)
    expect(again.map(({ did }) => did)).toEqual(fields.map(() => 'exists'))
    expect(first.find(({ field }) => field.name === 'tags')?.note).toMatch(/add them there/)
  })

  test('our id is made even without fields', async () => {
    const { sandbox, hubspot } = await openEmpty()
    expect(await hubspot.schema.ensure([])).toEqual([])
    expect(sandbox.inspect().properties.contacts).toMatchObject([
      { name: 'tripline_user_id', hasUniqueValue: true },
    ])
  })

  test('an event gets the properties that it lacks; those of every event go to each', async () => {
    const { sandbox, hubspot } = await openEmpty()
    const wanted: Field[] = [
      { of: 'event', event: 'A', name: 'x', type: 'string' },
      { of: 'event', event: 'B', name: 'y', type: 'money' },
      { of: 'event', name: 'plan', type: 'string' },
    ]
    await hubspot.schema.ensure(wanted.slice(0, 1))
    const done = await hubspot.schema.ensure(wanted)
    expect(done.map(({ did }) => did)).toEqual(['exists', 'created', 'created'])
    expect(
      sandbox
        .inspect()
        .eventDefinitions.map(({ name, properties }) => [name, properties.map((each) => each.name)]),
    ).toEqual([
      ['a', ['x', 'plan']],
      ['b', ['y', 'y_currency', 'plan']],
    ])
  })

  test('what is there with another type is refused, never changed', async () => {
    const { sandbox, hubspot } = await openEmpty()
    sandbox.seed({
      properties: { contacts: [{ name: 'plan', type: 'number', fieldType: 'number' }] },
      eventDefinitions: [{ name: 'a', properties: [{ name: 'x', type: 'number' }] }],
    })
    const done = await hubspot.schema.ensure([
      { of: 'user', name: 'plan', type: 'string' },
      { of: 'user', name: 'email', type: 'string' },
      { of: 'user', name: 'code', type: 'string', unique: true },
      { of: 'event', event: 'A', name: 'x', type: 'string' },
    ])
    expect(done.map(({ did }) => did)).toEqual(['refused', 'exists', 'created', 'refused'])
    expect(sandbox.inspect().properties.contacts.find(({ name }) => name === 'plan')?.type).toBe('number')
  })

  test('an id property that is not unique cannot be used', async () => {
    const { sandbox, hubspot } = await openEmpty()
    sandbox.seed({
      properties: { contacts: [{ name: 'tripline_user_id', type: 'string', fieldType: 'text' }] },
    })
    await expect(hubspot.schema.ensure([])).rejects.toMatchObject({ fault: { code: 'conflict' } })
  })

  test.each([
    [49, 0],
    [50, 0],
    [51, 1],
    [53, 3],
  ])('%i properties of an event: the last %i of the registry are refused', async (count, refused) => {
    const { hubspot } = await openEmpty()
    const wanted = Array.from({ length: count }, (_, index): Field => ({
      of: 'event',
      event: 'A',
      name: `p${index}`,
      type: 'string',
    }))
    const done = await hubspot.schema.ensure(wanted)
    expect(done.map(({ did }) => did)).toEqual(
      wanted.map((_, index) => (index < count - refused ? 'created' : 'refused')),
    )
  })

  test('an amount that would be the fiftieth property stays out with its currency', async () => {
    const { sandbox, hubspot } = await openEmpty()
    const base = { of: 'event', event: 'A', type: 'string' } as const
    const done = await hubspot.schema.ensure([
      ...Array.from({ length: 49 }, (_, index): Field => ({ ...base, name: `p${index}` })),
      { ...base, name: 'paid', type: 'money' },
    ])
    expect(done.at(-1)).toMatchObject({ did: 'refused', note: expect.stringMatching(/50/) as string })
    expect(sandbox.inspect().eventDefinitions[0]?.properties).toHaveLength(49)
  })

  test('ten unique properties, ours among them', async () => {
    const { hubspot } = await openEmpty()
    const wanted = Array.from({ length: 10 }, (_, index): Field => ({
      of: 'user',
      name: `p${index}`,
      type: 'string',
      unique: true,
    }))
    const done = await hubspot.schema.ensure(wanted)
    expect(done.map(({ did }) => did)).toEqual([...Array.from({ length: 9 }, () => 'created'), 'refused'])
  })

  test('without an Enterprise hub events are refused, with the tier named', async () => {
    const { hubspot } = await openEmpty({}, { tier: 'professional' })
    const [event, user] = await hubspot.schema.ensure([
      { of: 'event', event: 'A', name: 'x', type: 'string' },
      { of: 'user', name: 'plan', type: 'string' },
    ])
    expect(event).toMatchObject({ did: 'refused', note: expect.stringMatching(/Enterprise/) as string })
    expect(user).toMatchObject({ did: 'created' })
  })

  test('a lost answer makes everything once', async () => {
    const { sandbox, hubspot } = await openEmpty({ fields })
    sandbox.chaos({
      script: [
        { kind: 'reset-after', on: '/groups' },
        { kind: 'reset-after', on: 'POST /crm/properties/2026-09/contacts/groups' },
        { kind: 'reset-after', on: 'contacts/batch/create' },
        { kind: 'reset-after', on: 'POST /events/custom/2026-09/event-definitions' },
      ],
    })
    const done = await hubspot.schema.ensure(fields)
    expect(done.filter(({ did }) => did !== 'created' && did !== 'exists')).toEqual([])
    expect(sandbox.inspect().properties.contacts).toHaveLength(10)
  })

  test('a dry run makes nothing', async () => {
    const { sandbox, hubspot } = await openEmpty({ fields })
    const done = await hubspot.schema.ensure(fields, { dryRun: true })
    expect(new Set(done.map(({ did }) => did))).toEqual(new Set(['planned']))
    expect(sandbox.requests()).toEqual([])
  })
})

describe('read', () => {
  test('properties and events, by canonical names where they are known', async () => {
    const { hubspot } = await openEmpty({ fields })
    await hubspot.schema.ensure(fields)
    const read = await hubspot.schema.read()
    expect(read).toEqual(
      expect.arrayContaining([
        { of: 'user', name: 'isVip', type: 'boolean', vendorName: 'isvip', writable: true },
        { of: 'user', name: 'firstName', type: 'string', vendorName: 'firstname', writable: true },
        {
          of: 'user',
          name: 'tripline_user_id',
          type: 'string',
          vendorName: 'tripline_user_id',
          writable: true,
          unique: true,
        },
        { of: 'group', name: 'seats', type: 'number', vendorName: 'seats', writable: true },
        {
          of: 'event',
          event: 'product_added',
          name: 'price',
          type: 'number',
          vendorName: 'price',
          writable: true,
        },
      ]),
    )
    expect(read.find(({ vendorName }) => vendorName === 'lastmodifieddate')?.writable).toBe(false)
  })

  test('an account without custom events still has properties', async () => {
    const { hubspot } = await openEmpty({}, { tier: 'free' })
    const read = await hubspot.schema.read()
    expect(read.some(({ of }) => of === 'user')).toBe(true)
    expect(read.some(({ of }) => of === 'event')).toBe(false)
  })
})
