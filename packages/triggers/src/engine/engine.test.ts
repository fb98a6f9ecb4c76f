import { describe, expect, test } from 'vitest'
import { email, mailing, on, track, trigger, wait } from '../../fixtures/cases/ledger-parts.ts'
import { engineOf, EngineRun, notedEvents } from '../../fixtures/engine/run-engine.ts'
import { normaliseDefinitions } from '../index.ts'
import type { Note } from '../trace/note.ts'
import { effectsOf } from './effects-of.ts'

const a = notedEvents([['A', 0]])

describe('lines', () => {
  test('a fire, its entry and what the run does, each with its id', () => {
    const journey = [
      { ...email, data: { product: { anchor: 'product_id' }, none: { anchor: 'x' } } },
    ] as const
    const run = new EngineRun(engineOf({ triggers: [trigger({ journey })] }))
    run.advance({ events: notedEvents([['A', 0, { product_id: 'p1' }]]) }, '1h')
    const common = { userId: 'u1', atMs: 0, trigger: 't', version: 1, anchorKey: 'm0' }
    expect(run.lines).toMatchObject([
      { ...common, kind: 'fire', stepPath: '' },
      { ...common, kind: 'entry', stepPath: '' },
      {
        ...common,
        kind: 'send',
        stepPath: '0',
        channel: 'email',
        data: { product: 'p1' },
        transactional: false,
      },
      { ...common, kind: 'end', stepPath: '' },
    ])
    const ids = run.lines.map((line) => ('id' in line ? line.id : ''))
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
    expect([ids[1], ids[3]]).toEqual([ids[0], ids[0]])
    expect(ids[2]).not.toBe(ids[0])
  })

  test('without ids nothing but ids differs', () => {
    const triggers = [
      mailing('t', { journey: [email, { kind: 'emit', event: 'Made' }] }),
      mailing('made', { when: on('Made') }),
    ]
    const policy = { caps: [{ channel: 'email', count: 1, per: '1d' }] }
    const read = (ids: boolean) => {
      const run = new EngineRun(engineOf({ triggers, policy }, { ids }))
      return run.advance({ events: a }, '1h').lines
    }
    const strip = (lines: ReturnType<typeof read>) => lines.map((line) => ({ ...line, id: '' }))
    expect(strip(read(false))).toEqual(strip(read(true)))
    expect(read(false)[0]).toMatchObject({ kind: 'fire', id: '' })
  })
})

test('a journey that starts itself again without end is stopped by a bound', () => {
  const twice = { kind: 'emit', event: 'A' } as const
  const endless = { reentry: 'parallel', journey: [wait('1h'), twice, twice] } as const
  const run = (maxRuns: number) => {
    const engine = engineOf({ triggers: [trigger(endless)] }, { maxRuns })
    return new EngineRun(engine).advance({ events: a }, '3h+1ms').lines.length
  }
  // 1 at the start, 2 after an hour, 4 after two, 8 after three.
  expect(run(8)).toBeGreaterThan(15)
  expect(() => run(7)).toThrow('a user who enters "t" has 7 running journeys already')
})

describe('reading', () => {
  const engine = engineOf({ triggers: [mailing('t', { journey: [wait('1h'), email] })] })

  test('timers due exactly at the end wait, events do not', () => {
    const run = new EngineRun(engine).advance({ events: a }, '1h')
    expect(run.texts()).toEqual(['0 entry t'])
    expect(run.advance({ events: [] }, '1h+1ms').texts()).toEqual(['1h send t 1', '1h end t'])
    expect(new EngineRun(engine).advance({ events: a }, 0).texts()).toEqual(['0 entry t'])
  })

  test('an event before what is read, or after the end, is refused', () => {
    const run = new EngineRun(engine).advance({ events: [] }, '1h')
    expect(() => run.advance({ events: a }, '2h')).toThrow('an event or fact of user "u1" at 0 lies outside')
    expect(() => new EngineRun(engine).advance({ events: notedEvents([['A', '3h']]) }, '2h')).toThrow(
      'outside',
    )
  })

  test('what is no time is refused', () => {
    expect(() => new EngineRun(engine).advance({ events: a }, Number.NaN)).toThrow('NaN is no time')
    const timeless = a.map((event) => ({ ...event, atMs: Number.NaN }))
    expect(() => new EngineRun(engine).advance({ events: timeless }, '1h')).toThrow('outside')
  })

  test('a saved state belongs to its definitions', () => {
    const other = engineOf({ triggers: [mailing('t')] })
    const text = engine.saveUser(engine.createUser('u1'))
    expect(() => other.loadUser(text)).toThrow('is not of these')
    expect(engine.saveUser(engine.loadUser(text))).toBe(text)
  })

  test('disabling a trigger keeps what is saved: running journeys finish, nobody enters', () => {
    const waiting = { journey: [wait('1h'), email], reentry: 'parallel' } as const
    const run = new EngineRun(engineOf({ triggers: [mailing('t', waiting)] })).advance({ events: a }, '30m')
    const disabled = engineOf({ triggers: [mailing('t', { ...waiting, enabled: false })] })
    const user = disabled.loadUser(run.engine.saveUser(run.user))
    run.texts()
    disabled.advance(user, { events: notedEvents([['A', '40m']]) }, 7_200_000, run.emit)
    expect(run.texts()).toEqual(['40m disabled t', '1h send t 1', '1h end t'])
  })

  test('a version is given once', () => {
    const [definition] = normaliseDefinitions({ specVersion: 1, triggers: [mailing('t')] }).triggers
    const earlier = definition === undefined ? [] : [{ trigger: definition, version: 1 }]
    expect(() => engineOf({ triggers: [mailing('t')] }, { earlier })).toThrow(
      'version 1 of trigger "t" is given twice',
    )
  })
})

