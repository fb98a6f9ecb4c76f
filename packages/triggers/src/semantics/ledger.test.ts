import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { eventsOf, type EventNote } from '../../fixtures/cases/notation.ts'
import { armOf, bucketOf } from '../../fixtures/reference/chance.ts'
import { idOf } from '../../fixtures/reference/ids.ts'
import { accept } from '../../fixtures/reference/intake.ts'
import { ledgerOf, listingOf } from '../../fixtures/reference/run.ts'
import { orderEvents, type PastEvent } from '../../fixtures/reference/time-line.ts'
import type { User } from '../../fixtures/reference/user.ts'
import { normaliseDefinitions, type DefinitionsInput, type TriggerInput } from '../index.ts'

const track = (name: string) => ({ type: 'track', name }) as const
const onA = { kind: 'on', event: track('A') } as const
const trigger = (more: Partial<TriggerInput>): TriggerInput => ({
  specVersion: 1,
  id: 't',
  when: onA,
  ...more,
})
const send = { kind: 'send', channel: 'email', content: { braze: { kind: 'canvas', id: 'c1' } } } as const
const hour = 3_600_000

function userOf(
  triggers: DefinitionsInput['triggers'],
  events: readonly EventNote[],
  more: Partial<User> & { readonly segments?: DefinitionsInput['segments'] } = {},
): User {
  const { segments, ...rest } = more
  const definitions = normaliseDefinitions({
    specVersion: 1,
    ...(triggers && { triggers }),
    ...(segments && { segments }),
  })
  const list = orderEvents(eventsOf(events))
  return { id: 'u1', events: list, changes: [], definitions, horizonMs: 1000 * hour, ...rest }
}
/** `<ms> <what or reason> <step path>` of each line. */
const linesOf = (user: User) =>
  ledgerOf(user).map(({ place, what, reason, stepPath }) =>
    `${place.ms} ${reason ?? what} ${stepPath}`.trim(),
  )
const refusals = (more: Partial<TriggerInput>, events: readonly EventNote[], rest: Partial<User> = {}) =>
  linesOf(userOf([trigger(more)], events, rest)).filter((line) => !line.includes('ended'))

describe('guards at the fire, in their order', () => {
  const never = { kind: 'did', event: track('X') } as const
  test('disabled comes before not eligible', () => {
    expect(refusals({ enabled: false, who: never }, [['A', 0]])).toEqual(['0 disabled'])
  })
  test('not eligible comes before suppressed', () => {
    const suppressions = [{ ms: 0, suppressed: true }]
    expect(refusals({ who: never }, [['A', 0]], { suppressions })).toEqual(['0 not-eligible'])
    expect(refusals({}, [['A', 0]], { suppressions })).toEqual(['0 suppressed'])
  })
  test('no record of consent is unknown, never granted; of two acts the later counts', () => {
    expect(refusals({}, [['A', 0]], { consents: [] })).toEqual(['0 no-consent'])
    const consents = [
      { ms: 0, purpose: 'marketing', state: 'granted' },
      { ms: 60_000, purpose: 'marketing', state: 'denied' },
    ] as const
    expect(
      refusals(
        {},
        [
          ['A', 0],
          ['A', '1m'],
        ],
        { consents },
      ),
    ).toEqual(['0 entered', '60000 no-consent'])
  })
  test('a mirrored segment before its first read cannot be decided', () => {
    const mirrored = {
      specVersion: 1,
      kind: 'mirrored',
      id: 's',
      vendor: 'hubspot',
      segment: { form: 'list', id: '7' },
    } as const
    const who = { kind: 'inSegment', segment: 's' } as const
    const changes = [{ ms: 60_000, segment: 's', member: true }]
    const user = userOf(
      [trigger({ who })],
      [
        ['A', 0],
        ['A', '1m'],
      ],
      { segments: [mirrored], changes },
    )
    expect(linesOf(user).filter((line) => !line.includes('ended'))).toEqual([
      '0 not-decidable',
      '60000 member',
      '60000 entered',
    ])
  })
  test('cool-down: exactly d is allowed, and refused fires count for nothing', () => {
    const events: EventNote[] = [
      ['A', 0],
      ['A', '1h-1ms'],
      ['A', '1h'],
    ]
    expect(refusals({ cooldown: '1h' }, events)).toEqual([
      '0 entered',
      `${hour - 1} cooldown`,
      `${hour} entered`,
    ])
  })
  test('at most n entries per trailing d: one exactly at t−d is out', () => {
    const events: EventNote[] = [
      ['A', 0],
      ['A', '1m'],
      ['A', '2m'],
      ['A', '1h'],
    ]
    expect(refusals({ atMost: [{ count: 2, per: '1h' }] }, events)).toEqual([
      '0 entered',
      '60000 entered',
      '120000 at-most',
      `${hour} entered`,
    ])
  })
  test('cool-down comes before at most', () => {
    const more = { cooldown: '1h', atMost: [{ count: 1, per: '1h' }] } as const
    expect(
      refusals(more, [
        ['A', 0],
        ['A', '1m'],
      ]),
    ).toEqual(['0 entered', '60000 cooldown'])
  })
  test('re-entry: inside is entered and not ended; steps come before new fires of their instant', () => {
    const journey = [{ kind: 'wait', for: '1h' }] as const
    const events: EventNote[] = [
      ['A', 0],
      ['A', '30m'],
      ['A', '1h'],
      ['A', '1h+1ms'],
    ]
    expect(refusals({ journey }, events)).toEqual([
      '0 entered',
      `${hour / 2} reentry`,
      `${hour} entered`,
      `${hour + 1} reentry`,
    ])
    expect(refusals({ journey, reentry: 'parallel' }, events).join()).not.toContain('reentry')
  })
  test('hold-out entries count as entries, and their sends are recorded as holdout', () => {
    const journey = [send, { kind: 'wait', for: '1h' }] as const
    const more = { journey, holdout: { share: 1 } }
    expect(
      linesOf(
        userOf(
          [trigger(more)],
          [
            ['A', 0],
            ['A', '1m'],
          ],
        ),
      ),
    ).toEqual(['0 held-out', '0 holdout 0', '60000 reentry', `${hour} ended`])
  })
})

