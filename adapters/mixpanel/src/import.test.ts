import nock from 'nock'
import { createClock } from '@tripline/sandbox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importAnswers } from '../fixtures/import-answers.ts'
import { accountOptions, eventItem } from '../fixtures/sandbox-account.ts'
import { createMixpanel } from './index.ts'

beforeAll(() => nock.disableNetConnect())
afterEach(() => nock.cleanAll())
afterAll(() => {
  nock.enableNetConnect()
  nock.restore()
})

let clock = createClock({ jump: true })
beforeEach(() => {
  clock = createClock({ jump: true })
})
const items = ['first', 'second'].map((key) =>
  eventItem(key, new Date(clock.now() - 1_000).toISOString(), { lane: key }),
)
const import_ = () =>
  nock('https://api.mixpanel.com')
    .post('/import')
    .query({ strict: '1', project_id: accountOptions.projectId })
const lengthOf = async (request: Request): Promise<number> =>
  ((await request.json()) as readonly unknown[]).length
const deliver = async (options = {}) => {
  const { results } = await createMixpanel(
    { ...accountOptions, ...options },
    { clock, fetch: clock.track(globalThis.fetch) },
  ).deliver(items)
  return results.map(({ outcome }) => outcome)
}

test('the request: strict, with the service account, as a list', async () => {
  const seen: unknown[] = []
  import_().reply(async (request: Request) => {
    seen.push(
      request.headers.get('authorization'),
      request.headers.get('content-type'),
      await lengthOf(request),
    )
    return [200, importAnswers.stored.body]
  })
  expect(await deliver()).toEqual([
    { status: 'sent', proof: 'stored' },
    { status: 'sent', proof: 'stored' },
  ])
  const account = 'sandbox.1a2b3c.mp-service-account:SandboxServiceAccountSecret01'
  expect(seen).toEqual([`Basic ${Buffer.from(account).toString('base64')}`, 'application/json', 2])
})

describe('answers', () => {
  test.each([importAnswers.partial, importAnswers.partialInProse])(
    '$body.failed_records.0.field: by its place, whatever the id is called',
    async ({ status, body }) => {
      const call = import_().reply(status, body)
      const [failed] = body.failed_records
      const outcomes = await deliver()
      expect(outcomes[failed.index]).toMatchObject({
        status: 'dead',
        fault: { code: 'invalid', path: failed.field, message: failed.message, status: 400 },
      })
      expect(outcomes[1 - failed.index]).toEqual({ status: 'sent', proof: 'stored' })
      call.done()
    },
  )
  test('texts instead of records: halved, and then each for itself', async () => {
    const { status, body } = importAnswers.identityEvents
    const sizes: number[] = []
    import_()
      .times(3)
      .reply(async (request: Request) => {
        sizes.push(await lengthOf(request))
        return sizes.length === 3
          ? [200, { ...importAnswers.stored.body, num_records_imported: 1 }]
          : [status, body]
      })
    expect((await deliver()).map((outcome) => outcome.status)).toEqual(['dead', 'sent'])
    expect(sizes).toEqual([2, 1, 1])
  })
  test('nothing was kept although one is named: the other goes again, alone', async () => {
    const { status, body } = importAnswers.partial
    const kept: number[] = []
    import_()
      .times(2)
      .reply(async (request: Request) => {
        kept.push(await lengthOf(request))
        return kept.length === 1
          ? [status, { ...body, num_records_imported: 0 }]
          : [200, { ...importAnswers.stored.body, num_records_imported: 1 }]
      })
    expect((await deliver()).map((outcome) => outcome.status)).toEqual(['dead', 'sent'])
    expect(kept).toEqual([2, 1])
  })
  test('another number than was sent is no success', async () => {
    import_().reply(200, { ...importAnswers.stored.body, num_records_imported: 1 })
    expect(await deliver()).toMatchObject([
      { status: 'retry', fault: { code: 'unavailable' } },
      { status: 'retry', fault: { code: 'unavailable' } },
    ])
  })
  test('a 413 is halved', async () => {
    const { status, body } = importAnswers.tooLarge
    import_().reply(status, body)
    import_()
      .times(2)
      .reply(200, { ...importAnswers.stored.body, num_records_imported: 1 })
    expect((await deliver()).map((outcome) => outcome.status)).toEqual(['sent', 'sent'])
  })
  test('Retry-After of a 429 is kept, if there is one', async () => {
    const { status, body } = importAnswers.rateLimited
    import_().reply(status, body, { 'retry-after': '37' })
    import_().reply(200, importAnswers.stored.body)
    const startedMs = clock.now()
    await deliver()
    expect(clock.now() - startedMs).toBe(37_000)
  })
  test('an unknown field does no harm; a 200 of something else is tried again', async () => {
    import_().reply(200, '<html>')
    import_().reply(200, { ...importAnswers.stored.body, region: 'new' })
    expect((await deliver()).map((outcome) => outcome.status)).toEqual(['sent', 'sent'])
  })
})

describe('hosts', () => {
  test.each([
    ['us', 'https://api.mixpanel.com'],
    ['eu', 'https://api-eu.mixpanel.com'],
    ['in', 'https://api-in.mixpanel.com'],
  ] as const)('%s: %s', async (region, address) => {
    nock(address)
      .post(/^\/import/)
      .reply(200, importAnswers.stored.body)
    expect((await deliver({ region })).map(({ status }) => status)).toEqual(['sent', 'sent'])
  })
  test('one family can be elsewhere', async () => {
    nock('https://proxy.example')
      .post(/^\/mp\/import/)
      .reply(200, importAnswers.stored.body)
    const hosts = { ingestion: new URL('https://proxy.example/mp/') }
    const outcomes = await deliver({ baseUrl: 'https://other.example', hosts })
    expect(outcomes.map(({ status }) => status)).toEqual(['sent', 'sent'])
  })
  test.each([
    [{ region: 'de' }, /region/],
    [{ projectId: 'my project' }, /projectId/],
    [{ projectToken: '' }, /projectToken/],
  ])('%o is misuse', (wrong, message) => {
    expect(() => createMixpanel({ ...accountOptions, ...(wrong as object) })).toThrow(message)
  })
})

describe('compression', () => {
  const long = Array.from({ length: 20 }, (_, index) =>
    eventItem(`${index}`, new Date(clock.now() - 1_000).toISOString()),
  )
  test.each([
    [true, 'gzip'],
    [false, undefined],
  ])('gzip: %s', async (gzip, encoding) => {
    const seen: unknown[] = []
    const fetch: typeof globalThis.fetch = async (_, init) => {
      seen.push(new Headers(init?.headers).get('content-encoding') ?? undefined)
      return Response.json({ code: 200, num_records_imported: 20, status: 'OK' })
    }
    const { calls } = await createMixpanel({ ...accountOptions, gzip }, { clock, fetch }).deliver(long)
    expect(seen).toEqual([encoding])
    expect(calls[0]?.bytes).toBeGreaterThan(2_000) // before compression
  })
})
