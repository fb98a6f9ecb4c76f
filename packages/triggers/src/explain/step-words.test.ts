import { expect, test } from 'vitest'
import type { Step } from '../definition/journey.ts'
import type { Note } from '../trace/note.ts'
import { stepNoteWords } from './step-words.ts'

const atMs = Date.UTC(2026, 10, 1, 12)
type StepNote = Extract<Note, { readonly what: 'step' }>
const words = (step: Step | undefined, facts: StepNote['facts']) =>
  stepNoteWords({ what: 'step', atMs, trigger: 't', node: '1', path: '1', facts }, step)
const send: Step = { kind: 'send', channel: 'push', content: {}, data: {} }
const condition = { kind: 'inSegment', segment: 'vip' } as const
const occasion = { kind: 'on', event: { type: 'track', name: 'Order Completed' } } as const

test.each<readonly [string, Step | undefined, StepNote['facts']]>([
  [
    'step 1: waits 1 day, until 2026-11-02 12:00',
    { kind: 'wait', for: '1d' },
    { untilMs: atMs + 86_400_000 },
  ],
  [
    'step 1: waits until 18:00 Europe/Berlin, which is 17:00',
    { kind: 'waitUntil', time: '18:00', zone: 'Europe/Berlin' },
    { untilMs: atMs + 18_000_000 },
  ],
  [
    'step 1: waits at most 1 h for what happens at Order Completed, until 13:00',
    { kind: 'waitFor', occasion, timeout: '1h', yes: [], no: [] },
    { untilMs: atMs + 3_600_000 },
  ],
  [
    'step 1: what it waited for happened',
    { kind: 'waitFor', occasion, timeout: '1h', yes: [], no: [] },
    { way: 'yes' },
  ],
  [
    'step 1: what it waited for did not happen in time',
    { kind: 'waitFor', occasion, timeout: '1h', yes: [], no: [] },
    { way: 'no' },
  ],
  ['step 1: goes on with "no"', { kind: 'branch', condition, yes: [], no: [] }, { way: 'no' }],
  ['step 1: takes arm 1 (chance 0.6000)', { kind: 'split', arms: [] }, { arm: 1, bucket: 0.6 }],
  ['step 1: waits for an answer to push, until 13:00', send, { untilMs: atMs + 3_600_000 }],
  ['step 1: push was answered', send, { engaged: true }],
  ['step 1: push was not answered', send, { engaged: false }],
  ['step 1: is reached', undefined, {}],
])('%s', (text, step, facts) => {
  expect(words(step, facts)).toBe(text)
})