describe('journeys', () => {
  const journey = [{ kind: 'wait', for: '1h' }, send] as const
  test('a goal ends the run, and wins at the same instant', () => {
    const goals = [{ event: track('G') }]
    const run = (at: string) =>
      linesOf(
        userOf(
          [trigger({ journey, goals })],
          [
            ['A', 0],
            ['G', at],
          ],
        ),
      )
    expect(run('1h')).toEqual(['0 entered', `${hour} goal`])
    expect(run('1h+1ms')).toEqual(['0 entered', `${hour} done 1`, `${hour} ended`])
  })
  test('a goal sees only what comes after the entry, and only within its time', () => {
    const within = [{ event: track('G'), within: '30m' }]
    expect(
      linesOf(
        userOf(
          [trigger({ journey, goals: within })],
          [
            ['G', 0],
            ['A', 0],
          ],
        ),
      ),
    ).not.toContain('0 goal')
    const run = (at: string) =>
      linesOf(
        userOf(
          [trigger({ journey, goals: within })],
          [
            ['A', 0],
            ['G', at],
          ],
        ),
      )
    expect(run('30m')).toContain('1800000 goal')
    expect(run('30m+1ms').join()).not.toContain('goal')
  })
  test('waitFor counts only events after its instant; the timeout comes after the events of its millisecond', () => {
    const waitFor = { kind: 'waitFor', occasion: onA, timeout: '1h', yes: [send], no: [] } as const
    const run = (events: readonly EventNote[]) =>
      linesOf(userOf([trigger({ when: { kind: 'on', event: track('B') }, journey: [waitFor] })], events))
    expect(
      run([
        ['A', 0],
        ['B', 0],
      ]),
    ).toEqual(['0 entered', `${hour} ended`])
    expect(
      run([
        ['B', 0],
        ['A', 0],
      ]),
    ).toEqual(['0 entered', '0 done 0/yes/0', '0 ended'])
    expect(
      run([
        ['B', 0],
        ['A', '1h'],
      ]),
    ).toContain(`${hour} done 0/yes/0`)
    expect(
      run([
        ['B', 0],
        ['A', '1h+1ms'],
      ]),
    ).toContain(`${hour} ended`)
  })
  test('waitFor: an earlier event makes no count and no chain', () => {
    const occasion = { kind: 'times', event: track('B'), count: 2, within: '1h' } as const
    const waitFor = { kind: 'waitFor', occasion, timeout: '1h', yes: [send] } as const
    const events: EventNote[] = [
      ['B', 0],
      ['A', '1m'],
      ['B', '2m'],
      ['B', '3m'],
    ]
    expect(linesOf(userOf([trigger({ journey: [waitFor] })], events))).toContain('180000 done 0/yes/0')
  })
  test('waitFor: conditions inside see the whole history', () => {
    const given = { kind: 'given', base: onA, condition: { kind: 'did', event: track('Z') } } as const
    const waitFor = { kind: 'waitFor', occasion: given, timeout: '1h', yes: [send] } as const
    const when = { kind: 'on', event: track('B') } as const
    const events: EventNote[] = [
      ['Z', 0],
      ['B', '1m'],
      ['A', '2m'],
    ]
    expect(linesOf(userOf([trigger({ when, journey: [waitFor] })], events))).toContain('120000 done 0/yes/0')
  })
  test('waitFor: a fire by timer exactly at the timeout wins', () => {
    const occasion = { kind: 'without', base: onA, event: track('X'), for: '1h' } as const
    const waitFor = { kind: 'waitFor', occasion, timeout: '1h', yes: [send] } as const
    const when = { kind: 'on', event: track('B') } as const
    const events: EventNote[] = [
      ['B', 0],
      ['A', 0],
    ]
    expect(linesOf(userOf([trigger({ when, journey: [waitFor] })], events))).toContain(`${hour} done 0/yes/0`)
  })
  test('of a goal and an exit at one event, the goal is recorded', () => {
    const endings = [{ event: track('G') }]
    const lines = linesOf(
      userOf(
        [trigger({ journey, goals: endings, exits: endings })],
        [
          ['A', 0],
          ['G', '1m'],
        ],
      ),
    )
    expect(lines).toEqual(['0 entered', '60000 goal'])
  })
  test('until 09:00 is the next 09:00 strictly later', () => {
    const until = [{ kind: 'waitUntil', time: '09:00' }, send] as const
    const run = (at: string) =>
      linesOf(userOf([trigger({ journey: until })], [['A', at]], { horizonMs: Infinity }))
    expect(run('1970-01-02T09:00:00Z')).toContain(`${33 * hour + 24 * hour} done 1`)
    expect(run('1970-01-02T08:59:59.999Z')).toContain(`${33 * hour} done 1`)
  })
  test('an arm is taken by the bucket of trigger id and step path', () => {
    const arms = [0, 1].map(() => ({ weight: 1, steps: [send] }))
    const steps = linesOf(userOf([trigger({ journey: [{ kind: 'split', arms }] })], [['A', 0]]))
    expect(steps).toContain(`0 done 0/${armOf(bucketOf('t/0', 'u1'), [1, 1])}/0`)
  })
})

