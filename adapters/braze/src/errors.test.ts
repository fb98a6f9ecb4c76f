import type { Answer } from '@tripline/kit'
import { describe, expect, test } from 'vitest'
import { answers, type RecordedAnswer } from '../fixtures/answers.ts'
import { endpoints, type BrazeEndpoint } from './client.ts'
import { exportFile, judge } from './errors.ts'

const nowMs = 1_793_527_200_000
const saying = (pattern: RegExp): unknown => expect.stringMatching(pattern)
function judged(
  { status, headers = {}, body }: RecordedAnswer,
  endpoint: BrazeEndpoint = 'POST /canvas/trigger/send',
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer: Answer = {
    request: { endpoint, purpose: 'write', repeat: 'doubles', method: 'POST', url: '' },
    status,
    headers: new Headers(headers),
    text,
    json: () => (typeof body === 'string' ? undefined : body),
  }
  const { ability, permission } = endpoints[endpoint]
  return judge(answer, nowMs, ability, permission)
}

describe('answers', () => {
  test.each([
    ['a success', answers.tracked, { kind: 'ok' }],
    ['a success in part: the operation reads its errors', answers.trackedPartly, { kind: 'ok' }],
    ['a paused Canvas: the operation reads its notice', answers.paused, { kind: 'ok' }],
    [
      'nothing valid',
      answers.noValidData,
      { kind: 'refused', fault: { code: 'invalid', message: answers.noValidData.body.message } },
    ],
    ['more than 75', answers.tooMany, { kind: 'refused', fault: { code: 'invalid' } }],
    [
      'a body of the wrong shape: its word stands under "error"',
      answers.mismatch,
      { kind: 'refused', fault: { message: 'message body does not match declared format' } },
    ],
    ['wrong key', answers.invalidKey, { kind: 'unauthorized', fault: { code: 'auth', status: 401 } }],
    ['a permission missing', answers.accessDenied, { kind: 'halt', what: 'start' }],
    ['a plan without it', answers.forbidden, { kind: 'halt', what: 'start' }],
    ['not found', { status: 404, body: {} }, { kind: 'refused', fault: { code: 'not-found' } }],
    ['too large', { status: 413, body: '' }, { kind: 'refused', fault: { code: 'too-large' } }],
    ['no content type', { status: 415, body: {} }, { kind: 'refused', fault: { code: 'invalid' } }],
    [
      'an unknown 4xx',
      { status: 418, body: {} },
      { kind: 'refused', fault: { code: 'invalid', message: 'HTTP 418' } },
    ],
    ['502 from before the target', answers.badGateway, { kind: 'busy', fault: { code: 'unavailable' } }],
    ['503, no capacity', { status: 503, body: '' }, { kind: 'busy', fault: { code: 'unavailable' } }],
    ['504 from behind it', { status: 504, body: '' }, { kind: 'doubtful', fault: { code: 'unavailable' } }],
    ['500', { status: 500, body: '<html>' }, { kind: 'doubtful', fault: { code: 'unavailable' } }],
    ['an unknown 5xx', { status: 599, body: {} }, { kind: 'doubtful' }],
  ] satisfies readonly (readonly [string, RecordedAnswer, object])[])('%s', (_name, answer, expected) => {
    expect(judged(answer)).toMatchObject(expected)
  })

  test.each([
    [{}],
    [{ message: 'queued' }],
    [{ message: ['success'] }],
    ['success'],
    ['<html>'],
    [[]],
    [null],
  ])('a 2xx that does not say success is none: %j', (body) => {
    expect(judged({ status: 201, body })).toMatchObject({
      kind: 'doubtful',
      fault: { code: 'unavailable', status: 201, message: saying(/does not say success/) },
    })
  })

  test('a page of HTML is kept as the body of the fault, cut', () => {
    const fault = judged({ status: 500, body: `<html>${'x'.repeat(5_000)}` })
    expect(fault).toMatchObject({ fault: { message: 'HTTP 500' } })
    expect('fault' in fault ? fault.fault.body : '').toHaveLength(2_000)
  })

  test('a 403 keeps what Braze said and tells which permission to give', () => {
    expect(judged(answers.accessDenied)).toMatchObject({
      fault: {
        code: 'forbidden',
        message: saying(/^Access Denied: .*canvas\.trigger\.send.*allowlist/),
      },
    })
    expect(judged(answers.forbidden)).toMatchObject({
      fault: { message: saying(/^Forbidden: /) },
    })
  })

  test.each(Object.entries(endpoints).filter(([name]) => name !== exportFile))(
    'a 403 of %s halts its ability and names its permission',
    (endpoint, { ability, permission }) => {
      expect(judged(answers.accessDenied, endpoint as BrazeEndpoint)).toMatchObject({
        kind: 'halt',
        what: ability,
        fault: { message: saying(new RegExp(permission?.replaceAll('.', '\\.') ?? 'a permission')) },
      })
    },
  )

  test('the advice of a 401 names the cluster', () =>
    expect(judged(answers.invalidKey)).toMatchObject({
      fault: { message: saying(/another cluster/) },
    }))

  test('the id of the request is kept', () =>
    expect(judged({ status: 400, headers: { 'x-request-id': 'r1' }, body: {} })).toMatchObject({
      fault: { requestId: 'r1' },
    }))

  test('the storage of exports: forbidden is "not finished yet", never a missing permission', () => {
    expect(judged(answers.notReady, exportFile)).toMatchObject({
      kind: 'refused',
      fault: { code: 'not-found', message: saying(/not finished/) },
    })
    expect(judged(answers.expired, exportFile)).toMatchObject({
      kind: 'refused',
      fault: { code: 'not-found', message: saying(/expired, export anew/) },
    })
    expect(judged({ status: 503, body: '' }, exportFile).kind).toBe('busy')
  })

  test('a second export of a segment is a conflict; Braze publishes no text for it', () => {
    const endpoint = 'POST /users/export/segment'
    const running = { status: 400, body: { message: 'An export for this segment is already running' } }
    expect(judged(running, endpoint)).toMatchObject({ kind: 'refused', fault: { code: 'conflict' } })
    expect(judged({ status: 400, body: { message: 'Invalid Segment ID' } }, endpoint)).toMatchObject({
      fault: { code: 'invalid' },
    })
  })
})

describe('429', () => {
  const wait = (headers: Readonly<Record<string, string>>) => judged({ ...answers.rateLimited, headers })
  test.each([
    ['Retry-After before all others', { 'retry-after': '7', 'x-ratelimit-retry-after': '1' }, 7_000],
    ['a plan by active users: seconds', answers.rateLimitedMau.headers, 2_000],
    ['a plan by data points: an epoch', answers.rateLimited.headers, 3_000],
    ['a reset that is seconds from now', { 'x-ratelimit-reset': '12' }, 12_000],
    ['an epoch in the past', { 'x-ratelimit-reset': '1793527199' }, 0],
    ['a Retry-After that is none, and a reset', { 'retry-after': 'soon', 'x-ratelimit-reset': '4' }, 4_000],
  ])('%s', (_name, headers, waitMs) => {
    expect(wait(headers)).toMatchObject({ kind: 'busy', fault: { code: 'rate-limited' }, waitMs })
  })
  test.each([[{}], [{ 'x-ratelimit-reset': 'tomorrow' }]])('no usable header: back-off (%j)', (headers) =>
    expect(wait(headers)).not.toHaveProperty('waitMs'),
  )
})
