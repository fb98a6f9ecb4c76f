import type { StartItem } from '@tripline/model'
import { expect, onTestFinished, test } from 'vitest'
import { connect, type Connected } from '../fixtures/sandbox-account.ts'

const project = async (): Promise<Connected> => {
  const connected = await connect()
  onTestFinished(() => connected.sandbox.close())
  return connected
}
const start = ({ sandbox }: Connected, via: StartItem['via'], data?: StartItem['data']): StartItem => ({
  key: `start-${via.kind}`,
  lane: 'u1',
  at: new Date(sandbox.clock.now() - 1_000).toISOString(),
  who: { userId: 'u1' },
  via,
  ...(data && { data }),
})

test('an event is stored, but only accepted as a start; a repeat is the same event', async () => {
  const mixpanel = await project()
  const items = [start(mixpanel, { kind: 'event', id: 'Cart Abandoned' }, { total: 12 })]
  expect((await mixpanel.connector.start(items)).results[0]?.outcome).toEqual({
    status: 'sent',
    proof: 'accepted',
  })
  await mixpanel.connector.start(items)
  expect(mixpanel.sandbox.inspect()).toMatchObject({
    distinctEvents: 1,
    events: [{ event: 'Cart Abandoned', properties: { total: 12, distinct_id: 'u1' } }, {}],
  })
})
test('a segment’s flag is set; its data has no place', async () => {
  const mixpanel = await project()
  const { results } = await mixpanel.connector.start([
    start(mixpanel, { kind: 'segment', id: 'seg_vip' }, { total: 12 }),
  ])
  expect(results[0]).toMatchObject({
    outcome: { status: 'sent', proof: 'accepted' },
    losses: [{ path: 'data.total' }],
  })
  expect(mixpanel.properties('u1')).toEqual({ seg_vip: true })
})
test.each(['canvas', 'campaign', 'message'] as const)('there is no %s', async (kind) => {
  const mixpanel = await project()
  const { results } = await mixpanel.connector.start([start(mixpanel, { kind, id: '1' })])
  expect(results[0]?.outcome).toMatchObject({ status: 'skipped', because: 'unsupported' })
})
test('nobody, and names of Mixpanel’s own, are dead', async () => {
  const mixpanel = await project()
  const nobody = { ...start(mixpanel, { kind: 'event', id: 'X' }), who: {} }
  const { results } = await mixpanel.connector.start([
    nobody,
    start(mixpanel, { kind: 'segment', id: '$email' }),
    start(mixpanel, { kind: 'event', id: '$merge' }),
  ])
  expect(results.map(({ outcome }) => outcome.status)).toEqual(['dead', 'dead', 'dead'])
  expect(mixpanel.routes()).toEqual([])
})
