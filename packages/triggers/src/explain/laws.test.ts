import { test as fcTest, fc } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { stream, type Stream } from '../../fixtures/arbitrary/streams.ts'
import { toMatcherEvent } from '../../fixtures/matcher/run.ts'
import type { Definitions } from '../definition/definition.ts'
import { createEngine } from '../engine/create-engine.ts'
import type { LedgerLine } from '../ledger/line.ts'
import type { ConditionTrace } from '../trace/note.ts'
import { compareLedgers } from '../report/compare-ledgers.ts'
import { createSummary } from '../report/create-summary.ts'
import { explainUser } from './explain-user.ts'
import { explanationText } from './explanation-text.ts'
import { createRecorder } from './record.ts'
import { waitsAt } from './state-at.ts'

const runs = { numRuns: 150 }
const timeoutMs = 120_000

function ledgerOf(
  defined: Definitions,
  { events, facts, untilMs, consentsKnown }: Stream,
): readonly LedgerLine[] {
  const lines: LedgerLine[] = []
  const engine = createEngine(defined, { consentsKnown })
  const history = { events: events.map(toMatcherEvent), facts }
  engine.advance(engine.createUser('u1'), history, untilMs, (line) => lines.push(line))
  return lines
}

/** Told in two parts, with the state as it stands in between. */
function tell(defined: Definitions, { events, facts, untilMs, consentsKnown }: Stream, atMs: number) {
  const recorder = createRecorder()
  const engine = createEngine(defined, { consentsKnown, observer: recorder.observer })
  const user = engine.createUser('u1')
  const all = events.map(toMatcherEvent)
  const isBefore = (each: { readonly atMs: number }) => each.atMs <= atMs
  const isAfter = (each: { readonly atMs: number }) => each.atMs > atMs
  engine.advance(
    user,
    { events: all.filter(isBefore), facts: facts.filter(isBefore) },
    atMs + 1,
    recorder.emit,
  )
  const held = {
    segments: defined.segments.map(({ id }) => {
      const condition = engine.explainSegment(user, id, atMs)
      return { segment: id, member: engine.isMember(user, id, atMs), ...(condition && { condition }) }
    }),
    who: defined.triggers.flatMap(({ id }) => {
      const condition = engine.explainWho(user, id, atMs)
      return condition ? [{ trigger: id, condition }] : []
    }),
  }
  engine.advance(user, { events: all.filter(isAfter), facts: facts.filter(isAfter) }, untilMs, recorder.emit)
  return { seen: recorder.seen, held }
}
const middleOf = ({ events }: Stream): number => events[events.length >> 1]?.at ?? 0

describe('what is told', () => {
  fcTest.prop([definitions, stream], runs)(
    'watching changes nothing, and every line is told once',
    (defined, read) => {
      const atMs = middleOf(read)
      if (read.untilMs <= atMs + 1) return
      const { seen } = tell(defined, read, atMs)
      const lines = seen.flatMap(({ line }) => (line === undefined ? [] : [line]))
      expect(lines).toEqual(ledgerOf(defined, read))
      const { moments } = explainUser({ definitions: defined, userId: 'u1', seen })
      const told = moments.flatMap(({ said }) =>
        said.flatMap(({ line }) => (line === undefined ? [] : [line])),
      )
      expect(told).toEqual(lines)
    },
    timeoutMs,
  )

  fcTest.prop([definitions, stream], runs)(
    'is words throughout, of the whole and of a time',
    (defined, read) => {
      const atMs = middleOf(read)
      if (read.untilMs <= atMs + 1) return
      const { seen, held } = tell(defined, read, atMs)
      const whole = explainUser({ definitions: defined, userId: 'u1', seen })
      const then = explainUser({ definitions: defined, userId: 'u1', seen, at: { atMs, held } })
      for (const explanation of [whole, then]) {
        expect(explanationText(explanation)).not.toMatch(/undefined|NaN|\[object|Invalid/)
        expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation)
      }
    },
    timeoutMs,
  )

  fcTest.prop([definitions, stream], runs)(
    'a condition explained has the answer that decides: a dynamic segment holds for its members',
    (defined, read) => {
      const atMs = middleOf(read)
      if (read.untilMs <= atMs + 1) return
      for (const { member, condition } of tell(defined, read, atMs).held.segments) {
        if (condition === undefined) continue
        expect(condition.holds).toBe(member)
        expectSound(condition)
      }
    },
    timeoutMs,
  )
})

