import type { Answer } from '@tripline/kit'
import { describe, expect, test } from 'vitest'
import { answers, type RecordedAnswer } from '../fixtures/answers.ts'
import { judge, type IntercomRequest, type Proof } from './errors.ts'

const nowMs = 1_793_527_200_000
const request: IntercomRequest = {
  endpoint: 'POST /messages',
  purpose: 'write',
  repeat: 'natural',
  method: 'POST',
  url: '',
  ability: 'start',
}
function judged({ status, headers = {}, body }: RecordedAnswer, proof: Proof = 'id') {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer: Answer = {
    request,
    status,
    headers: new Headers(headers),
    text,
    json: () => (typeof body === 'string' ? undefined : body),
  }
  return judge(answer, nowMs, proof)
}

describe('answers', () => {
  test.each([
    ['a contact', answers.contact, { kind: 'ok' }],
    [
      'not found',
      answers.notFound,
      { kind: 'refused', fault: { code: 'not-found', message: 'User Not Found' } },
    ],
    ['conflict', answers.conflict, { kind: 'refused', fault: { code: 'conflict' } }],
    ['archived twin', answers.archivedConflict, { kind: 'refused', fault: { code: 'conflict' } }],
    ['wrong token', answers.unauthorized, { kind: 'unauthorized', fault: { code: 'auth' } }],
    ['unknown version', answers.versionInvalid, { kind: 'halt', what: 'connector' }],
    [
      'not in the plan',
      answers.planRestricted,
      { kind: 'halt', what: 'start', fault: { code: 'forbidden' } },
    ],
    ['payment required', { status: 402, body: {} }, { kind: 'halt', what: 'start' }],
    ['unknown attribute', answers.attributeMissing, { kind: 'refused', fault: { code: 'invalid' } }],
    [
      'unknown 4xx',
      { status: 418, body: {} },
      { kind: 'refused', fault: { code: 'invalid', message: 'HTTP 418' } },
    ],
    ['too large', { status: 413, body: '' }, { kind: 'refused', fault: { code: 'too-large' } }],
    ['time-out', { status: 408, body: {} }, { kind: 'doubtful' }],
    ['unknown 5xx', { status: 599, body: '<html>' }, { kind: 'doubtful' }],
  ] satisfies readonly (readonly [string, RecordedAnswer, object])[])('%s', (_name, answer, expected) => {
    expect(judged(answer)).toMatchObject(expected)
  })
  test.each([
    ['id', {}],
    ['data', { type: 'list' }],
    ['segments', { data: [] }],
    ['app', { id: 1 }],
    ['id', 'plain text'],
  ] as const)('200 without %s is no success', (proof, body) => {
    expect(judged({ status: 200, body }, proof).kind).toBe('doubtful')
  })
  test('an event has no body to prove', () =>
    expect(judged({ status: 202, body: '' }, 'empty')).toEqual({ kind: 'ok' }))
  test('the id of the request and what Intercom said are kept', () => {
    const { body } = answers.notFound
    expect(judged({ status: 404, headers: { 'x-request-id': 'r1' }, body })).toMatchObject({
      fault: { requestId: 'r1', status: 404 },
    })
    expect(judged(answers.notFound)).toMatchObject({
      fault: { requestId: '212c8206-e7a6-44c8-8f27-5f0ad7f1d243' },
    })
  })
})

describe('429', () => {
  const wait = (headers: Readonly<Record<string, string>>) => judged({ ...answers.rateLimited, headers })
  test.each([
    ['the reset of the window', { 'x-ratelimit-reset': String(nowMs / 1_000 + 4) }, 4_000],
    ['a reset in the past', { 'x-ratelimit-reset': '1' }, 0],
    [
      'a reset by another clock: never more than a window',
      { 'x-ratelimit-reset': String(nowMs / 1_000 + 3_600) },
      10_000,
    ],
    ['Retry-After, should it come', { 'retry-after': '7', 'x-ratelimit-reset': '1' }, 7_000],
  ])('%s', (_name, headers, waitMs) => expect(wait(headers)).toMatchObject({ kind: 'busy', waitMs }))
  test('no header: back-off', () => expect(wait({})).not.toHaveProperty('waitMs'))
})
