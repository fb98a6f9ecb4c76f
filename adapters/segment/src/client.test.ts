import nock from 'nock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { audiencePage, batchAccepted, traitsPage, workspace } from '../fixtures/answers.ts'
import { collect, createItems, statuses } from '../fixtures/open-sandbox.ts'
import { createSegment } from './index.ts'

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})
const make = createItems({ now: () => Date.now() })
const credentials = {
  writeKey: 'wk',
  profileToken: 'pt',
  publicApiToken: 'at',
  spaceId: 'spa_1',
  source: 's',
}
const basic = (user: string): string => `Basic ${Buffer.from(`${user}:`).toString('base64')}`

test.each([
  ['us', 'https://api.segment.io', 'https://profiles.segment.com', 'https://api.segmentapis.com'],
  [
    'eu',
    'https://events.eu1.segmentapis.com',
    'https://profiles.euw1.segment.com',
    'https://eu1.api.segmentapis.com',
  ],
] as const)(
  '%s: four interfaces, four hosts, each with its own credential',
  async (region, tracking, profile, configuration) => {
    const segment = createSegment({ ...credentials, region })
    nock(tracking)
      .post('/v1/batch')
      .matchHeader('authorization', basic('wk'))
      .matchHeader('content-type', 'application/json')
      .reply(200, batchAccepted)
    expect(statuses(await segment.deliver([make.event('u1', 'A')]))).toEqual(['sent'])
    nock(profile)
      .get('/v1/spaces/spa_1/collections/users/profiles/user_id:u1/traits')
      .query({ limit: '100', verbose: 'true', include: 'plan' })
      .matchHeader('authorization', basic('pt'))
      .reply(200, traitsPage)
    const [page] = await collect(
      segment.readProfiles({ mode: 'ids', who: [{ userId: 'u1' }], fields: ['plan'] }),
    )
    expect(page?.items).toMatchObject([
      { traits: { plan: 'pro' }, fieldChangedAt: { plan: '2026-10-01T08:00:00.000Z' } },
    ])
    nock(configuration)
      .get('/spaces/spa_1/audiences')
      .query({ 'pagination[count]': '200' })
      .matchHeader('authorization', 'Bearer at')
      .matchHeader('accept', 'application/vnd.segment.v1+json')
      .reply(200, audiencePage)
    nock(configuration)
      .get('/spaces/spa_1/traits')
      .query(true)
      .matchHeader('accept', 'application/vnd.segment.v1alpha+json')
      .reply(404, { errors: [{ type: 'NotFound', message: 'Resource not found' }] })
    const segments = await collect(segment.segments.list())
    expect(segments.flatMap(({ items }) => items)).toMatchObject([
      { form: 'audience', id: 'high_value', size: 1_204 },
    ])
  },
)

test('one address for all, one of them overridden; a path prefix is kept', async () => {
  const segment = createSegment({
    ...credentials,
    baseUrl: 'https://proxy.example.com/segment/',
    hosts: { public: 'https://configuration.example.com' },
  })
  nock('https://proxy.example.com').post('/segment/v1/batch').reply(200, batchAccepted)
  expect(
    statuses(await segment.start([{ ...make.event('u1', 'A'), via: { kind: 'event', id: 'A' } }])),
  ).toEqual(['sent'])
  nock('https://configuration.example.com').get('/').reply(200, workspace)
  nock('https://configuration.example.com').get(/./).times(2).reply(404, { errors: [] })
  nock('https://proxy.example.com')
    .get(/metadata$/)
    .reply(404, { error: { code: 'not_found', message: 'Profile was not found.' } })
  expect(await segment.check()).toMatchObject({ account: { id: 'wsp_1' }, faults: [] })
})

test('200 that says `success: false` is no success', async () => {
  nock('https://api.segment.io').post('/v1/batch').times(3).reply(200, { success: false, message: 'locked' })
  const report = await createSegment(credentials).deliver([make.event('u1', 'A'), make.event('u2', 'B')])
  expect(report.results.map(({ outcome }) => outcome)).toMatchObject([
    { status: 'dead', fault: { message: 'locked' } },
    { status: 'dead' },
  ])
})

test('a refused batch is halved until the one that is at fault is alone', async () => {
  const sizes: number[] = []
  nock('https://api.segment.io')
    .post('/v1/batch')
    .times(5)
    .reply(async (request: Request) => {
      const text = await request.text()
      sizes.push(text.split('"type":').length - 1)
      return text.includes('"bad"')
        ? [400, { success: false, message: 'malformed JSON' }]
        : [200, batchAccepted]
    })
  const items = ['a', 'b', 'bad', 'c'].map((name, index) => make.event(`u${index}`, name))
  const report = await createSegment({ ...credentials, maxAttempts: 1 }).deliver(items)
  expect(statuses(report)).toEqual(['sent', 'sent', 'dead', 'sent'])
  expect(sizes).toEqual([4, 2, 2, 1, 1])
})

test('importing and making a connector loads no SDK and asks for nothing', async () => {
  const segment = createSegment({})
  expect(segment.vendor).toBe('segment')
  expect(await segment.deliver([])).toMatchObject({ results: [] })
})
