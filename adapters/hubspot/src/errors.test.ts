import type { Answer } from '@tripline/kit'
import { describe, expect, test } from 'vitest'
import { gatewayPage, missingScopes, partlyWritten, tooMany } from '../fixtures/answers.ts'
import { endpoints } from './endpoints.ts'
import { existingIdOf, invalidValuesOf, judge, recordFault, type EndpointMeaning } from './errors.ts'
import { nextMidnightMs } from './next-midnight.ts'

const nowMs = Date.parse('2026-11-01T22:30:00.000Z')
const upsert = endpoints['POST /crm/objects/contacts/batch/upsert']

function answerOf(status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    request: { endpoint: 'POST /x', purpose: 'write', repeat: 'natural', method: 'POST', url: 'http://x' },
    status,
    headers: new Headers(headers),
    text,
    json: () => (typeof body === 'string' ? undefined : body),
  }
}
const judged = (answer: Answer, meaning: EndpointMeaning = upsert, timeZone = 'UTC') =>
  judge(answer, nowMs, meaning, timeZone)

describe('an answer means', () => {
  test.each([200, 201, 204, 207])('%i: look into it', (status) => {
    expect(judged(answerOf(status))).toEqual({ kind: 'ok' })
  })
  test('401: the token is asked for once more', () => {
    expect(
      judged(answerOf(401, { category: 'EXPIRED_AUTHENTICATION', message: 'expired 3 second(s) ago' })),
    ).toMatchObject({
      kind: 'unauthorized',
      fault: { code: 'auth', status: 401 },
    })
  })
  test('403: the scope is named, and only this ability halts', () => {
    expect(judged(answerOf(403, missingScopes))).toMatchObject({
      kind: 'halt',
      what: 'profile',
      fault: {
        code: 'forbidden',
        message: expect.stringContaining('crm.objects.contacts.write') as string,
        requestId: missingScopes.correlationId,
      },
    })
  })
  test('403 without a scope: the tier is named', () => {
    expect(
      judged(answerOf(403, { category: 'FORBIDDEN', message: 'no' }), endpoints['POST /events/send/batch']),
    ).toMatchObject({
      kind: 'halt',
      what: 'event',
      fault: { message: expect.stringContaining('Enterprise') as string },
    })
  })
  test('404 of a batch path: the generation of paths is gone', () => {
    expect(judged(answerOf(404, { message: 'resource not found' }))).toMatchObject({
      kind: 'halt',
      what: 'profile',
      fault: { code: 'not-found', message: expect.stringContaining('apiVersion') as string },
    })
    expect(
      judged(answerOf(404), endpoints['PUT /crm/lists/{listId}/memberships/add-and-remove']),
    ).toMatchObject({ kind: 'refused' })
  })
  test('423: locked, wait two seconds', () => {
    expect(judged(answerOf(423))).toMatchObject({ kind: 'busy', waitMs: 2_000 })
  })
  test('477: moving, come back later', () => {
    expect(judged(answerOf(477, {}, { 'retry-after': '3600' }))).toMatchObject({
      kind: 'later',
      notBefore: '2026-11-01T23:30:00.000Z',
    })
  })
  test('429: seconds, ten seconds or midnight', () => {
    expect(judged(answerOf(429, tooMany('SECONDLY')))).toMatchObject({ kind: 'busy', waitMs: 1_000 })
    expect(judged(answerOf(429, tooMany('TEN_SECONDLY_ROLLING')))).toMatchObject({
      kind: 'busy',
      waitMs: 10_000,
    })
    expect(judged(answerOf(429, tooMany('TEN_SECONDLY_ROLLING'), { 'retry-after': '3' }))).toMatchObject({
      kind: 'busy',
      waitMs: 3_000,
    })
    expect(judged(answerOf(429, tooMany('DAILY')))).toMatchObject({
      kind: 'later',
      notBefore: '2026-11-02T00:00:00.000Z',
    })
    expect(judged(answerOf(429, tooMany('DAILY')), upsert, 'America/New_York')).toMatchObject({
      notBefore: '2026-11-02T05:00:00.000Z',
    })
  })
  test('5xx, also as HTML: may have been done', () => {
    for (const status of [500, 502, 503, 504, 521, 524])
      expect(judged(answerOf(status, gatewayPage))).toMatchObject({
        kind: 'doubtful',
        fault: { code: 'unavailable', message: `HTTP ${status}` },
      })
  })
  test('2xx: nothing or JSON, a page of somebody else is doubtful', () => {
    expect(judged(answerOf(204))).toEqual({ kind: 'ok' })
    expect(judged(answerOf(207, { results: [] }))).toEqual({ kind: 'ok' })
    expect(judged(answerOf(200, gatewayPage))).toMatchObject({ kind: 'doubtful' })
  })
  test('400: refused, and its body is kept unless it holds values', () => {
    expect(judged(answerOf(400, { message: 'bad JSON' }))).toMatchObject({
      kind: 'refused',
      fault: { code: 'invalid', body: '{"message":"bad JSON"}' },
    })
    const judgement = judged(answerOf(400, partlyWritten.errors[0]))
    expect(judgement).toMatchObject({
      kind: 'refused',
      fault: { message: expect.stringContaining('nope: PROPERTY_DOESNT_EXIST') as string },
    })
    expect(judgement).not.toHaveProperty('fault.body')
  })
})

describe('a refused record', () => {
  test('names property, code and advice', () => {
    expect(recordFault(partlyWritten.errors[0], (name) => `set.${name}`)).toMatchObject({
      code: 'invalid',
      path: 'set.nope',
      message: expect.stringMatching(/PROPERTY_DOESNT_EXIST.*fields apply/) as string,
    })
  })
  test('or the contact that is in the way', () => {
    const error = { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 12345' }
    expect(existingIdOf(error)).toBe('12345')
    expect(recordFault(error, String)).toMatchObject({ code: 'conflict', path: 'set.email' })
  })
  test('a message that is not what it says is no list of values', () => {
    expect(invalidValuesOf({ message: 'Property values were not valid: oops' })).toEqual([])
    expect(invalidValuesOf({ message: 7 })).toEqual([])
  })
})

test('midnight of a day on which the clocks change', () => {
  const at = (text: string, zone: string) => new Date(nextMidnightMs(Date.parse(text), zone)).toISOString()
  expect(at('2026-10-24T22:30:00Z', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z')
  expect(at('2026-03-28T23:30:00Z', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
  expect(at('2026-11-01T00:00:00Z', 'UTC')).toBe('2026-11-02T00:00:00.000Z')
})
