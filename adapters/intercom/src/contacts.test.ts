import { describe, expect, test } from 'vitest'
import { openIntercom, profileOf, statuses } from '../fixtures/open-sandbox.ts'

const findRoute = 'GET /contacts/find_by_external_id/{external_id}'
const putRoute = 'PUT /contacts/{contact_id}'
const attribute = (
  name: string,
  data_type: 'string' | 'integer' | 'float' | 'boolean' | 'date' = 'string',
) => ({
  name,
  data_type,
})

describe('profiles', () => {
  test('look up, create; then the id is known and one call does', async () => {
    const { sandbox, intercom, requests } = await openIntercom()
    const report = await intercom.deliver([
      profileOf('1', 'u1', { email: 'Ada@Example.com', name: 'Ada', createdAt: '2026-01-01T00:00:00.500Z' }),
    ])
    expect(report.results[0]).toMatchObject({
      outcome: { status: 'sent', proof: 'stored', vendorId: sandbox.inspect().contacts[0]?.id },
      done: ['contact'],
      losses: [
        { path: 'set.email', kind: 'coerced' },
        { path: 'set.createdAt', kind: 'rounded' },
      ],
    })
    expect(requests()).toEqual([findRoute, 'POST /contacts'])
    expect(sandbox.inspect().contacts).toMatchObject([
      { role: 'user', external_id: 'u1', email: 'ada@example.com', name: 'Ada', signed_up_at: 1_767_225_600 },
    ])
    expect(await statuses(intercom, [profileOf('2', 'u1', { name: 'Ada L.' })])).toEqual(['sent'])
    expect(requests()).toEqual([putRoute])
    expect(sandbox.inspect().contacts).toMatchObject([{ name: 'Ada L.', email: 'ada@example.com' }])
  })

  test('several items of one person leave as one write', async () => {
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      { seed: { dataAttributes: [attribute('plan')] } },
    )
    const items = [
      profileOf('1', 'u1', { plan: 'free', name: 'Ada' }),
      profileOf('2', 'u1', { plan: 'gold' }),
      profileOf('3', 'u2', { plan: 'free' }),
    ]
    expect(await statuses(intercom, items)).toEqual(['sent', 'sent', 'sent'])
    expect(requests().filter((route) => route === 'POST /contacts')).toHaveLength(2)
    expect(sandbox.inspect().contacts.find((one) => one.external_id === 'u1')).toMatchObject({
      name: 'Ada',
      custom_attributes: { plan: 'gold' },
    })
  })

  test('an attribute that is not there: dead, with its path, and the rest arrives', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed: { dataAttributes: [attribute('plan')] } })
    const report = await intercom.deliver([
      profileOf('1', 'u1', { plan: 'gold' }),
      profileOf('2', 'u1', { shoeSize: 38 }),
      profileOf('3', 'u1', { name: 'Ada' }),
    ])
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'dead', 'sent'])
    expect(report.results[1]?.outcome).toMatchObject({
      fault: {
        code: 'invalid',
        path: 'set.shoeSize',
        message: expect.stringContaining('fields apply') as unknown,
      },
    })
    expect(sandbox.inspect().contacts).toMatchObject([{ name: 'Ada', custom_attributes: { plan: 'gold' } }])
  })

  test('… or dropped with a loss, by option', async () => {
    const { intercom } = await openIntercom({ unknownAttributes: 'drop' })
    const report = await intercom.deliver([profileOf('1', 'u1', { shoeSize: 38, name: 'Ada' })])
    expect(report.results[0]).toMatchObject({
      outcome: { status: 'sent' },
      losses: [{ path: 'set.shoeSize', kind: 'dropped' }],
    })
  })

  test('without the permission to read attributes Intercom itself refuses, item by item', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed: { dataAttributes: [attribute('plan')] } })
    sandbox.configure({ scopes: ['read_contacts', 'write_contacts'] })
    const items = [profileOf('1', 'u1', { plan: 'gold' }), profileOf('2', 'u1', { shoeSize: 38 })]
    const first = await intercom.deliver(items)
    expect(first.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry'])
    const next = await intercom.deliver(items)
    expect(next.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'dead'])
    expect(next.results[1]?.outcome).toMatchObject({ fault: { path: 'set.shoeSize' } })
    expect(sandbox.inspect().contacts).toMatchObject([{ custom_attributes: { plan: 'gold' } }])
  })

  test('an attribute made after ours were read is found', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed: { dataAttributes: [attribute('plan')] } })
    await intercom.deliver([profileOf('1', 'u1', { plan: 'gold' })])
    sandbox.seed({ dataAttributes: [attribute('city')] })
    sandbox.clock.advance(11_000)
    expect(await statuses(intercom, [profileOf('2', 'u1', { city: 'Riga' })])).toEqual(['sent'])
  })

  test('null clears, also an attribute; an absent name is left alone', async () => {
    const { sandbox, intercom } = await openIntercom(
      {},
      { seed: { dataAttributes: [attribute('plan'), attribute('city')] } },
    )
    await intercom.deliver([profileOf('1', 'u1', { plan: 'gold', city: 'Riga', name: 'Ada' })])
    await intercom.deliver([profileOf('2', 'u1', { plan: null, name: null })])
    expect(sandbox.inspect().contacts).toMatchObject([{ name: null, custom_attributes: { city: 'Riga' } }])
  })

  test('what did not change against `before` is not sent', async () => {
    const { intercom, requests } = await openIntercom()
    const report = await intercom.deliver([
      profileOf(
        '1',
        'u1',
        { name: 'Ada', email: 'A@example.com' },
        { before: { name: 'Ada', email: 'a@example.com' } },
      ),
    ])
    expect(report.results[0]?.outcome).toEqual({ status: 'skipped', because: 'unchanged' })
    expect(requests()).toEqual([])
  })

  test('an archived twin is a conflict, and is revived only by option', async () => {
    const { sandbox, intercom, connect } = await openIntercom(
      {},
      {
        seed: { contacts: [{ id: 'a'.repeat(24), external_id: 'u1', standing: 'archived' }] },
      },
    )
    const report = await intercom.deliver([profileOf('1', 'u1', { name: 'Ada' })])
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'dead',
      fault: { code: 'conflict', message: expect.stringContaining('reviveArchived') as unknown },
    })
    expect(
      await statuses(connect({ reviveArchived: true }), [profileOf('1', 'u1', { name: 'Ada' })]),
    ).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ standing: 'active', name: 'Ada' }])
  })

  test('reviving never brings back somebody else’s contact, whose address it is', async () => {
    const { sandbox, intercom } = await openIntercom(
      { reviveArchived: true },
      { seed: { contacts: [{ external_id: 'u2', email: 'shared@example.com', standing: 'archived' }] } },
    )
    const report = await intercom.deliver([
      profileOf('1', 'u1', { email: 'shared@example.com', name: 'Mallory' }),
    ])
    expect(report.results[0]?.outcome).toMatchObject({ status: 'dead', fault: { code: 'conflict' } })
    expect(sandbox.inspect().contacts).toMatchObject([
      { external_id: 'u2', standing: 'archived', name: null },
      { external_id: 'u1', email: null, name: 'Mallory' },
    ])
  })

  test('an address found by search, but claimed since', async () => {
    const id = 'd'.repeat(24)
    const { sandbox, intercom, connect } = await openIntercom(
      { emailIdentifies: true },
      { seed: { contacts: [{ id, role: 'lead', email: 'ada@example.com' }] } },
    )
    const by = (userId: string) =>
      profileOf(userId, userId, { name: userId }, { who: { userId, email: 'ada@example.com' } })
    expect(await statuses(intercom, [by('u1')])).toEqual(['sent'])
    // Search still shows the lead.
    expect(await statuses(connect(), [by('u2')])).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([
      { id, external_id: 'u1', name: 'u1' },
      { external_id: 'u2', name: 'u2' },
    ])
  })

  test('without the permission to read attributes, dropping goes by what Intercom refuses', async () => {
    const { sandbox, intercom } = await openIntercom(
      { unknownAttributes: 'drop' },
      { seed: { dataAttributes: [attribute('plan')] } },
    )
    sandbox.configure({ scopes: ['read_contacts', 'write_contacts'] })
    const report = await intercom.deliver([profileOf('1', 'u1', { plan: 'gold', shoeSize: 38, hat: 'blue' })])
    expect(report.results[0]).toMatchObject({
      outcome: { status: 'sent' },
      losses: [
        { path: 'set.shoeSize', kind: 'dropped' },
        { path: 'set.hat', kind: 'dropped' },
      ],
    })
    expect(sandbox.inspect().contacts).toMatchObject([{ custom_attributes: { plan: 'gold' } }])
  })

  test('a deleted twin cannot be brought back', async () => {
    const { intercom } = await openIntercom(
      { reviveArchived: true },
      {
        seed: { contacts: [{ id: 'b'.repeat(24), external_id: 'u1', standing: 'deleted' }] },
      },
    )
    const report = await intercom.deliver([profileOf('1', 'u1', { name: 'Ada' })])
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'dead',
      fault: { code: 'conflict', status: 400 },
    })
  })

  test('the address of another user never leads to that user', async () => {
    const { sandbox, intercom } = await openIntercom(
      {},
      {
        seed: { contacts: [{ id: 'c'.repeat(24), external_id: 'u2', email: 'shared@example.com' }] },
      },
    )
    const report = await intercom.deliver([
      profileOf('1', 'u1', { email: 'shared@example.com', name: 'Mallory' }),
    ])
    expect(report.results[0]?.outcome).toMatchObject({ status: 'dead', fault: { code: 'conflict' } })
    expect(sandbox.inspect().contacts).toMatchObject([{ external_id: 'u2', name: null }])
  })

  test('a lead found by address becomes the user, where addresses identify', async () => {
    const { sandbox, intercom } = await openIntercom(
      { emailIdentifies: true },
      {
        seed: { contacts: [{ id: 'd'.repeat(24), role: 'lead', email: 'ada@example.com' }] },
      },
    )
    const item = profileOf('1', 'u1', { name: 'Ada' }, { who: { userId: 'u1', email: 'Ada@example.com' } })
    expect(await statuses(intercom, [item])).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ role: 'user', external_id: 'u1', name: 'Ada' }])
  })

  test('several with one address are ambiguous', async () => {
    const lead = { role: 'lead' as const, email: 'ada@example.com' }
    const { intercom } = await openIntercom({ emailIdentifies: true }, { seed: { contacts: [lead, lead] } })
    const report = await intercom.deliver([
      profileOf('1', 'u1', {}, { who: { userId: 'u1', email: 'ada@example.com' } }),
    ])
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'dead',
      fault: { code: 'conflict', path: 'who.email' },
    })
  })

  test('a merged contact is followed to where it lives on, and remembered', async () => {
    const [old, now] = ['e'.repeat(24), 'f'.repeat(24)]
    const { sandbox, intercom, requests } = await openIntercom(
      {},
      {
        seed: {
          contacts: [
            { id: now, external_id: 'u2' },
            { id: old, external_id: 'u1', standing: 'merged', merged_into: now },
          ],
        },
      },
    )
    expect(await statuses(intercom, [profileOf('1', 'u1', { name: 'Ada' })])).toEqual(['sent'])
    expect(requests()).toEqual([findRoute, 'GET /contacts/{contact_id}', putRoute])
    await intercom.deliver([profileOf('2', 'u1', { name: 'Ada L.' })])
    expect(requests()).toEqual([putRoute])
    expect(sandbox.inspect().contacts[0]).toMatchObject({ external_id: 'u2', name: 'Ada L.' })
  })

  test('a cached id that has gone is looked up anew', async () => {
    const { sandbox, intercom, cache } = await openIntercom(
      {},
      { seed: { contacts: [{ external_id: 'u1' }] } },
    )
    await cache.set(new Map([[`intercom:${sandbox.url}:contact:u1`, '0'.repeat(24)]]), 1e9)
    expect(await statuses(intercom, [profileOf('1', 'u1', { name: 'Ada' })])).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ name: 'Ada' }])
  })
})
