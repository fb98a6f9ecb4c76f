import { describe, expect, test } from 'vitest'
import { answers } from '../fixtures/answers.ts'
import { collect, openBraze } from '../fixtures/open-sandbox.ts'

const everyone = { id: 'everyone', name: 'Everyone', members: ['u1', 'u2'] }
const seed = {
  segments: [everyone],
  profiles: [
    { external_id: 'u1', custom_attributes: { note: 'one\u2028line' } },
    { external_id: 'u2', custom_attributes: { note: 'two' } },
  ],
}
const all = { mode: 'all', fields: ['note'] } as const
const open = (account = {}) => openBraze({ everyoneSegmentId: everyone.id }, { seed, account })
const isDownload = (route: string): boolean => route.startsWith('GET /segment-export/')
/** A fetch whose downloads are answered by `answer` instead. */
const downloads =
  (fetch: typeof globalThis.fetch, answer: () => Response): typeof globalThis.fetch =>
  (input, init) =>
    String(input instanceof Request ? input.url : input).includes('/segment-export/')
      ? Promise.resolve(answer())
      : fetch(input, init)

test('waits while the storage says AccessDenied, then reads every user', async () => {
  const { braze, sandbox, routes } = await open({ exportReadyAfterMs: 60_000 })
  const start = sandbox.clock.now()
  const rows = await collect(braze.readProfiles(all))
  expect(rows.map((row) => row.kind === 'profile' && row.traits)).toEqual([
    { note: 'one\u2028line' },
    { note: 'two' },
  ])
  expect(sandbox.clock.now() - start).toBeGreaterThanOrEqual(60_000)
  expect(sandbox.clock.now() - start).toBeLessThan(75_000)
  const asked = routes()
    .filter(isDownload)
    .map((route) => route.slice(-3))
  expect(asked.slice(0, -1).every((status) => status === '403')).toBe(true)
  expect(asked.length).toBeGreaterThan(3)
  expect(asked.at(-1)).toBe('200')
})

test('everybody: who has only an alias is known by it', async () => {
  const profiles = [
    { user_aliases: [{ alias_label: 'anonymous_id', alias_name: 'a1' }], custom_attributes: { in: true } },
  ]
  const segments = [{ id: 'everyone', name: 'Everyone', rule: { attribute: 'in', equals: true } }]
  const { braze } = await openBraze({ everyoneSegmentId: 'everyone' }, { seed: { profiles, segments } })
  expect(await collect(braze.readProfiles(all))).toMatchObject([{ who: { anonymousId: 'a1' } }])
})

test('an abort ends the waiting at once', async () => {
  const { sandbox, connect, routes } = await open({ exportReadyAfterMs: 600_000 })
  const stop = new AbortController()
  const sleep: typeof sandbox.clock.sleep = (ms, signal) => {
    // The wait between two looks; requests sleep for their time-outs, too.
    if (ms === 10_000) stop.abort(new Error('enough'))
    return sandbox.clock.sleep(ms, signal)
  }
  const reader = connect({}, { clock: { ...sandbox.clock, sleep } })
  await expect(collect(reader.readProfiles(all, { signal: stop.signal }))).rejects.toThrow('enough')
  expect(routes().filter(isDownload)).toHaveLength(1)
})

describe('what can go wrong', () => {
  test('the address has expired', async () => {
    const { sandbox, connect } = await open()
    const { status, headers, body } = answers.expired
    const fetch = downloads(sandbox.host.fetch, () => new Response(body, { status, headers }))
    const message = expect.stringContaining('expired, export anew') as string
    await expect(collect(connect({}, { fetch }).readProfiles(all))).rejects.toMatchObject({
      fault: { code: 'not-found', message },
    })
  })

  test('no file within four hours', async () => {
    const { braze, sandbox } = await open({ exportReadyAfterMs: 5 * 3_600_000 })
    const start = sandbox.clock.now()
    await expect(collect(braze.readProfiles(all))).rejects.toMatchObject({ fault: { code: 'unavailable' } })
    expect(sandbox.clock.now() - start).toBeGreaterThanOrEqual(4 * 3_600_000)
  })

  test('a second export of the same segment is a conflict, and the first goes on', async () => {
    const { braze, connect } = await open()
    const [first, second] = await Promise.allSettled([
      collect(braze.readProfiles(all)),
      collect(connect().readProfiles(all)),
    ])
    const [done, refused] = first.status === 'fulfilled' ? [first, second] : [second, first]
    expect(done).toMatchObject({ status: 'fulfilled', value: [{ kind: 'profile' }, { kind: 'profile' }] })
    expect(refused).toMatchObject({ status: 'rejected', reason: { fault: { code: 'conflict' } } })
  })

  test('the export goes to a bucket of one’s own', async () => {
    const { sandbox, connect } = await open()
    const { status, body } = answers.ownBucket
    const fetch: typeof globalThis.fetch = async () => Response.json(body, { status })
    await expect(collect(connect({}, { ...sandbox.host, fetch }).readProfiles(all))).rejects.toMatchObject({
      fault: { code: 'unsupported', message: expect.stringContaining('bucket') as string },
    })
  })

  test('a segment that is not there', async () => {
    const { connect } = await open()
    await expect(collect(connect({ everyoneSegmentId: 'gone' }).readProfiles(all))).rejects.toMatchObject({
      fault: { code: 'invalid', message: expect.stringContaining('Invalid Segment ID') as string },
    })
  })

  test.each([
    ['a file that is no zip', () => new Response('<html>ada@example.com</html>')],
    [
      'a connection that breaks',
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              controller.error(new Error('reset by ada@example.com'))
            },
          }),
        ),
    ],
  ])('%s: an error of ours, without what stands in it', async (_name, answer) => {
    const { sandbox, connect } = await open()
    const fetch = downloads(sandbox.host.fetch, answer)
    const error: unknown = await collect(connect({}, { fetch }).readProfiles(all)).catch(
      (caught: unknown) => caught,
    )
    expect(error).toMatchObject({ name: 'TriplineError', fault: { code: 'unavailable' } })
    expect(String(error)).not.toContain('ada@example.com')
  })
})

test('a dry run shows the export, makes no request and reads nobody', async () => {
  const { braze, planned, routes } = await open()
  expect(await collect(braze.readProfiles(all, { dryRun: true }))).toEqual([])
  expect(planned.map(({ endpoint }) => endpoint)).toEqual(['POST /users/export/segment'])
  expect(routes()).toEqual([])
})
