import {
  compareLedgers,
  createSummary,
  normaliseDefinitions,
  type LedgerLine,
  type TriggerInput,
} from '@tripline/triggers'
import { expect, test } from 'vitest'
import { comparisonText } from './comparison-text.ts'
import { ledgerSummaryText } from './summary-text.ts'
import { percentage } from './words.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 10, 1, 9)
const track = (name: string) => ({ type: 'track', name }) as const
const send = { kind: 'send', channel: 'email', content: { braze: { kind: 'canvas', id: 'c1' } } } as const
const trigger = (id: string, more: Partial<TriggerInput> = {}): TriggerInput => ({
  specVersion: 1,
  id,
  when: { kind: 'on', event: track('Product Added') },
  journey: [send],
  ...more,
})
const run = (userId: string, id: string, atMs: number, channel = 'email'): readonly LedgerLine[] => {
  const common = { userId, trigger: id, atMs, version: 1, anchorKey: `m${atMs}`, id: 'x', stepPath: '' }
  return [
    { ...common, kind: 'fire' },
    { ...common, kind: 'entry' },
    { ...common, kind: 'send', stepPath: '0', channel, content: {}, data: {}, transactional: false },
  ]
}
const refused = (userId: string, id: string, atMs: number, more: object): readonly LedgerLine[] => {
  const common = { userId, trigger: id, atMs, version: 1, anchorKey: `m${atMs}`, id: 'x', stepPath: '' }
  return [{ ...common, kind: 'refusal', ...more } as LedgerLine]
}

test('the whole summary, as a marketer reads it', async () => {
  const definitions = normaliseDefinitions({
    specVersion: 1,
    triggers: [trigger('cart', { holdout: { share: 0.1 } }), trigger('welcome')],
    policy: {
      caps: [
        { channel: 'email', count: 1, per: '1d' },
        { count: 5, per: '7d' },
      ],
    },
  })
  const summary = createSummary(definitions)
  const lines: readonly LedgerLine[] = [
    { kind: 'member', userId: 'u1', segment: 'vip', atMs: start },
    ...run('u1', 'welcome', start),
    ...run('u1', 'cart', start + hour, 'sms'),
    ...run('u2', 'welcome', start + 24 * hour),
    ...refused('u1', 'welcome', start + 2 * hour, { reason: 'cooldown' }),
    ...refused('u2', 'welcome', start + 25 * hour, {
      reason: 'capped',
      stepPath: '0',
      channel: 'email',
      caps: [0],
    }),
  ]
  for (const line of lines) summary.add(line)
  const text = await ledgerSummaryText(
    summary.result({
      users: 4,
      events: 1234,
      firstMs: start,
      lastMs: start + 48 * hour,
      assumptions: [{ topic: 'consent', text: 'No consent records: every user is taken as consenting.' }],
    }),
  )
  expect(text).toBe(`1,234 events of 4 users, 2026-11-01 to 2026-11-03
2 entered, 2 got a message; 3 sends

Triggers
trigger  fires  not entered  entered  users  sent
cart         1            0        1      1     1
welcome      2            1        2      2     2

Not entered, not sent
trigger  what   times  reason    which is
welcome  entry      1  cooldown  the cool-down since the last entry is not over
welcome  step       1  capped    the cap on messages is full

Sends by day (UTC)
day         email  sms
2026-11-01      1    1
2026-11-02      1    0

Messages per user
messages  users  share
0             2  50.0 %
1             1  25.0 %
2             1  25.0 %

Caps
at most  channel  stopped  on its own
1 in 1d  email          1           1
5 in 7d  all            0           0

Triggers that enter the same users
trigger  and      users of both  of either  within 24 h
cart     welcome              1  50.0 %     100 %

Hold-outs
trigger  share   held out  others  reach the goal  smallest lift that would show
cart     10.0 %         0       1  unknown         none: the trigger has no goal
Of a two-sided z-test of two proportions, alpha 0.05, power 0.8; the baseline is the share of all users entered that reached the goal.

Segments
segment  entered  left
vip            1     0

Assumed
  No consent records: every user is taken as consenting.`)
})

test('with nothing to tell only what was read is told', async () => {
  const summary = createSummary(normaliseDefinitions({ specVersion: 1 })).result({ users: 0, events: 0 })
  expect(await ledgerSummaryText(summary)).toBe('0 events of 0 users\n0 entered, 0 got a message; 0 sends')
})

test('a hold-out with a lift that could be seen', async () => {
  const definitions = normaliseDefinitions({
    specVersion: 1,
    triggers: [trigger('cart', { holdout: { share: 0.5 }, goals: [{ event: track('Order Completed') }] })],
  })
  const summary = createSummary(definitions)
  for (let index = 0; index < 400; index++) {
    const common = { userId: `u${index}`, trigger: 'cart', atMs: start, version: 1, anchorKey: 'm' }
    const heldOut = index % 2 === 0 ? ({ heldOut: true } as const) : {}
    summary.add({ ...common, ...heldOut, kind: 'entry', id: 'x', stepPath: '' })
    if (index % 10 < 2) summary.add({ ...common, ...heldOut, kind: 'goal', id: 'x', stepPath: '' })
  }
  const text = await ledgerSummaryText(summary.result({ users: 400, events: 400 }))
  expect(text).toMatch(/cart +50\.0 % +200 +200 +20\.0 % +from 20\.0 % to 32\.\d %/)
})

test('long lists are cut, and say so', async () => {
  const summary = createSummary(normaliseDefinitions({ specVersion: 1, triggers: [trigger('cart')] }))
  for (let day = 0; day < 40; day++) {
    for (const line of run('u1', 'cart', start + day * 24 * hour)) summary.add(line)
  }
  const text = await ledgerSummaryText(summary.result({ users: 1, events: 40 }))
  expect(text).toContain('and 9 more days (--json has all)')
})

test('a comparison: what each trigger and channel would do otherwise, and for whom', async () => {
  const comparer = compareLedgers()
  comparer.addUser('u1', run('u1', 'cart', start), run('u1', 'cart', start))
  comparer.addUser('u2', [], run('u2', 'cart', start))
  comparer.addUser('u3', run('u3', 'cart', start), refused('u3', 'cart', start, { reason: 'cooldown' }))
  comparer.addUser('u4', [], [{ kind: 'member', userId: 'u4', segment: 'vip', atMs: start }])
  expect(await comparisonText(comparer.result())).toBe(`4 users compared, 3 affected

Entries and steps
trigger  what         before  after  added  removed  moved  other reason  of users
cart     entries           2      2      1        1      0             0         2
cart     email sends       2      2      1        1      0             0         2

Segments
segment  changes before  after  users
vip                   0      1      1

Users
  u2
  u3
  u4`)
})

test('a comparison without a difference says so in a line', async () => {
  const comparer = compareLedgers()
  comparer.addUser('u1', run('u1', 'cart', start), run('u1', 'cart', start))
  expect(await comparisonText(comparer.result())).toBe(
    '1 user compared, 0 affected: both definitions decide the same',
  )
})

test.each([
  [0, '0.00 %'],
  [0.0731, '7.31 %'],
  [0.5, '50.0 %'],
  [0.9999, '100 %'],
  [1, '100 %'],
])('%d is %s', (share, text) => {
  expect(percentage(share)).toBe(text)
})
