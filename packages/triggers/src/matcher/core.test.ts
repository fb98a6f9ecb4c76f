import { describe, expect, test } from 'vitest'
import { normaliseDefinitions, type DefinitionsInput, type OccasionInput } from '../index.ts'
import type { Note } from '../trace/note.ts'
import { createCompiler } from './compiler.ts'
import type { Core, Sink } from './core.ts'
import { anchorKeyOf, type MatcherEvent } from './event.ts'
import type { MatcherUser } from './user.ts'

const a = { type: 'track', name: 'A' } as const
const b = { type: 'track', name: 'B' } as const

function define(input: Omit<DefinitionsInput, 'specVersion'>) {
  return normaliseDefinitions({ specVersion: 1, ...input })
}
function rule(id: string, when: OccasionInput) {
  return { specVersion: 1, id, when } as const
}
function event(name: string, atMs: number, properties = {}, source?: 'vendor' | 'tripline'): MatcherEvent {
  const common = { messageId: `${name}${atMs}`, atMs, properties, ...(source && { source }) }
  return name === 'identify' ? { ...common, type: 'identify' } : { ...common, type: 'track', name }
}

/** Tells into a list: `t m0`, `+s 5`, `-s 6`. */
function sinkOf(core: Core, told: string[]): Sink {
  return {
    fire: (trigger, anchor, _, dueMs) => told.push(`${core.triggers[trigger]} ${anchorKeyOf(anchor, dueMs)}`),
    membership: (segment, entered, atMs) =>
      told.push(`${entered ? '+' : '-'}${core.segments[segment]} ${atMs}`),
  }
}

describe('effects and facts', () => {
  const core = createCompiler(
    define({
      triggers: [
        rule('any', { kind: 'on', event: { type: 'any' } }),
        rule('changes', { kind: 'changes', trait: 'plan' }),
        rule('enters', { kind: 'enters', segment: 'list' }),
        rule('identify', { kind: 'on', event: { type: 'identify' } }),
        rule('tick', { kind: 'schedule', cron: '0 0 1 1 *', zone: 'UTC', segment: 'list' }),
      ],
      segments: [{ specVersion: 1, kind: 'static', id: 'list' }],
    }),
  ).finish()

  test('a trait that a step writes is a change, and no event that any or identify matches', () => {
    const told: string[] = []
    const user = core.createUser('u')
    core.apply(user, event('identify', 1, { plan: 'free' }), sinkOf(core, told))
    expect(told.toSorted()).toEqual(['any identify1', 'changes identify1', 'identify identify1'])
    told.length = 0
    core.apply(user, event('identify', 2, { plan: 'pro' }, 'tripline'), sinkOf(core, told))
    expect(told).toEqual(['changes identify2'])
  })

  test('a set that changed is told at the next place of the millisecond; for the effect of a step at once', () => {
    const told: string[] = []
    const user = core.createUser('u')
    const sink = sinkOf(core, told)
    core.apply(user, event('A', 1), sink)
    told.length = 0
    core.applyFact(user, { kind: 'membership', atMs: 5, segment: 'list', member: true })
    expect([told.length, core.nextDueMs(user)]).toEqual([0, 5])
    core.endDue(user, 5, sink)
    expect(told).toEqual(['+list 5', 'enters segment:list:entered:5'])
    told.length = 0
    core.applyFact(user, { kind: 'membership', atMs: 7, segment: 'list', member: false }, sink)
    expect(told).toEqual(['-list 7'])
  })

  test('a tick of the millisecond of an effect came before it', () => {
    const tickMs = Date.UTC(1971, 0, 1)
    const told: string[] = []
    const user = core.createUser('u')
    core.apply(user, event('A', tickMs), sinkOf(core, []))
    core.endDue(user, tickMs, sinkOf(core, told))
    core.applyFact(
      user,
      { kind: 'membership', atMs: tickMs, segment: 'list', member: true },
      sinkOf(core, told),
    )
    core.endDue(user, tickMs, sinkOf(core, told))
    expect(told).toEqual([`+list ${tickMs}`, `enters segment:list:entered:${tickMs}`])
    expect(core.nextDueMs(user)).toBe(Date.UTC(1972, 0, 1))
  })
})

