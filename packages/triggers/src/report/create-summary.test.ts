import { test as fcTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { DefinitionsInput, TriggerInput } from '../definition/input.ts'
import { normaliseDefinitions } from '../definition/normalise.ts'
import type { LedgerLine, TriggerLine } from '../ledger/line.ts'
import { createSummary } from './create-summary.ts'

const hour = 3_600_000
const day = 24 * hour
const track = (name: string) => ({ type: 'track', name }) as const
const send = { kind: 'send', channel: 'email', content: { braze: { kind: 'canvas', id: 'c1' } } } as const
const trigger = (id: string, more: Partial<TriggerInput> = {}): TriggerInput => ({
  specVersion: 1,
  id,
  when: { kind: 'on', event: track('A') },
  journey: [send],
  ...more,
})
/** The fields of the lines of a kind, which may share their type with others. */
type Of<Kind extends TriggerLine['kind']> = TriggerLine extends infer Line
  ? Line extends { readonly kind: infer Kinds }
    ? Kind extends Kinds
      ? Partial<Omit<Line, 'kind'>>
      : never
    : never
  : never
const line = <Kind extends TriggerLine['kind']>(
  kind: Kind,
  userId: string,
  id: string,
  atMs: number,
  more?: Of<Kind>,
): LedgerLine => {
  const common = { userId, trigger: id, atMs, version: 1, anchorKey: `m${atMs}`, id: 'x', stepPath: '' }
  const sent = kind === 'send' ? { channel: 'email', content: {}, data: {}, transactional: false } : {}
  return { ...common, ...sent, kind, ...more } as LedgerLine
}
const summaryOf = (definitions: DefinitionsInput, lines: readonly LedgerLine[], users = 10) => {
  const summary = createSummary(normaliseDefinitions(definitions))
  for (const each of lines) summary.add(each)
  return summary.result({ users, events: 100 })
}
const ab = { specVersion: 1, triggers: [trigger('b'), trigger('a')] } as const

test('without a line everything is zero, and every trigger is listed by id', () => {
  const { triggers, users, sends, messagesPerUser, overlaps } = summaryOf(ab, [])
  expect(triggers.map(({ trigger: id, fires }) => [id, fires])).toEqual([
    ['a', 0],
    ['b', 0],
  ])
  expect(users).toEqual({ read: 10, entered: 0, messaged: 0 })
  expect(sends).toEqual({ total: 0, transactional: 0, perDay: [] })
  expect(messagesPerUser[0]).toEqual({ from: 0, to: 0, users: 10 })
  expect(overlaps).toEqual([])
})

test('fires, entries, hold-out entries, goals, steps and both kinds of refusal, by trigger', () => {
  const [a] = summaryOf(ab, [
    line('fire', 'u1', 'a', 0),
    line('entry', 'u1', 'a', 0),
    line('send', 'u1', 'a', 0, { stepPath: '0' }),
    line('goal', 'u1', 'a', 1),
    line('fire', 'u1', 'a', 2),
    line('refusal', 'u1', 'a', 2, { reason: 'cooldown' }),
    line('entry', 'u2', 'a', 3, { heldOut: true }),
    line('refusal', 'u2', 'a', 3, { reason: 'holdout', stepPath: '0', heldOut: true }),
    line('goal', 'u2', 'a', 4, { heldOut: true }),
    line('exit', 'u3', 'a', 5),
    line('end', 'u3', 'a', 6),
    line('act', 'u3', 'a', 6, { stepPath: '1' }),
    line('refusal', 'u3', 'a', 7, { reason: 'capped', stepPath: '2' }),
  ]).triggers
  expect(a).toEqual({
    trigger: 'a',
    fires: 2,
    entries: 2,
    heldOutEntries: 1,
    users: 2,
    goals: 2,
    heldOutGoals: 1,
    exits: 1,
    ends: 1,
    sends: { email: 1 },
    acts: 1,
    refusedFires: { cooldown: 1 },
    refusedSteps: { capped: 1 },
    heldOutSteps: { holdout: 1 },
  })
})

test('sends by day in UTC and channel', () => {
  const { sends } = summaryOf(ab, [
    line('send', 'u1', 'a', day - 1),
    line('send', 'u1', 'b', day, { channel: 'sms' }),
    line('send', 'u2', 'a', day, { transactional: true }),
    line('send', 'u3', 'a', day + 1),
  ])
  expect(sends).toEqual({
    total: 4,
    transactional: 1,
    perDay: [
      { day: '1970-01-01', channel: 'email', count: 1 },
      { day: '1970-01-02', channel: 'email', count: 2 },
      { day: '1970-01-02', channel: 'sms', count: 1 },
    ],
  })
})

test('users by number of messages: each user is in one row, those without any in the first', () => {
  const sends = (userId: string, count: number) =>
    Array.from({ length: count }, (_, index) => line('send', userId, 'a', index))
  const lines = [...sends('u1', 1), ...sends('u2', 5), ...sends('u3', 9), ...sends('u4', 50)]
  const rows = summaryOf(ab, lines).messagesPerUser.filter(({ users }) => users > 0)
  expect(rows).toEqual([
    { from: 0, to: 0, users: 6 },
    { from: 1, to: 1, users: 1 },
    { from: 5, to: 9, users: 2 },
    { from: 50, users: 1 },
  ])
})

test('what each cap stopped, alone and with others; a held-out send is stopped by none', () => {
  const policy = {
    caps: [
      { channel: 'email', count: 1, per: '1d' },
      { count: 2, per: '7d' },
      { count: 9, per: '30d' },
    ],
  }
  const capped = (caps: readonly number[], more = {}) =>
    line('refusal', 'u1', 'a', 0, { reason: 'capped', stepPath: '0', channel: 'email', caps, ...more })
  const { caps } = summaryOf({ ...ab, policy }, [capped([0]), capped([0, 1]), capped([1], { heldOut: true })])
  expect(caps.map(({ stopped, alone }) => [stopped, alone])).toEqual([
    [2, 1],
    [1, 0],
    [0, 0],
  ])
})

test('membership changes by segment', () => {
  const change = (kind: 'member' | 'left', segment: string): LedgerLine => {
    return { kind, segment, userId: 'u1', atMs: 0 }
  }
  const lines = [change('member', 's2'), change('left', 's2'), change('member', 's1')]
  expect(summaryOf(ab, lines).segments).toEqual([
    { segment: 's1', entered: 1, left: 0 },
    { segment: 's2', entered: 1, left: 1 },
  ])
})

describe('overlap between triggers', () => {
  test('users of both, of either, and those within 24 h – exactly 24 h included', () => {
    const { overlaps } = summaryOf(ab, [
      line('entry', 'u1', 'a', 0),
      line('entry', 'u1', 'b', day),
      line('entry', 'u2', 'b', 0),
      line('entry', 'u2', 'a', day + 1),
      line('entry', 'u3', 'a', 0),
    ])
    expect(overlaps).toEqual([{ triggers: ['a', 'b'], users: 2, jaccard: 2 / 3, within24h: 1 }])
  })

  fcTest.prop([fc.array(fc.tuple(fc.nat(4), fc.nat(35), fc.nat(60)), { maxLength: 60 })])(
    'is as a comparison of all entries with all others says',
    (given) => {
      const entries = given
        .map(([user, of, hours]) => ({ user: `u${user}`, of, at: hours * hour }))
        .sort((first, second) => first.at - second.at)
      const ids = Array.from({ length: 36 }, (_, index) => `t${String(index).padStart(2, '0')}`)
      const lines = entries.map(({ user, of, at }) => line('entry', user, ids[of] ?? '', at))
      const { overlaps } = summaryOf({ specVersion: 1, triggers: ids.map((id) => trigger(id)) }, lines)
      const usersOf = (of: number) =>
        new Set(entries.filter((each) => each.of === of).map(({ user }) => user))
      const expected: unknown[] = []
      for (let low = 0; low < 36; low++) {
        for (let high = low + 1; high < 36; high++) {
          const both = [...usersOf(low)].filter((user) => usersOf(high).has(user))
          if (both.length === 0) continue
          const either = new Set([...usersOf(low), ...usersOf(high)])
          const near = both.filter((user) => {
            const own = entries.filter((each) => each.user === user)
            return own.some(
              (first) =>
                first.of === low &&
                own.some((second) => second.of === high && Math.abs(first.at - second.at) <= day),
            )
          })
          expected.push({
            triggers: [ids[low], ids[high]],
            users: both.length,
            jaccard: both.length / either.size,
            within24h: near.length,
          })
        }
      }
      expect(overlaps).toHaveLength(expected.length)
      expect(overlaps).toEqual(expect.arrayContaining(expected))
    },
  )
})

describe('the hold-out', () => {
  const held = (more: Partial<TriggerInput> = {}) => ({
    specVersion: 1 as const,
    triggers: [trigger('a', { holdout: { share: 0.5 }, goals: [{ event: track('B') }], ...more })],
  })
  const entries = (from: number, to: number, heldOut: boolean) =>
    Array.from({ length: to - from }, (_, index) =>
      line('entry', `u${from + index}`, 'a', 0, heldOut ? { heldOut } : {}),
    )
  const goals = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => line('goal', `u${from + index}`, 'a', 1))

  test('arms in users, the goal rate of both as the baseline, and the smallest lift', () => {
    const lines = [
      ...entries(0, 686, false),
      ...entries(686, 1372, true),
      ...goals(0, 68),
      ...goals(686, 755),
    ]
    const twice = [...lines, ...entries(0, 10, false), ...goals(0, 10)]
    const [a] = summaryOf(held(), twice, 2000).triggers
    expect(a?.holdout).toMatchObject({
      experiment: 'a',
      share: 0.5,
      treatedUsers: 686,
      heldOutUsers: 686,
      baseline: 137 / 1372,
      smallestLift: expect.closeTo(0.05, 3) as number,
      rough: false,
      alpha: 0.05,
      power: 0.8,
    })
  })

  test.each([
    ['no goal is defined', held({ goals: [] }), entries(0, 5, false), 'no-goal'],
    ['nobody was entered', held(), [], 'empty-arm'],
    ['nobody was held out', held(), entries(0, 5, false), 'empty-arm'],
    ['the arms are too small', held(), [...entries(0, 1, false), ...entries(1, 2, true)], 'too-few'],
  ] as const)('no smallest lift where %s, and why', (_, definitions, lines, because) => {
    const [a] = summaryOf(definitions, lines).triggers
    expect(a?.holdout).toMatchObject({ because })
    expect(a?.holdout).not.toHaveProperty('smallestLift')
  })

  test('is not mentioned without one', () => {
    expect(summaryOf(ab, []).triggers[0]).not.toHaveProperty('holdout')
  })
})

fcTest.prop([
  fc.array(fc.tuple(fc.constantFrom('u1', 'u2', 'u3'), fc.constantFrom('a', 'b'), fc.nat(3)), {
    maxLength: 30,
  }),
])('how users are mixed makes no difference', (given) => {
  const kinds = ['fire', 'entry', 'send', 'goal'] as const
  const lines = given.map(([user, id, kind], index) => line(kinds[kind] ?? 'fire', user, id, index * hour))
  const apart = ['u1', 'u2', 'u3'].flatMap((user) => lines.filter(({ userId }) => userId === user))
  expect(summaryOf(ab, lines)).toEqual(summaryOf(ab, apart))
})