describe('chance', () => {
  test('is the first 52 bits of SHA-256', () => {
    const hex = createHash('sha256').update('t:u1').digest('hex')
    expect(bucketOf('t', 'u1')).toBe(Number(BigInt(`0x${hex}`) >> 204n) / 2 ** 52)
  })
  test('arm i is taken when bucket × Σweights < w1 + … + wi', () => {
    expect([0, 0.25, 0.4999, 0.5, 0.999].map((bucket) => armOf(bucket, [1, 1, 2]))).toEqual([0, 1, 1, 2, 2])
    expect(armOf(0, [0, 1])).toBe(1)
  })
})

describe('the ledger', () => {
  test('at one instant: memberships, goals, steps, new fires; each by trigger id', () => {
    const segments = [
      { specVersion: 1, kind: 'dynamic', id: 's', condition: { kind: 'did', event: track('A') } } as const,
    ]
    const a = track('A')
    const triggers = [
      trigger({ id: 'b' }),
      trigger({ id: 'a' }),
      trigger({
        id: 'goal',
        when: { kind: 'on', event: track('B') },
        goals: [{ event: a }],
        journey: [{ kind: 'wait', for: '9h' }],
      }),
      trigger({
        id: 'step',
        when: { kind: 'on', event: track('B') },
        journey: [{ kind: 'waitFor', occasion: onA, timeout: '9h', yes: [send] }],
      }),
    ]
    const lines = ledgerOf(
      userOf(
        triggers,
        [
          ['B', 0],
          ['A', '1m'],
        ],
        { segments },
      ),
    )
    expect(
      lines.filter(({ place }) => place.ms > 0).map(({ subject, what }) => `${subject} ${what}`),
    ).toEqual([
      's member',
      'goal goal',
      'step done',
      'step ended',
      'a entered',
      'a ended',
      'b entered',
      'b ended',
    ])
  })
  test('ids are the first 128 bits of SHA-256 of the JSON array', () => {
    const [entry] = ledgerOf(userOf([trigger({})], [['A', 0]]))
    const hex = createHash('sha256').update('["t",1,"u1","m0",""]').digest('hex')
    expect(entry?.id).toBe(hex.slice(0, 32))
    const parts = { trigger: 't', version: 1, userId: 'ü', anchorKey: 'm0@5', stepPath: '0/yes/1' }
    expect(idOf(parts)).toBe(
      createHash('sha256').update('["t",1,"ü","m0@5","0/yes/1"]').digest('hex').slice(0, 32),
    )
  })
  test('listings are sorted by instant, user id, place', () => {
    const user = userOf(
      [trigger({})],
      [
        ['A', 0],
        ['A', '1m'],
      ],
    )
    const rows = listingOf([user, { ...user, id: 'u0' }]).filter(({ what }) => what === 'entered')
    expect(rows.map(({ place, userId }) => `${place.ms} ${userId}`)).toEqual([
      '0 u0',
      '0 u1',
      '60000 u0',
      '60000 u1',
    ])
  })
})

describe('repeated and unordered events', () => {
  const event = (messageId: string, at: number): PastEvent => {
    return { userId: 'u1', type: 'track', name: 'A', properties: {}, at, messageId }
  }
  const week = 7 * 24 * hour
  test('a messageId accepted in the 7 days before is dropped, the first to arrive counts', () => {
    expect(accept([event('m', 1), event('m', 0)]).map(({ at }) => at)).toEqual([1])
    expect(accept([event('m', 0), event('m', week - 1)])).toHaveLength(1)
    expect(accept([event('m', 0), event('m', week)])).toHaveLength(2)
    expect(accept([event('m', 0), event('n', week), event('m', 5)])).toHaveLength(3)
  })
  test('the time line is ordered by timestamp, seq, messageId bytewise', () => {
    const events = [event('b', 1), event('B', 1), { ...event('a', 1), seq: 1 }, event('z', 0)]
    expect(orderEvents(events).map(({ messageId }) => messageId)).toEqual(['z', 'B', 'b', 'a'])
  })
})