describe('what waits', () => {
  fcTest.prop([definitions, stream], runs)(
    'what ends or is cancelled was under way, and nothing is under way beyond its time',
    (defined, read) => {
      const single = { ...defined, triggers: defined.triggers.filter(({ reentry }) => reentry === 'single') }
      const { seen } = tell(single, read, middleOf(read))
      for (const [index, { note }] of seen.entries()) {
        if (note?.what !== 'wait-cancelled' && note?.what !== 'wait-ended') continue
        const dueMs = note.what === 'wait-ended' ? note.atMs : note.dueMs
        const before = waitsAt(seen.slice(0, index), Infinity, single)
        const due = new Date(dueMs).toISOString()
        expect(before).toContainEqual(
          expect.objectContaining({ trigger: note.trigger, node: note.node, due }),
        )
      }
      const until = new Date(Math.max(read.untilMs, middleOf(read) + 1)).toISOString()
      for (const { due } of waitsAt(seen, Infinity, single)) expect(due >= until).toBe(true)
    },
    timeoutMs,
  )
})

describe('what a ledger comes to', () => {
  fcTest.prop([definitions, fc.array(stream, { minLength: 1, maxLength: 4 })], runs)(
    'adds up: each fire enters or is refused, each send has a channel and a day, each user a number of messages',
    (defined, streams) => {
      const summary = createSummary(defined)
      const ledgers = streams.map((read, index) =>
        ledgerOf(defined, read).map((line) => ({ ...line, userId: `u${index}` })),
      )
      for (const line of ledgers.flat()) summary.add(line)
      const { triggers, sends, messagesPerUser, users } = summary.result({ users: streams.length, events: 0 })
      for (const each of triggers) {
        expect(each.entries + total(each.refusedFires)).toBe(each.fires)
        expect(each.users).toBeLessThanOrEqual(Math.min(each.entries, streams.length))
        expect(each.goals + each.exits + each.ends).toBeLessThanOrEqual(each.entries)
      }
      const sent = triggers.reduce((sum, each) => sum + total(each.sends), 0)
      expect(sends.total).toBe(sent)
      expect(sends.perDay.reduce((sum, { count }) => sum + count, 0)).toBe(sent)
      expect(messagesPerUser.reduce((sum, each) => sum + each.users, 0)).toBe(users.read)
    },
    timeoutMs,
  )

  fcTest.prop([definitions, definitions, stream], runs)(
    'compared: what went before less what is removed plus what is added goes after',
    (first, second, read) => {
      const comparer = compareLedgers()
      comparer.addUser('u1', ledgerOf(first, read), ledgerOf(second, read))
      comparer.addUser('u2', ledgerOf(first, read), ledgerOf(first, read))
      const { triggers, users } = comparer.result()
      expect(users.affected).toBeLessThanOrEqual(1)
      for (const { entries, sends, acts } of triggers) {
        for (const each of [entries, ...sends, acts])
          expect(each.before - each.removed + each.added).toBe(each.after)
      }
    },
    timeoutMs,
  )
})

/** The answer of a whole follows from those of its parts. */
function expectSound({ condition, holds, parts = [] }: ConditionTrace): void {
  for (const part of parts) expectSound(part)
  if (parts.length === 0) return
  const answers = parts.map((part) => part.holds)
  if (condition.kind === 'and') expect(holds).toBe(answers.every(Boolean))
  if (condition.kind === 'or') expect(holds).toBe(answers.some(Boolean))
  if (condition.kind === 'not') expect(holds).toBe(answers[0] !== true)
  if (condition.kind === 'inSegment') expect(holds).toBe(answers[0])
}

const total = (counts: { readonly [name: string]: number | undefined }): number =>
  Object.values(counts).reduce((sum: number, count) => sum + (count ?? 0), 0)
