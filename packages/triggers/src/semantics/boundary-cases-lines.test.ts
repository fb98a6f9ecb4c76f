import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ledgersByEngine } from '../../fixtures/cases/answers/engine.ts'
import { linesOfStory } from '../../fixtures/cases/answers/story.ts'
import type { LedgerCase } from '../../fixtures/cases/ledger-notation.ts'
import { email, mailing, on, track, trigger, wait } from '../../fixtures/cases/ledger-parts.ts'
import type { EventNote } from '../../fixtures/cases/notation.ts'
import { ledgerTables, storyTables } from '../../fixtures/cases/tables.ts'
import { ledgerByEngine } from '../../fixtures/scenario/move.ts'
import { engineOf, EngineRun, notedEvents } from '../../fixtures/engine/run-engine.ts'
import type { LedgerLine, TriggerInput } from '../index.ts'
import type { TriggerLine } from '../ledger/line.ts'
import type { Finding } from '../matcher/core.ts'
import { reasons } from '../ledger/reason.ts'

const cases: readonly LedgerCase[] = ledgerTables.flatMap(([, table]) => [...table])
/** What the engine writes in all cases, one list per user. */
const ledgers: readonly (readonly LedgerLine[])[] = [
  ...cases.map((given) => ledgersByEngine(given)[0] ?? []),
  ...storyTables
    .flatMap(([, table]) => [...table])
    .map((story) => linesOfStory(story, ledgerByEngine).filter(({ userId }) => userId === 'u1')),
]
const ofTriggers = (lines: readonly LedgerLine[]): readonly TriggerLine[] =>
  lines.filter((line): line is TriggerLine => 'trigger' in line)
function write(triggers: readonly TriggerInput[], notes: readonly EventNote[]): readonly LedgerLine[] {
  return new EngineRun(engineOf({ triggers })).advance({ events: notedEvents(notes) }, '1000h').lines
}

describe('in all cases', () => {
  test('every refusal is in the ledger with its reason: each reason has a case', () => {
    const seen = new Set(ledgers.flat().flatMap((line) => (line.kind === 'refusal' ? [line.reason] : [])))
    expect([...seen].toSorted()).toEqual([...reasons].toSorted())
  })

  test('the reasons are those of the law, and no others', () => {
    const law =
      'disabled not-eligible suppressed no-consent reentry cooldown at-most holdout goal-reached exit unreachable outranked capped ignored-backoff quiet-deferred quiet-dropped late loop missed not-decidable'
    expect([...reasons].toSorted()).toEqual(law.split(' ').toSorted())
  })

  test('nothing is refused silently: every fire is followed by its entry or its refusal, with its id', () => {
    let fires = 0
    for (const lines of ledgers.map(ofTriggers)) {
      for (const [index, line] of lines.entries()) {
        if (line.kind !== 'fire') continue
        fires++
        const next = lines[index + 1]
        expect(['entry', 'refusal']).toContain(next?.kind)
        expect(next).toMatchObject({ id: line.id, atMs: line.atMs, stepPath: '' })
      }
    }
    expect(fires).toBeGreaterThan(400)
  })

  test('ids are SHA-256 of [trigger id, version entered, user id at entry, anchor key, step path], 128 bits', () => {
    const users = ['u1', 'anonymous']
    for (const line of ledgers.flatMap(ofTriggers)) {
      const possible = users.map((user) => {
        const text = JSON.stringify([line.trigger, line.version, user, line.anchorKey, line.stepPath])
        return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32)
      })
      expect(possible).toContain(line.id)
    }
  })

  test('a deferred send keeps its id: it is decided again under the same, not before it is asked', () => {
    let deferred = 0
    for (const lines of ledgers.slice(0, cases.length).map(ofTriggers)) {
      for (const [index, line] of lines.entries()) {
        if (line.kind !== 'refusal' || line.reason !== 'quiet-deferred') continue
        deferred++
        const again = lines.slice(index + 1).find(({ id }) => id === line.id)
        expect(again?.atMs).toBeGreaterThanOrEqual(line.untilMs ?? Number.NaN)
      }
    }
    expect(deferred).toBeGreaterThan(20)
  })

  test('same events, same arrival times, same definitions: the same ledger, byte for byte', () => {
    for (const [index, given] of cases.entries()) {
      expect(JSON.stringify(ledgersByEngine(given)[0])).toBe(JSON.stringify(ledgers[index]))
    }
  })
})

