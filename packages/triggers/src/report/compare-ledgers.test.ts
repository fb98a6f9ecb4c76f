import { test as fcTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { LedgerLine, TriggerLine } from '../ledger/line.ts'
import { compareLedgers } from './compare-ledgers.ts'
import type { Difference } from './comparison.ts'

const hour = 3_600_000
const iso = (atMs: number) => new Date(atMs).toISOString()
const common = { userId: 'u1', trigger: 't', version: 1, id: 'x', stepPath: '' } as const
const fire = (atMs: number, anchorKey: string): LedgerLine => ({ ...common, kind: 'fire', atMs, anchorKey })
const entry = (atMs: number, anchorKey: string, more: { readonly heldOut?: true } = {}): LedgerLine => {
  return { ...common, kind: 'entry', atMs, anchorKey, ...more }
}
type Refusal = Extract<TriggerLine, { readonly kind: 'refusal' }>
const refusal = (atMs: number, anchorKey: string, more: Partial<Refusal>): LedgerLine => {
  return { ...common, kind: 'refusal', atMs, anchorKey, reason: 'cooldown', ...more }
}
const send = (atMs: number, anchorKey: string, stepPath: string, channel = 'email'): LedgerLine => {
  const message = { channel, content: {}, data: {}, transactional: false }
  return { ...common, kind: 'send', atMs, anchorKey, stepPath, ...message }
}

function compare(before: readonly LedgerLine[], after: readonly LedgerLine[]) {
  const differences: Difference[] = []
  const comparer = compareLedgers({ onDifference: (difference) => differences.push(difference) })
  comparer.addUser('u1', before, after)
  return { differences, result: comparer.result() }
}
const run = (atMs: number, anchorKey: string) => [
  fire(atMs, anchorKey),
  entry(atMs, anchorKey),
  send(atMs, anchorKey, '0'),
]

test('the same ledger twice differs in nothing', () => {
  const { differences, result } = compare(run(0, 'm1'), run(0, 'm1'))
  expect(differences).toEqual([])
  expect(result.users).toEqual({ compared: 1, affected: 0, first: [] })
  expect(result.triggers).toEqual([
    {
      trigger: 't',
      users: 0,
      fires: { before: 1, after: 1 },
      entries: { before: 1, after: 1, added: 0, removed: 0, moved: 0, reason: 0 },
      sends: [{ channel: 'email', before: 1, after: 1, added: 0, removed: 0, moved: 0, reason: 0 }],
      acts: { before: 0, after: 0, added: 0, removed: 0, moved: 0, reason: 0 },
    },
  ])
})

test('an occasion of one side only: its entry and its send', () => {
  const { differences, result } = compare(run(0, 'm1'), [...run(0, 'm1'), ...run(5, 'm2')])
  expect(differences).toEqual([
    { userId: 'u1', trigger: 't', what: 'added', stepPath: '', after: { at: iso(5), outcome: 'entry' } },
    {
      userId: 'u1',
      trigger: 't',
      what: 'added',
      stepPath: '0',
      channel: 'email',
      after: { at: iso(5), outcome: 'send' },
    },
  ])
  expect(result.users).toEqual({ compared: 1, affected: 1, first: ['u1'] })
})

test('a decision that is now refused says why, one that was refused says why not before', () => {
  const refused = [fire(0, 'm1'), refusal(0, 'm1', {})]
  const { differences } = compare(run(0, 'm1'), refused)
  expect(differences[0]).toMatchObject({
    what: 'removed',
    before: { outcome: 'entry' },
    after: { outcome: 'cooldown' },
  })
  expect(compare(refused, run(0, 'm1')).differences[0]).toMatchObject({
    what: 'added',
    before: { outcome: 'cooldown' },
    after: { outcome: 'entry' },
  })
})

test('refused by both for another reason', () => {
  const side = (reason: Refusal['reason']) => [fire(0, 'm1'), refusal(0, 'm1', { reason })]
  const { differences, result } = compare(side('cooldown'), side('at-most'))
  expect(differences).toMatchObject([
    { what: 'reason', before: { outcome: 'cooldown' }, after: { outcome: 'at-most' } },
  ])
  expect(result.triggers[0]?.entries.reason).toBe(1)
})

test('a fire that one side refuses and the other never has changes nothing that goes', () => {
  const { differences, result } = compare([], [fire(0, 'm1'), refusal(0, 'm1', {})])
  expect(differences).toEqual([])
  expect(result.triggers[0]?.fires).toEqual({ before: 0, after: 1 })
})

describe('moved in time', () => {
  test('a longer wait: the same anchor event, due later', () => {
    const { differences } = compare(run(hour, `m1@${hour}`), run(2 * hour, `m1@${2 * hour}`))
    expect(differences).toMatchObject([
      { what: 'moved', stepPath: '', before: { at: iso(hour) }, after: { at: iso(2 * hour) } },
      { what: 'moved', stepPath: '0', channel: 'email' },
    ])
  })
  test('a date at another local time', () => {
    const key = (due: number) => `date:birthday:2000-01-01:${due}`
    expect(compare(run(5, key(5)), run(9, key(9))).differences).toMatchObject([
      { what: 'moved' },
      { what: 'moved' },
    ])
  })
  test('of two fires of one anchor the one due at the same time is the same', () => {
    const { differences } = compare(
      [...run(1, 'm1@1'), ...run(2, 'm1@2')],
      [...run(2, 'm1@2'), ...run(3, 'm1@3')],
    )
    expect(differences).toMatchObject([
      { what: 'moved', before: { at: iso(1) }, after: { at: iso(3) } },
      { what: 'moved' },
    ])
  })
})

describe('steps', () => {
  const entered = [fire(0, 'm1'), entry(0, 'm1')]
  test('put behind a new step: still the same send', () => {
    const { differences } = compare(
      [...entered, send(0, 'm1', '0')],
      [...entered, send(0, 'm1', '0', 'push'), send(0, 'm1', '1')],
    )
    expect(differences).toMatchObject([{ what: 'added', stepPath: '0', channel: 'push' }])
    expect(differences).toHaveLength(1)
  })
  test('put off and then sent: the last word counts', () => {
    const deferred = refusal(0, 'm1', { reason: 'quiet-deferred', channel: 'email', stepPath: '0' })
    const { differences } = compare(
      [...entered, send(0, 'm1', '0')],
      [...entered, deferred, send(hour, 'm1', '0')],
    )
    expect(differences).toMatchObject([{ what: 'moved', before: { at: iso(0) }, after: { at: iso(hour) } }])
  })
  test('a hold-out takes entry and send away', () => {
    const heldOut = [
      fire(0, 'm1'),
      entry(0, 'm1', { heldOut: true }),
      refusal(0, 'm1', { reason: 'holdout', channel: 'email', stepPath: '0', heldOut: true }),
    ]
    const { differences, result } = compare(run(0, 'm1'), heldOut)
    expect(differences).toMatchObject([
      { what: 'removed', after: { outcome: 'held-out entry' } },
      { what: 'removed', stepPath: '0', after: { outcome: 'holdout' } },
    ])
    expect(result.triggers[0]?.entries).toMatchObject({ before: 1, after: 0, removed: 1 })
  })
})

test('memberships: changes on both sides, and users whose changes differ', () => {
  const change = (kind: 'member' | 'left', atMs: number): LedgerLine => {
    return { kind, userId: 'u1', atMs, segment: 's' }
  }
  const comparer = compareLedgers()
  comparer.addUser('u1', [change('member', 1)], [change('member', 1)])
  comparer.addUser('u2', [change('member', 1)], [change('member', 1), change('left', 2)])
  expect(comparer.result()).toMatchObject({
    users: { compared: 2, affected: 1, first: ['u2'] },
    segments: [{ segment: 's', before: 2, after: 3, users: 1 }],
  })
})

test('only the first 20 users are named', () => {
  const comparer = compareLedgers()
  for (let index = 0; index < 25; index++) comparer.addUser(`u${index}`, [], run(0, 'm1'))
  const { users } = comparer.result()
  expect(users).toMatchObject({ compared: 25, affected: 25 })
  expect(users.first).toHaveLength(20)
})

const anyLines = fc
  .array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(5), fc.constantFrom('entry', 'cooldown', 'at-most')), {
    maxLength: 8,
  })
  .map((given) =>
    given.flatMap(([trigger, at, outcome]): readonly LedgerLine[] => {
      const key = `${trigger}${at}`
      const lines =
        outcome === 'entry' ? run(at, key) : [fire(at, key), refusal(at, key, { reason: outcome })]
      return lines.map((line) => ({ ...line, trigger }) as LedgerLine)
    }),
  )
const mirrored = { added: 'removed', removed: 'added', moved: 'moved', reason: 'reason' } as const
fcTest.prop([anyLines, anyLines])(
  'both ways round the same differences, seen from the other side',
  (one, other) => {
    const textOf = ({ what, trigger, stepPath, before, after }: Difference) =>
      JSON.stringify([what, trigger, stepPath, before ?? null, after ?? null])
    const turned = compare(other, one).differences.map((difference) => {
      const { what, trigger, stepPath, before, after } = difference
      return JSON.stringify([mirrored[what], trigger, stepPath, after ?? null, before ?? null])
    })
    expect(compare(one, other).differences.map(textOf).sort()).toEqual(turned.sort())
  },
)
