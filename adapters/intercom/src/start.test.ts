import type { StartItem } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, openIntercom } from '../fixtures/open-sandbox.ts'

const start = (via: StartItem['via'], data?: StartItem['data'], userId = 'u1'): StartItem => ({
  key: 'k1',
  lane: userId,
  at,
  who: { userId },
  via,
  ...(data && { data }),
})
const inapp = start({ kind: 'message', id: 'inapp' }, { body: 'Hello' })
const seed = {
  contacts: [{ id: 'a'.repeat(24), external_id: 'u1', email: 'a@example.com' }],
  tags: [{ id: '9', name: 'trg' }],
}
const adminId = '991267459'

test('an event, with its data as metadata', async () => {
  const { sandbox, intercom } = await openIntercom({}, { seed })
  const report = await intercom.start([start({ kind: 'event', id: 'trigger-abandoned-cart' }, { items: 3 })])
  expect(report.results[0]?.outcome).toMatchObject({ status: 'sent' })
  expect(sandbox.inspect().events).toMatchObject([
    { event_name: 'trigger-abandoned-cart', metadata: { items: 3 } },
  ])
})
test('a tag', async () => {
  const { sandbox, intercom } = await openIntercom({}, { seed })
  await intercom.start([start({ kind: 'segment', id: '9' })])
  expect(sandbox.inspect().tags[0]?.contacts).toEqual(['a'.repeat(24)])
})

describe('messages', () => {
  test('in the app, and by e-mail', async () => {
    const { sandbox, intercom } = await openIntercom({ adminId }, { seed })
    const email = start(
      { kind: 'message', id: 'email' },
      { subject: 'Hi', body: 'Hello', template: 'personal' },
    )
    const report = await intercom.start([inapp, { ...email, key: 'k2' }])
    const { messages } = sandbox.inspect()
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject(
      messages.map(({ id }) => ({ status: 'sent', proof: 'accepted', vendorId: id })),
    )
    expect(messages).toMatchObject([
      { message_type: 'inapp', body: 'Hello', from: adminId },
      { message_type: 'email', subject: 'Hi', template: 'personal' },
    ])
  })
  test.each(['reset-after', 'hang-after', 'server-error-after', 'reset-before'] as const)(
    'an answer lost by %s is unknown, and nothing is sent twice',
    async (kind) => {
      const { sandbox, intercom } = await openIntercom({ adminId }, { seed })
      sandbox.chaos({ script: [{ kind, on: 'POST /messages' }] })
      const report = await intercom.start([inapp])
      expect(report.results[0]?.outcome.status).toBe('unknown')
      expect(sandbox.inspect().messages).toHaveLength(kind === 'reset-before' ? 0 : 1)
    },
  )
  test('… or sent again, perhaps twice, by choice', async () => {
    const { sandbox, intercom } = await openIntercom({ adminId }, { seed })
    sandbox.chaos({ script: [{ kind: 'reset-after', on: 'POST /messages' }] })
    const report = await intercom.start([inapp], { onUnknown: 'repeat' })
    expect(report.results[0]?.outcome).toMatchObject({ status: 'sent', maybeTwice: true })
    expect(sandbox.inspect().counters.repeatedMessages).toBe(1)
  })
  test('to one whom search does not know yet: later', async () => {
    const { sandbox, intercom } = await openIntercom({ adminId })
    await intercom.deliver([{ kind: 'profile', key: 'p', lane: 'u1', at, who: { userId: 'u1' }, set: {} }])
    const report = await intercom.start([inapp])
    expect(report.results[0]?.outcome).toMatchObject({
      status: 'retry',
      notBefore: expect.any(String) as unknown,
    })
    sandbox.clock.advance(180_000)
    expect((await intercom.start([inapp])).results[0]?.outcome).toMatchObject({ status: 'sent' })
  })
  test('a plan without messages halts starting, and says so', async () => {
    const { sandbox, intercom } = await openIntercom({ adminId }, { seed })
    sandbox.configure({ plan: 'restricted' })
    const report = await intercom.start([inapp])
    expect(report.halt).toMatchObject({ what: 'start', fault: { code: 'forbidden' } })
    expect(report.halt?.fault.message).toContain('plan')
  })
  test('what is missing is named', async () => {
    const { intercom, connect } = await openIntercom({ adminId }, { seed })
    const of = (id: string, data: StartItem['data']) => start({ kind: 'message', id }, data)
    const report = await intercom.start([
      of('sms', { body: 'x' }),
      of('inapp', {}),
      of('email', { body: 'x' }),
      of('email', { body: 'x', subject: 'y', template: 'fancy' }),
    ])
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject(
      ['via.id', 'data.body', 'data.subject', 'data.template'].map((path) => ({
        status: 'dead',
        fault: { path },
      })),
    )
    const without = await connect({ adminId: '0' }).start([inapp])
    expect(without.results[0]?.outcome).toMatchObject({
      status: 'dead',
      fault: { message: 'Admin not found' },
    })
    const nobody = await intercom.start([start({ kind: 'message', id: 'inapp' }, { body: 'x' }, 'nobody')])
    expect(nobody.results[0]?.outcome).toMatchObject({ status: 'dead', fault: { code: 'not-found' } })
  })
})

test('data that a tag or a message cannot carry is lost with a reason; what is no value is dead', async () => {
  const { intercom } = await openIntercom({ adminId }, { seed })
  const report = await intercom.start([
    start({ kind: 'segment', id: 'no-such-tag' }, { plan: 'pro' }),
    start({ kind: 'message', id: 'inapp' }, { body: 'x', colour: 'red' }),
    start({ kind: 'event', id: 'E' }, { n: Number.NaN }),
  ])
  expect(report.results.map(({ losses }) => losses.map(({ kind, path }) => `${kind} ${path}`))).toEqual([
    ['dropped data.plan'],
    ['dropped data.colour'],
    [],
  ])
  expect(report.results[2]?.outcome).toMatchObject({ status: 'dead', fault: { path: 'data.n' } })
})

test('Intercom has no Canvas', async () => {
  const { intercom } = await openIntercom({}, { seed })
  const report = await intercom.start([start({ kind: 'canvas', id: 'x' })])
  expect(report.results[0]?.outcome).toMatchObject({ status: 'skipped', because: 'unsupported' })
})
