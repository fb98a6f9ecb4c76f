import { fc } from '@fast-check/vitest'
import type { Capabilities, Item, SegmentRef } from '@tripline/model'
import { expect } from 'vitest'
import type { ComplianceTest } from '../compliance-test.ts'
import { withRig, type Rig } from '../rig.ts'
import type { ComplianceSubject, FaultPlan } from '../subject.ts'

const users = ['u1', 'u2', 'u3', '00001']
const steps = ['event', 'profile', 'link', 'group', 'membership', 'consent'] as const
type Step = (typeof steps)[number]
interface Drawn {
  readonly step: Step
  readonly user: number
  readonly value: number
}

const drawn = (capabilities: Capabilities): fc.Arbitrary<readonly Drawn[]> => {
  const kinds = steps.filter((step) => capabilities[step].support !== 'unsupported')
  return fc.array(
    fc.record({
      step: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Step>('event') },
        { weight: 4, arbitrary: fc.constantFrom(...kinds) },
      ),
      user: fc.nat(users.length - 1),
      value: fc.nat(3),
    }),
    { minLength: 1, maxLength: 40 },
  )
}

function itemOf(
  { step, user, value }: Drawn,
  { make }: Rig,
  subject: ComplianceSubject,
  segment: SegmentRef | undefined,
): Item {
  const userId = users[user] ?? 'u1'
  const { consent, groupType = 'company' } = subject.samples
  switch (step) {
    case 'profile':
      return make.profile(userId, value === 0 ? { plan: null, tier: value } : { plan: `plan ${value}` })
    case 'link':
      return make.link(`anonymous-${userId}`, userId)
    case 'group':
      return make.group(groupType, `g${value}`, { region: `r${value}` }, userId)
    case 'membership':
      if (segment) return make.membership(userId, segment, value % 2 === 0)
      break
    case 'consent':
      if (consent)
        return make.consent(
          { userId, email: emailOf(userId) },
          consent,
          value % 2 === 0 ? 'denied' : 'granted',
        )
      break
    case 'event':
  }
  return make.event(userId, { step: value })
}
const emailOf = (userId: string): string => `${userId}@example.com`

/** Runs of each property; the environment variable is for a longer search. */
const runs = (): number => Number(process.env['COMPLIANCE_RUNS'] ?? 8)
async function checkRun(
  subject: ComplianceSubject,
  given: readonly Drawn[],
  seed: number,
  rate: number,
): Promise<void> {
  await withRig(subject, {}, async (rig) => {
    const { connector, sandbox, settleAll, make, wait, differences } = rig
    const known = await settleAll(
      users.map((userId) => make.profile(userId, { email: emailOf(userId), plan: 'first' })),
    )
    const { membership, 'segments.ensure': ensures } = connector.capabilities
    const hasSegments = membership.support !== 'unsupported' && ensures.support !== 'unsupported'
    const segment = hasSegments ? (await connector.segments.ensure('Random')).segment : undefined
    wait()
    const items = given.map((each) => itemOf(each, rig, subject, segment))
    sandbox.chaos(rate === 0 ? {} : faultsFor(connector, rate, seed))
    const delivered = await settleAll(items)
    sandbox.chaos({})
    for (const { result } of delivered)
      expect(['sent', 'unknown', 'skipped']).toContain(result.outcome.status)
    expect(differences([...known, ...delivered])).toEqual([])
  })
}

const kinds = [
  'reset-before',
  'reset-after',
  'server-error',
  'hang-after',
  'rate-limited',
  'server-error-after',
] as const
/**
 * Where a repeat of an event doubles, faults keep a distance: two lost answers in a row leave three copies, which no
 * result can say.
 */
function faultsFor({ capabilities }: Rig['connector'], rate: number, seed: number): FaultPlan {
  if (capabilities.event.repeat !== 'doubles') return { rate, seed }
  const distance = 5 + (seed % 3)
  return {
    script: Array.from({ length: 6 }, (_, index) => ({
      kind: kinds[(seed + index) % kinds.length] ?? 'reset-after',
      nth: index === 0 ? 1 + (seed % 2) : distance,
    })),
  }
}

export const laneTests: readonly ComplianceTest[] = [0, 0.25].map((rate): ComplianceTest => ({
  name:
    rate === 0
      ? 'lanes.random-items-end-as-applied-in-order'
      : 'lanes.random-items-under-faults-end-as-applied-in-order',
  needs: ['event', 'profile'],
  async run(subject) {
    let capabilities: Capabilities | undefined
    await withRig(subject, { ensures: false }, async ({ connector }) => {
      ;({ capabilities } = connector)
    })
    if (!capabilities) return
    // A failure prints the seed and the shrunk items.
    await fc.assert(
      fc.asyncProperty(drawn(capabilities), fc.nat(1_000), (given, seed) =>
        checkRun(subject, given, seed, rate),
      ),
      { numRuns: runs(), endOnFailure: true },
    )
  },
}))
