import { expect, test } from 'vitest'
import type { Note } from '../trace/note.ts'
import { guardWords } from './guard-words.ts'

type GuardNote = Extract<Note, { readonly what: 'guard' }>
const atMs = Date.UTC(2026, 10, 2, 12)
const day = 86_400_000
const words = (guard: GuardNote['guard'], passed: boolean, facts: GuardNote['facts'] = {}) =>
  guardWords({ what: 'guard', atMs, trigger: 't', node: 'entry', guard, passed, facts })

test.each<readonly [GuardNote['guard'], GuardNote['facts'], string, string]>([
  ['enabled', {}, 'switched on', 'switched off'],
  ['who', {}, '"who" holds', '"who" does not hold'],
  ['suppression', {}, 'not suppressed', 'suppressed'],
  [
    'consent',
    { purpose: 'marketing' },
    'consent for marketing is there',
    'there is no consent for marketing',
  ],
  ['reentry', {}, 'not in the journey', 'in the journey already'],
  [
    'cooldown',
    { lastMs: atMs - day, cooldownMs: 7 * day },
    'cool-down of 7 days is over (last entry 2026-11-01 12:00)',
    'cool-down of 7 days is not over (last entry 2026-11-01 12:00)',
  ],
  [
    'at-most',
    { count: 1, limit: 2, perMs: 7 * day },
    'entered 1 of 2 in 7 days',
    'entered as often as allowed: 1 of 2 in 7 days',
  ],
  [
    'holdout',
    { bucket: 0.07123456, share: 0.1, experiment: 't' },
    'not held out (chance 0.0712, held out below 0.1)',
    'held out (chance 0.0712, held out below 0.1)',
  ],
  ['ending', { by: 'goal' }, 'neither goal nor exit so far', 'the goal is reached'],
  ['reachability', { channel: 'sms' }, 'sms reaches the user', 'sms does not reach the user'],
  ['priority', { priority: 3, winner: 'vip' }, 'nothing goes before it', 'vip goes before it'],
  [
    'cap',
    { cap: 0, count: 2, limit: 3, perMs: 7 * day },
    'sent 2 of 3 in 7 days',
    'cap full: sent 2 of 3 in 7 days',
  ],
  [
    'backoff',
    { ignored: 2, lastMs: atMs - day, nextMs: atMs + day },
    'the pause after 2 ignored messages is over',
    '2 ignored messages in a row, the next may go at 2026-11-03 12:00',
  ],
  [
    'quiet-hours',
    { local: '22:30', from: '22:00', to: '08:00', zone: 'Europe/Berlin' },
    'no quiet hours (it is 22:30 in Europe/Berlin, quiet from 22:00 to 08:00)',
    'quiet hours (it is 22:30 in Europe/Berlin, quiet from 22:00 to 08:00)',
  ],
])('%s', (guard, facts, passed, refused) => {
  expect(words(guard, true, facts)).toBe(passed)
  expect(words(guard, false, facts)).toBe(refused)
})

test('consent that was denied, and a "who" that hangs on what is unknown', () => {
  expect(words('consent', false, { purpose: 'marketing', consent: false })).toBe(
    'consent for marketing is denied',
  )
  expect(words('who', false, { undecidable: true })).toBe(
    '"who" cannot be decided: a mirrored segment was not read yet',
  )
})

test('what a note does not tell is left out', () => {
  expect(words('at-most', true)).toBe('entered')
  expect(words('holdout', true)).toBe('not held out')
  expect(words('quiet-hours', true)).toBe('no quiet hours')
  expect(words('ending', false, { by: 'exit' })).toBe('the journey was ended')
})