describe('ids and anchor keys', () => {
  const idsOf = (lines: readonly LedgerLine[]) =>
    ofTriggers(lines).map(({ kind, anchorKey, stepPath, id }) => [kind, anchorKey, stepPath, id].join(' '))

  test('of an event: its messageId (the hash computed apart)', () => {
    const lines = write([mailing('t')], [['A', 0]])
    expect(idsOf(lines)).toContain('send m0 0 6acd43e5b0c9690ab201d8f08ea2b4fd')
  })

  test('of a fire by timer: + `@` + due ms (the hash computed apart)', () => {
    const when = { kind: 'without', base: on('A'), event: track('X'), for: '1h' } as const
    const lines = write([trigger({ when })], [['A', 0]])
    expect(idsOf(lines)).toContain('fire m0@3600000  049fb70034f159aaa609c5223d284025')
  })

  test('without an event: of a segment, a date, a tick', () => {
    const segments = [
      {
        specVersion: 1,
        kind: 'dynamic',
        id: 's',
        condition: { kind: 'did', event: track('A'), within: '1h' },
      },
    ] as const
    const triggers = [
      trigger({ id: 'enters', when: { kind: 'enters', segment: 's' } }),
      trigger({ id: 'leaves', when: { kind: 'leaves', segment: 's' } }),
      trigger({ id: 'date', when: { kind: 'at', trait: 'due', time: '09:00' } }),
      trigger({ id: 'tick', when: { kind: 'schedule', cron: '30 9 1 1 *', zone: 'UTC', segment: 's' } }),
    ]
    const events = notedEvents([
      ['identify', '8h', { due: '1970-01-01' }],
      ['A', '9h'],
    ])
    const { lines } = new EngineRun(engineOf({ segments, triggers })).advance({ events }, '20h')
    expect(ofTriggers(lines).flatMap(({ kind, anchorKey }) => (kind === 'fire' ? [anchorKey] : []))).toEqual([
      'date:due:1970-01-01:32400000',
      'segment:s:entered:32400000',
      'schedule:34200000',
      'segment:s:left:36000000',
    ])
  })

  test('an emitted event carries the id of its line as messageId: what it fires is anchored there', () => {
    const lines = write(
      [trigger({ journey: [{ kind: 'emit', event: 'E' }] }), trigger({ id: 'e', when: on('E') })],
      [['A', 0]],
    )
    const act = ofTriggers(lines).find(({ kind }) => kind === 'act')
    expect(ofTriggers(lines).find(({ trigger: id }) => id === 'e')?.anchorKey).toBe(act?.id)
  })

  test('a written trait carries the id of its line as messageId', () => {
    const lines = write(
      [
        trigger({ journey: [{ kind: 'setTrait', trait: 'plan', value: { value: 'pro' } }] }),
        trigger({ id: 'c', when: { kind: 'changes', trait: 'plan' } }),
      ],
      [['A', 0]],
    )
    const act = ofTriggers(lines).find(({ kind }) => kind === 'act')
    expect(ofTriggers(lines).find(({ trigger: id }) => id === 'c')?.anchorKey).toBe(act?.id)
  })

  test('the anchor place of a fire without an anchor event is the place of the fire: runs go on in that order', () => {
    const segments = [
      {
        specVersion: 1,
        kind: 'dynamic',
        id: 's',
        condition: { kind: 'did', event: track('A'), within: '1h' },
      },
    ] as const
    const journey = [{ kind: 'waitUntil', time: '09:00' }] as const
    const triggers = [trigger({ when: { kind: 'enters', segment: 's' }, reentry: 'parallel', journey })]
    const events = notedEvents([
      ['A', '1h'],
      ['A', '3h'],
    ])
    const { lines } = new EngineRun(engineOf({ segments, triggers })).advance({ events }, '20h')
    expect(ofTriggers(lines).flatMap(({ kind, anchorKey }) => (kind === 'end' ? [anchorKey] : []))).toEqual([
      'segment:s:entered:3600000',
      'segment:s:entered:10800000',
    ])
  })

  test('ids keep the user and the version of the entry', () => {
    const waiting = trigger({ journey: [wait('2h'), email] })
    const engine = engineOf({ triggers: [waiting] }, { versions: { t: 7 } })
    const run = new EngineRun(engine, 'ü').advance({ events: notedEvents([['A', 0]]) }, '9h')
    const text = JSON.stringify(['t', 7, 'ü', 'm0', '1'])
    const id = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32)
    expect(ofTriggers(run.lines).find(({ kind }) => kind === 'send')).toMatchObject({ id, version: 7 })
  })
})