describe('values that JSON lets in', () => {
  test('a number that is not finite is no value', () => {
    const sum = { kind: 'total', event: a, property: 'v', aggregate: 'sum', op: 'gt', value: 0 } as const
    const core = createCompiler(
      define({
        segments: [
          { specVersion: 1, kind: 'dynamic', id: 'ever', condition: sum },
          { specVersion: 1, kind: 'dynamic', id: 'window', condition: { ...sum, within: '1d' } },
        ],
      }),
    ).finish()
    const user = core.createUser('u')
    core.apply(user, event('A', 1, JSON.parse('{"v":1e999}') as object), sinkOf(core, []))
    expect(core.segments.map((id) => core.isMember(user, id, 1))).toEqual([false, false])
    core.apply(user, event('A', 2, { v: 1 }), sinkOf(core, []))
    expect(core.segments.map((id) => core.isMember(user, id, 2))).toEqual([true, true])
  })

  test('a trait may be named as what every object has', () => {
    const names = ['__proto__', 'constructor', 'toString']
    const core = createCompiler(
      define({
        segments: names.map((trait, index) => ({
          specVersion: 1,
          kind: 'dynamic',
          id: `s${index}`,
          condition: { kind: 'trait', trait, op: 'eq', value: 'x' },
        })),
      }),
    ).finish()
    let user = core.createUser('u')
    core.apply(user, event('A', 1), sinkOf(core, []))
    expect(core.segments.some((id) => core.isMember(user, id, 1))).toBe(false)
    const traits = JSON.parse('{"__proto__":"x","constructor":"x","toString":"x"}') as object
    core.apply(user, event('identify', 2, traits), sinkOf(core, []))
    user = core.load(JSON.parse(JSON.stringify(core.save(user))))
    expect(core.segments.every((id) => core.isMember(user, id, 2))).toBe(true)
  })
})

test('what unread segments could be is tried case by case', () => {
  const mirrored = (id: string) =>
    ({
      specVersion: 1,
      kind: 'mirrored',
      id,
      vendor: 'hubspot',
      segment: { form: 'list', id: '7' },
    }) as const
  const inside = (segment: string) => ({ kind: 'inSegment', segment }) as const
  const who = { kind: 'and', conditions: [inside('x'), { kind: 'not', condition: inside('y') }] } as const
  const definitions = define({
    segments: [mirrored('x'), mirrored('y')],
    triggers: [{ ...rule('t', { kind: 'on', event: a }), who }],
  })
  const compiler = createCompiler(definitions)
  const asked = compiler.trigger('t').condition(definitions.triggers[0]?.who ?? inside('x'))
  const core = compiler.finish()
  const user = core.createUser('u')
  core.apply(user, event('A', 1), sinkOf(core, []))
  expect([asked.ask(user, 1, []), asked.undecidable(user, 1, [])]).toEqual([false, true])
  core.applyFact(user, { kind: 'membership', atMs: 2, segment: 'y', member: true })
  expect([asked.ask(user, 2, []), asked.undecidable(user, 2, [])]).toEqual([false, false])
})

describe('versions', () => {
  test('anchor values stand at the same places whatever else a program has', () => {
    const same = { kind: 'property', property: 'id', op: 'eq', anchor: 'id' } as const
    const input = {
      ...rule('t', {
        kind: 'given',
        base: { kind: 'on', event: a },
        condition: { kind: 'did', event: { ...b, where: same } },
      }),
      goals: [{ event: { ...b, where: { ...same, property: 'x', anchor: 'basket.id' } } }],
    }
    const [trigger] = define({ triggers: [input] }).triggers
    if (trigger === undefined) throw new Error('one was defined')
    const now = createCompiler(define({ triggers: [input] })).trigger('t')
    const later = createCompiler(define({})).earlier(trigger)
    expect(later.index).toBe(-1)
    for (const path of ['id', 'basket.id']) expect(later.anchorIndex(path)).toBe(now.anchorIndex(path))
    expect(() => now.anchorIndex('price')).toThrow('names no property "price"')
  })

  test('a segment that is no more has no members', () => {
    const who = { kind: 'inSegment', segment: 'gone' } as const
    const segments = [{ specVersion: 1, kind: 'static', id: 'gone', members: ['u'] }] as const
    const [old] = define({ segments, triggers: [{ ...rule('t', { kind: 'on', event: a }), who }] }).triggers
    if (old?.who === undefined) throw new Error('one was defined')
    const compiler = createCompiler(define({}))
    const asked = compiler.earlier(old).condition(old.who)
    const core = compiler.finish()
    const user = core.createUser('u')
    core.apply(user, event('A', 1), sinkOf(core, []))
    expect(asked.ask(user, 1, [])).toBe(false)
  })
})