test('an event that is the goal and what a step waits for is the goal', () => {
  const waitFor = { kind: 'waitFor', occasion: on('B'), timeout: '1d', yes: [email] } as const
  const run = new EngineRun(
    engineOf({ triggers: [trigger({ journey: [waitFor], goals: [{ event: track('B') }] })] }),
  )
  const events = notedEvents([
    ['A', 0],
    ['B', '1h'],
  ])
  expect(run.advance({ events }, '9h').texts()).toEqual(['0 entry t', '1h goal t'])
})

test('a tick that was missed for longer than catchUp is refused', () => {
  const when = { kind: 'schedule', cron: '0 * * * *', zone: 'UTC', segment: 's', catchUp: '1h' } as const
  const segments = [
    { specVersion: 1, kind: 'dynamic', id: 's', condition: { kind: 'did', event: track('A') } },
  ] as const
  const run = new EngineRun(engineOf({ segments, triggers: [trigger({ when })] }))
  run.advance({ events: a }, '30m').texts()
  const read = run.advance({ events: [] }, '3h+1ms', '3h')
  expect(read.texts()).toEqual(['1h missed t', '2h entry t', '2h end t', '3h entry t', '3h end t'])
})

test('effects of steps as a history: events with their source, changes of sets with their place', () => {
  const journey = [
    { kind: 'emit', event: 'Made', properties: { n: { value: 1 } } },
    { kind: 'webhook', url: 'https://example.com/' },
    { kind: 'addTo', segment: 's' },
    { kind: 'setTrait', trait: 'plan', value: { value: 'pro' } },
  ] as const
  const segments = [{ specVersion: 1, kind: 'static', id: 's' }] as const
  const run = new EngineRun(engineOf({ segments, triggers: [trigger({ journey })] }))
  run.advance({ events: a }, '1h')
  const ids = run.lines.flatMap((line) => (line.kind === 'act' ? [line.id] : []))
  expect(effectsOf(run.lines)).toEqual({
    events: [
      { messageId: ids[0], type: 'track', name: 'Made', atMs: 0, properties: { n: 1 }, source: 'tripline' },
      { messageId: ids[3], type: 'identify', atMs: 0, properties: { plan: 'pro' }, source: 'tripline' },
    ],
    facts: [{ kind: 'membership', atMs: 0, segment: 's', member: true, effect: 1 }],
  })
})

test('the observer is told of events, facts, guards and steps', () => {
  const notes: Note[] = []
  const journey = [
    { kind: 'branch', condition: { kind: 'did', event: track('A') }, yes: [wait('1h')] },
  ] as const
  const observer = (_: string, note: Note) => notes.push(note)
  const triggers = [trigger({ cooldown: '1d', journey })]
  const run = new EngineRun(engineOf({ triggers }, { observer }))
  run.advance({ events: a, facts: [{ kind: 'suppression', atMs: 0, suppressed: false }] }, '1h')
  const told = notes.filter(({ what }) => ['event', 'fact', 'guard', 'step'].includes(what))
  expect(told).toMatchObject([
    { what: 'fact' },
    { what: 'event', event: { messageId: 'm0' } },
    { what: 'guard', guard: 'enabled', passed: true, node: 'entry' },
    { what: 'guard', guard: 'suppression', passed: true },
    { what: 'guard', guard: 'reentry', passed: true },
    { what: 'step', path: '0', facts: { way: 'yes' }, condition: { holds: true } },
    { what: 'step', path: '0/yes/0', facts: { untilMs: 3_600_000 } },
  ])
})
