import type { Answer, HttpRequest } from '@tripline/kit'
import { describe, expect, test } from 'vitest'
import { profileMissing, publicRateLimited } from '../fixtures/answers.ts'
import { isMissingProfile, judge, waitOf } from './errors.ts'
import type { SegmentApi } from './options.ts'

const request = { endpoint: 'POST /v1/batch', method: 'POST', url: 'https://example.com' } as HttpRequest
function answer(status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    request,
    status,
    headers: new Headers(headers),
    text,
    json: () => (typeof body === 'string' ? undefined : body),
  }
}
const now = Date.parse('2026-11-22T03:00:00.000Z')
const judged = (api: SegmentApi, status: number, body?: unknown, headers?: Record<string, string>) =>
  judge(answer(status, body, headers), now, api, 'schema')

describe('waiting', () => {
  test.each([
    ['Retry-After in seconds', answer(429, {}, { 'retry-after': '7', 'x-ratelimit-reset': '9' }), 7_000],
    ['X-RateLimit-Reset in seconds', answer(429, {}, { 'x-ratelimit-reset': '9' }), 9_000],
    ['Retry-After as a date', answer(503, {}, { 'retry-after': 'Sun, 22 Nov 2026 03:00:30 GMT' }), 30_000],
    [
      'X-RateLimit-Reset as an RFC 5322 date',
      answer(429, {}, { 'x-ratelimit-reset': 'Sun, 22 Nov 2026 03:01:00 +0000' }),
      60_000,
    ],
    ['msBeforeNext in the body', answer(429, publicRateLimited, { 'x-ratelimit-reset': '1' }), 57_647],
    ['nothing said', answer(429), undefined],
    ['a reset on a success', answer(200, {}, { 'x-ratelimit-reset': '9' }), undefined],
  ])('%s', (_, given, waitMs) => {
    expect(waitOf(given, now)).toBe(waitMs)
  })
})

describe('what an answer means', () => {
  test.each([
    ['tracking', 200, { success: true }, 'ok'],
    ['tracking', 200, 'OK', 'ok'],
    ['tracking', 200, { success: false }, 'refused'],
    ['tracking', 301, '', 'halt'],
    ['tracking', 304, '', 'halt'],
    ['tracking', 400, { message: 'malformed JSON' }, 'refused'],
    ['tracking', 400, { message: 'wrong region for this workspace' }, 'halt'],
    ['tracking', 401, {}, 'unauthorized'],
    ['tracking', 403, {}, 'halt'],
    ['tracking', 404, {}, 'halt'],
    ['tracking', 408, {}, 'doubtful'],
    ['tracking', 413, {}, 'refused'],
    ['tracking', 429, {}, 'busy'],
    ['tracking', 502, '<html>', 'doubtful'],
    ['profile', 200, '', 'doubtful'],
    ['profile', 404, profileMissing, 'refused'],
    ['public', 200, { errors: [] }, 'doubtful'],
    ['public', 200, { data: {} }, 'ok'],
    ['public', 409, {}, 'refused'],
    ['public', 403, {}, 'halt'],
    ['oauth', 400, { error: 'invalid_client' }, 'refused'],
    ['oauth', 200, 'no json', 'doubtful'],
  ] as const)('%s %i %j is %s', (api, status, body, kind) => {
    expect(judged(api, status, body).kind).toBe(kind)
  })

  test('messages are taken from each of the four shapes, and name the field', () => {
    const said = (api: SegmentApi, body: unknown): string => {
      const judgement = judged(api, api === 'public' ? 422 : 400, body)
      return 'fault' in judgement ? judgement.fault.message : ''
    }
    expect(said('tracking', { success: false, message: 'malformed JSON' })).toBe('malformed JSON')
    expect(said('profile', { error: { code: 'x', message: 'bad limit' } })).toBe('bad limit')
    expect(said('public', { errors: [{ field: 'name', message: 'is required' }, { message: 'b' }] })).toBe(
      'name is required; b',
    )
    expect(said('oauth', { error: 'invalid_client', error_description: 'unknown kid' })).toContain(
      'unknown kid',
    )
    expect(said('tracking', '<html>')).toBe('HTTP 400')
  })

  test('the request’s id is kept for support; an answer of the OAuth server is not', () => {
    const profile = judged('profile', 400, { error: {} }, { 'request-id': 'req-1' })
    expect(profile).toMatchObject({ fault: { requestId: 'req-1' } })
    expect(judged('oauth', 200, 'token=secret')).toMatchObject({ fault: { body: '' } })
  })

  test('only the profile that was not found is missing', () => {
    const fault = { code: 'not-found', status: 404 } as const
    expect(isMissingProfile({ ...fault, message: 'Profile was not found.' })).toBe(true)
    expect(isMissingProfile({ ...fault, message: 'Space was not found.' })).toBe(false)
  })
})