describe('what happens inside', () => {
  /** Notes of everything up to the last event, and what is due in it. */
  function notesOf(when: OccasionInput, events: readonly MatcherEvent[]): readonly Note[] {
    const notes: Note[] = []
    const observer = (_: string, note: Note) => notes.push(note)
    const core = createCompiler(define({ triggers: [rule('t', when)] }), { observer }).finish()
    const user: MatcherUser = core.createUser('u')
    for (const each of events) {
      for (let dueMs = core.nextDueMs(user); dueMs < each.atMs; dueMs = core.nextDueMs(user))
        core.endDue(user, dueMs, sinkOf(core, []))
      core.apply(user, each, sinkOf(core, []))
    }
    return notes
  }

  test('waits, counts and conditions are told with their node and the value of by', () => {
    const times = { kind: 'times', event: a, count: 2, within: '1m' } as const
    const when = { kind: 'without', base: times, event: b, for: '1m', by: 'id' } as const
    const events = [event('A', 1, { id: 7 }), event('A', 2, { id: 7 }), event('B', 3, { id: 7 })]
    const common = { trigger: 't', key: 7 }
    expect(notesOf(when, events)).toEqual([
      { ...common, what: 'counted', atMs: 1, node: 'when.base', count: 1, of: 2 },
      { ...common, what: 'counted', atMs: 2, node: 'when.base', count: 2, of: 2 },
      { ...common, what: 'wait-started', atMs: 2, node: 'when', dueMs: 60_002 },
      { ...common, what: 'wait-cancelled', atMs: 3, node: 'when', dueMs: 60_002, by: 'B3' },
    ])
  })

  test('a pause starts anew and ends; a condition shows whole numbers', () => {
    const condition = { kind: 'did', event: { type: 'any' }, count: { op: 'gte', value: 2 } } as const
    const when = { kind: 'given', base: { kind: 'inactive', for: '1m' }, condition } as const
    const notes = notesOf(when, [event('A', 1), event('A', 2), event('A', 3), event('B', 120_000)])
    expect(notes.map(({ what }) => what)).toEqual([
      'wait-started',
      'wait-restarted',
      'wait-restarted',
      'wait-ended',
      'given',
      'wait-started',
    ])
    expect(notes[4]).toMatchObject({ condition: { holds: true, value: 3 }, node: 'when' })
  })

  test('steps of a sequence', () => {
    const steps = [{ event: a }, { event: b }]
    const notes = notesOf({ kind: 'sequence', steps, within: '1m' }, [event('A', 1), event('B', 2)])
    expect(notes).toMatchObject([{ what: 'step-seen', step: 0 }, { step: 1 }, { what: 'chain-completed' }])
  })

  test('why a user is a member', () => {
    const core = createCompiler(
      define({
        segments: [
          {
            specVersion: 1,
            kind: 'dynamic',
            id: 's',
            condition: { kind: 'total', event: a, property: 'v', aggregate: 'sum', op: 'gt', value: 0.2 },
          },
          { specVersion: 1, kind: 'static', id: 'list' },
        ],
      }),
    ).finish()
    const user = core.createUser('u')
    for (const atMs of [1, 2, 3]) core.apply(user, event('A', atMs, { v: 0.1 }), sinkOf(core, []))
    expect(core.explainSegment(user, 's', 3)).toMatchObject({ holds: true, value: 0.3 })
    expect(core.explainSegment(user, 'list', 3)).toBeUndefined()
  })
})

describe('bounds of the state', () => {
  /** Numbers, texts and other values in the saved state after many events of a new value each, ten minutes apart. */
  function sizeAfter(when: OccasionInput, count: number): number {
    const core = createCompiler(define({ triggers: [rule('t', when)] })).finish()
    const user = core.createUser('u')
    const sink = sinkOf(core, [])
    for (let index = 0; index < count; index++) {
      const atMs = index * 600_000
      for (let dueMs = core.nextDueMs(user); dueMs < atMs; dueMs = core.nextDueMs(user))
        core.endDue(user, dueMs, sink)
      core.apply(user, event(index % 2 === 0 ? 'A' : 'B', atMs, { id: `id ${index}` }), sink)
    }
    return JSON.stringify(core.save(user)).length
  }
  const same = { kind: 'property', property: 'id', op: 'eq', anchor: 'id' } as const

  test.each<[string, OccasionInput]>([
    ['times', { kind: 'times', event: a, count: 3, within: '1h', by: 'id' }],
    ['sequence', { kind: 'sequence', steps: [{ event: a }, { event: b }], within: '1h', by: 'id' }],
    ['without', { kind: 'without', base: { kind: 'on', event: a }, event: b, for: '1h', by: 'id' }],
    [
      'did with the anchor',
      {
        kind: 'given',
        base: { kind: 'on', event: a },
        condition: { kind: 'did', event: { ...b, where: same }, within: '1h' },
      },
    ],
    [
      'total in a window',
      {
        kind: 'given',
        base: { kind: 'on', event: a },
        condition: {
          kind: 'total',
          event: b,
          property: 'id',
          aggregate: 'distinct',
          op: 'gt',
          value: 2,
          within: '1h',
        },
      },
    ],
  ])('%s does not grow with the history', (_, when) => {
    expect(sizeAfter(when, 2_000)).toBeLessThan(sizeAfter(when, 40) * 1.5)
  })
})
