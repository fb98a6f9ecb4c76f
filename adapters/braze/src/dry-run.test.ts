import type { Item } from '@tripline/model'
import { expect, test } from 'vitest'
import { at, collect, eventOf, openBraze, profileOf, startOf } from '../fixtures/open-sandbox.ts'

const base = { lane: 'u1', at, who: { userId: 'u1' } } as const
const items: readonly Item[] = [
  profileOf('u1', { firstName: 'Ada', plan: 'gold' }),
  eventOf('u1', 'Ordered', { size: 'L' }),
  { ...base, key: 'm', kind: 'membership', segment: { form: 'attribute', id: 'seg_vip' }, member: true },
  { ...base, key: 'c', kind: 'consent', channel: 'email', state: 'denied' },
  { ...base, key: 'g', kind: 'group', groupType: 'team', groupId: 'acme', set: {}, member: { userId: 'u1' } },
  { ...base, key: 'l', kind: 'link', known: { userId: 'u1' }, other: { anonymousId: 'a1' } },
]

test('every kind of item is shown as the very request that a real call makes, and none is made', async () => {
  const { braze, planned, routes, bodies, sandbox } = await openBraze()
  const report = await braze.deliver(items, { dryRun: true })
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(items.map(() => 'planned'))
  expect(routes()).toEqual([])
  expect(sandbox.inspect().profiles).toEqual([])
  expect(planned.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization')
  const shown = planned.map(({ method, url, body }): readonly [string, unknown] => [
    `${method} ${new URL(url).pathname}`,
    JSON.parse(body ?? '') as unknown,
  ])
  const real = await braze.deliver(items)
  expect(real.results.map(({ outcome }) => outcome.status)).toEqual(items.map(() => 'sent'))
  expect(shown.map(([name]) => name)).toEqual(routes().map((route) => route.slice(0, -4)))
  expect(shown.filter(([name]) => name === 'POST /users/track').map(([, body]) => body)).toEqual(
    bodies('/users/track'),
  )
})

test('a planned delivery tells what it would cost; Braze bills nothing', async () => {
  const { braze, sandbox } = await openBraze()
  const { cost } = await braze.deliver(items, { dryRun: true })
  expect(sandbox.inspect().data_points.total).toBe(0)
  await braze.deliver(items)
  sandbox.clock.advance(1_000)
  expect(cost).toEqual({ unit: 'dataPoints', amount: sandbox.inspect().data_points.total })
})

test('starts are shown', async () => {
  const { braze, planned, routes } = await openBraze()
  const vias = [
    { kind: 'canvas', id: 'c1' },
    { kind: 'campaign', id: 'c2' },
    { kind: 'event', id: 'Go' },
  ] as const
  const report = await braze.start(
    vias.map((via) => startOf('u1', via, { n: 1 }, { key: via.kind })),
    { dryRun: true },
  )
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['planned', 'planned', 'planned'])
  expect(planned.map(({ endpoint }) => endpoint)).toEqual([
    'POST /canvas/trigger/send',
    'POST /campaigns/trigger/send',
    'POST /users/track',
  ])
  expect(routes()).toEqual([])
})

test('reads show what they would ask and find nobody', async () => {
  const { braze, planned, routes } = await openBraze()
  const who = [{ userId: 'u1' }, { anonymousId: 'a1' }]
  const segment = { form: 'attribute', id: 'seg_vip' } as const
  const query = { mode: 'ids', fields: ['firstName'], who } as const
  expect(await collect(braze.readProfiles(query, { dryRun: true }))).toMatchObject([
    { kind: 'missing' },
    { kind: 'missing' },
  ])
  expect(await collect(braze.segments.members(segment, query, { dryRun: true }))).toMatchObject([
    { member: false },
    { member: false },
  ])
  expect(await collect(braze.segments.list({ dryRun: true }))).toEqual([])
  expect(planned.map(({ endpoint }) => endpoint)).toEqual([
    ...Array<string>(4).fill('POST /users/export/ids'),
    'GET /segments/list',
  ])
  expect(routes()).toEqual([])
})
