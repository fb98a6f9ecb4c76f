import { expect, test } from 'vitest'
import type { Fact } from '../engine/fact.ts'
import type { LedgerLine, TriggerLine } from '../ledger/line.ts'
import { reasons } from '../ledger/reason.ts'
import { factWords } from './fact-words.ts'
import { lineWords } from './line-words.ts'
import { reasonWords } from './reason-words.ts'

const atMs = Date.UTC(2026, 10, 1, 22)
const common = { userId: 'u1', trigger: 't', atMs, version: 1, anchorKey: 'm1', id: 'x', stepPath: '0' }
const act = (effect: Extract<TriggerLine, { readonly kind: 'act' }>['effect']): LedgerLine => ({
  ...common,
  kind: 'act',
  effect,
})
const refusal = (more: Partial<Extract<TriggerLine, { readonly kind: 'refusal' }>>): LedgerLine => ({
  ...common,
  kind: 'refusal',
  reason: 'capped',
  channel: 'email',
  ...more,
})
const send = { channel: 'email', content: {}, data: {}, transactional: true } as const

test.each<readonly [string, LedgerLine]>([
  ['enters segment vip', { kind: 'member', userId: 'u1', atMs, segment: 'vip' }],
  [
    'leaves segment vip (by an event that came late: nothing fires)',
    { kind: 'left', userId: 'u1', atMs, segment: 'vip', because: 'late' },
  ],
  ['fires', { ...common, kind: 'fire' }],
  ['enters the journey', { ...common, kind: 'entry' }],
  ['enters the journey, held out: nothing goes', { ...common, kind: 'entry', heldOut: true }],
  ['sends transactional email', { ...common, kind: 'send', ...send }],
  [
    'sends email (braze: canvas c1; hubspot: email 7) with name "Ada"',
    {
      ...common,
      kind: 'send',
      ...send,
      transactional: false,
      content: { braze: { kind: 'canvas', id: 'c1' }, hubspot: { kind: 'email', id: '7' } },
      data: { name: 'Ada' },
    },
  ],
  ['sets trait plan to "pro"', act({ kind: 'setTrait', trait: 'plan', value: 'pro' })],
  ['adds the user to segment vip', act({ kind: 'addTo', segment: 'vip' })],
  ['takes the user out of segment vip', act({ kind: 'removeFrom', segment: 'vip' })],
  ['makes an event Won Back', act({ kind: 'emit', event: 'Won Back', properties: {} })],
  ['calls https://example.com/hook', act({ kind: 'webhook', url: 'https://example.com/hook', data: {} })],
  ['goal reached: the journey ends', { ...common, kind: 'goal' }],
  ['the journey is left', { ...common, kind: 'exit' }],
  ['the journey is at its end', { ...common, kind: 'end' }],
  ['not entered: the user is in the journey already', refusal({ stepPath: '', reason: 'reentry' })],
  ['email not sent: the cap on messages is full', refusal({})],
  ['email would not have gone: the cap on messages is full', refusal({ heldOut: true })],
  ['email would have gone; the user is held out', refusal({ heldOut: true, reason: 'holdout' })],
  [
    'email put off until 2026-11-02 08:00: quiet hours',
    refusal({ reason: 'quiet-deferred', untilMs: atMs + 36_000_000 }),
  ],
])('%s', (text, line) => {
  expect(lineWords(line)).toBe(text)
})

test('a step of a held-out user that is no message is named', () => {
  const line = { ...common, kind: 'refusal', stepPath: '0', reason: 'holdout', heldOut: true } as const
  expect(lineWords(line, { kind: 'setTrait', trait: 'tier', value: { value: 1 } })).toBe(
    'the step "sets trait tier" would have gone; the user is held out',
  )
})

test('every reason has words of its own', () => {
  const words = reasons.map((reason) => reasonWords[reason])
  expect(new Set(words).size).toBe(reasons.length)
})

test.each<readonly [string, Fact]>([
  ['consent for marketing: granted', { kind: 'consent', atMs, purpose: 'marketing', state: 'granted' }],
  ['suppressed', { kind: 'suppression', atMs, suppressed: true }],
  ['no longer suppressed', { kind: 'suppression', atMs, suppressed: false }],
  ['sms does not reach the user', { kind: 'reachability', atMs, channel: 'sms', reachable: false }],
  ['in segment vip', { kind: 'membership', atMs, segment: 'vip', member: true }],
  ['profile with plan, city', { kind: 'traits', atMs, traits: { plan: 'pro', city: 'Berlin' } }],
  ['a send was given up as undeliverable (x)', { kind: 'dead', atMs, send: 'x' }],
])('a record: %s', (text, fact) => {
  expect(factWords(fact)).toBe(text)
})
