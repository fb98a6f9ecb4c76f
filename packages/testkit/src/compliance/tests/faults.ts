import { expect } from 'vitest'
import type { Delivered } from '../../expectations/index.ts'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { withRig, type Rig } from '../rig.ts'
import type { ComplianceSubject, FaultName } from '../subject.ts'

interface Case {
  readonly kind: FaultName
  /** The work was done although nobody said so. */
  readonly isDone?: true
  /** How often in a row. */
  readonly times?: number
}
const cases: readonly Case[] = [
  { kind: 'rate-limited', times: 2 },
  { kind: 'server-error' },
  { kind: 'server-error-after', isDone: true },
  { kind: 'reset-before' },
  { kind: 'reset-after', isDone: true },
  { kind: 'hang-before' },
  { kind: 'hang-after', isDone: true },
  { kind: 'slow' },
  { kind: 'partial' },
  { kind: 'silent' },
]

async function showFault(
  subject: ComplianceSubject,
  rig: Rig,
  { kind, times = 1 }: Case,
): Promise<readonly Delivered[]> {
  const { sandbox, arrive, settleAll, make } = rig
  const people = await arrive('u1', 'u2', 'u3')
  const before = sandbox.faultsShown[kind] ?? 0
  sandbox.chaos({ script: [{ kind, times }] })
  const events = await settleAll([
    make.event('u1', { step: 1 }),
    make.event('u2', { step: 2 }),
    make.event('u1', { step: 3 }),
    make.event('u3', { step: 4 }),
  ])
  sandbox.chaos({})
  const isShown = (sandbox.faultsShown[kind] ?? 0) > before
  if (!isShown && (kind === 'partial' || kind === 'silent'))
    throw new Meaningless(`${subject.vendor} has no ${kind} form of an answer to these requests`)
  expect(isShown, `${subject.vendor} showed the fault`).toBe(true)
  return [...people, ...events]
}

const outcomesOf = (delivered: readonly Delivered[]): ReadonlySet<string> =>
  new Set(
    delivered.map(({ result: { outcome } }) =>
      outcome.status === 'sent' && outcome.maybeTwice ? 'sent, maybe twice' : outcome.status,
    ),
  )

/** A lost answer: sent once in effect where the vendor has a key, never plainly sent where a repeat doubles. */
function checkOutcomes(outcomes: ReadonlySet<string>, doubles: boolean, { kind, isDone }: Case): void {
  if (kind === 'partial') {
    // What the vendor refused by name may be dead; the rest of the request arrives, and is not sent twice.
    for (const outcome of outcomes) expect(['sent', 'dead']).toContain(outcome)
    expect(outcomes).toContain('sent')
  } else if (!doubles) expect(outcomes).toEqual(new Set(['sent']))
  else if (isDone) expect(outcomes).toEqual(new Set(['sent, maybe twice']))
  else if (kind === 'rate-limited' || kind === 'slow') expect(outcomes).toEqual(new Set(['sent']))
  else for (const outcome of outcomes) expect(['sent', 'sent, maybe twice', 'unknown']).toContain(outcome)
}

async function checkFault(subject: ComplianceSubject, rig: Rig, fault: Case): Promise<void> {
  const delivered = await showFault(subject, rig, fault)
  const doubles = rig.connector.capabilities.event.repeat === 'doubles'
  const outcomes = outcomesOf(delivered.filter(({ item }) => item.kind === 'event'))
  checkOutcomes(outcomes, doubles, fault)
  expect(rig.differences(delivered)).toEqual([])
}