describe('what is reported', () => {
  const findingsOf = (
    definitions: Parameters<typeof engineOf>[0],
    notes: Parameters<typeof notedEvents>[0],
    users: readonly string[] = ['u1'],
  ) => {
    const findings: Finding[] = []
    const finding = (each: Finding) => findings.push(each)
    const engine = engineOf(definitions, { finding })
    for (const user of users) {
      new EngineRun(engine, user).advance({ events: notedEvents(notes) }, '1000h').reload()
    }
    return findings
  }

  test('a value of another type is missing, and reported once per field', () => {
    const plan = {
      specVersion: 1,
      traits: { age: 'number' },
      events: { A: { price: 'number', size: 'number' } },
    } as const
    const large = { kind: 'property', property: 'size', op: 'gt', value: 1 } as const
    const who = {
      kind: 'or',
      conditions: [
        { kind: 'trait', trait: 'age', op: 'gt', value: 1 },
        { kind: 'did', event: { ...track('A'), where: large } },
        { kind: 'total', event: track('A'), property: 'price', aggregate: 'sum', op: 'gt', value: 1 },
      ],
    } as const
    const told = findingsOf({ plan, triggers: [trigger({ who })] }, [
      ['identify', 0, { age: 'old' }],
      ['identify', 0, { age: 'older' }],
      ['A', 0, { price: 'dear', size: 'L' }],
      ['A', 0, { price: 'dearer', size: 'XL' }],
    ])
    const fields = told.map((each) =>
      each.kind === 'type' ? `${each.event ?? ''}.${each.field}` : each.kind,
    )
    expect(fields.toSorted()).toEqual(['.age', 'A.price', 'A.size'])
  })

  test('a missing or unknown zone is the default zone, reported once per user', () => {
    const hours = { journey: [{ kind: 'waitUntil', time: '09:00' }], reentry: 'parallel' } as const
    const triggers = [trigger(hours)]
    const twice = [
      ['A', 0],
      ['A', '1h'],
    ] as const
    expect(findingsOf({ triggers }, twice, ['u1', 'u2'])).toEqual([
      { kind: 'zone', userId: 'u1' },
      { kind: 'zone', userId: 'u2' },
    ])
    expect(findingsOf({ triggers }, [['identify', 0, { timezone: 'Mars/Base' }], ...twice])).toEqual([
      { kind: 'zone', userId: 'u1', zone: 'Mars/Base' },
    ])
    expect(findingsOf({ triggers }, [['identify', 0, { timezone: 'Asia/Tokyo' }], ...twice])).toEqual([])
  })
})

test('`any` is no group and no alias message', () => {
  const run = new EngineRun(
    engineOf({ triggers: [trigger({ when: { kind: 'on', event: { type: 'any' } } })] }),
  )
  const messages = (['group', 'alias', 'track'] as const).map((type) => ({
    messageId: type,
    type,
    atMs: 0,
    properties: {},
    ...(type === 'track' && { name: 'A' }),
  }))
  run.advance({ events: messages }, '1h')
  expect(
    ofTriggers(run.lines).flatMap(({ kind, anchorKey }) => (kind === 'fire' ? [anchorKey] : [])),
  ).toEqual(['track'])
})

test('a tick at the very time to which was read is missed too, when the clock is further on than catchUp', () => {
  const when = { kind: 'schedule', cron: '0 * * * *', zone: 'UTC', segment: 's' } as const
  const segments = [
    { specVersion: 1, kind: 'dynamic', id: 's', condition: { kind: 'did', event: track('A') } },
  ] as const
  const run = new EngineRun(engineOf({ segments, triggers: [trigger({ when })] }))
  run.advance({ events: notedEvents([['A', '30m']]) }, '1h').texts()
  const read = run.advance({ events: [] }, '2h+1ms', '2h+1ms')
  expect(read.texts()).toEqual(['1h missed t', '2h entry t', '2h end t'])
})