export const faultTests: readonly ComplianceTest[] = [
  ...cases.map((each): ComplianceTest => ({
    name: `fault.${each.kind}`,
    needs: ['event', 'profile'],
    run: (subject) => withRig(subject, {}, (rig) => checkFault(subject, rig, each)),
  })),
  {
    name: 'fault.rate-limited-waits',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make, sandbox, requests }) => {
        await arrive('u1')
        sandbox.chaos({ script: [{ kind: 'rate-limited' }] })
        const from = requests.length
        const report = await deliver([make.event('u1', { note: 'x' })])
        const [first, second] = requests.slice(from)
        expect(report.calls.reduce((sum, { retries }) => sum + retries, 0)).toBe(1)
        expect((second?.atMs ?? 0) - (first?.atMs ?? 0), 'waited before it came again').toBeGreaterThan(0)
      }),
  },
  {
    name: 'fault.a-request-that-had-all-its-tries-is-not-sent-again',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, { maxAttempts: 2 }, async ({ arrive, deliver, make, sandbox, requests }) => {
        await arrive('u1', 'u2')
        const drafts = [
          (step: number) => ['u1', 'u2'].map((userId) => make.event(userId, { step })),
          (step: number) => ['u1', 'u2'].map((userId) => make.profile(userId, { tier: step })),
        ]
        for (const draft of drafts)
          for (const kind of ['rate-limited', 'reset-before'] as const) {
            await deliver(draft(1)) // now every id and definition is known
            let from = requests.length
            await deliver(draft(2))
            const usual = requests.length - from
            sandbox.chaos({ script: [{ kind, times: 1_000 }] })
            from = requests.length
            const report = await deliver(draft(3))
            sandbox.chaos({})
            for (const { outcome } of report.results) expect(['retry', 'unknown']).toContain(outcome.status)
            expect(requests.length - from, `${kind}: two tries each`).toBe(2 * usual)
          }
      }),
  },
  {
    name: 'fault.report-of-lost-answers',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make, sandbox, differences, connector }) => {
        if (connector.capabilities.event.repeat !== 'doubles')
          throw new Meaningless('a repeat of an event does no harm')
        const people = await arrive('u1')
        sandbox.chaos({ script: [{ kind: 'reset-after' }] })
        const items = [make.event('u1', { note: 'x' })]
        const report = await deliver(items, { onUnknown: 'report' })
        expect(report.results[0]?.outcome.status).toBe('unknown')
        expect(
          differences([...people, ...items.map((item) => ({ item, result: report.results[0] as never }))]),
        ).toEqual([])
      }),
  },
  {
    name: 'fault.dead-and-unknown-do-not-hold-the-lane',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const people = await arrive('u1')
        const delivered = await settleAll([
          make.event('u1', { step: 1 }),
          // Nobody's event.
          make.event({}, {}, { lane: 'u1' }),
          make.event('u1', { step: 2 }),
        ])
        expect(delivered.map(({ result }) => result.outcome.status)).toEqual(['sent', 'dead', 'sent'])
        const fault = delivered[1]?.result.outcome
        expect(fault?.status === 'dead' && fault.fault.code).toBe('invalid')
        expect(differences([...people, ...delivered])).toEqual([])
      }),
  },
  {
    name: 'fault.retry-holds-the-lane',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, { maxAttempts: 1 }, async ({ arrive, deliver, make, sandbox, differences }) => {
        const people = await arrive('u1', 'u2')
        sandbox.chaos({ script: [{ kind: 'rate-limited' }] })
        const lane = Array.from({ length: 30 }, (_, index) => make.event('u1', { step: index }))
        const items = [...lane, make.profile('u1', { plan: 'later' }), make.event('u1', { note: 'last' })]
        const report = await deliver(items)
        sandbox.chaos({})
        const statuses = report.results.map(({ outcome }) => outcome.status)
        const from = statuses.indexOf('retry')
        expect(from, 'something came back').toBeGreaterThanOrEqual(0)
        expect(new Set(statuses.slice(from)), 'nothing overtakes it').toEqual(new Set(['retry']))
        const left = items.slice(from)
        const again = await deliver(left)
        const delivered = items.map((item, index) => ({
          item,
          result: (index < from ? report.results[index] : again.results[index - from]) as never,
        }))
        expect(differences([...people, ...delivered])).toEqual([])
      }),
  },
]
