import { TriplineError, type Ability, type Connector, type Item } from '@tripline/model'
import { expect } from 'vitest'
import type { ComplianceTest } from '../compliance-test.ts'
import { withRig, type Rig } from '../rig.ts'
import type { ComplianceSubject } from '../subject.ts'

/** What is said and done about abilities that the vendor does not have. */
export const unsupportedTests: readonly ComplianceTest[] = [
  {
    name: 'capabilities.every-ability-has-a-reason-and-a-source',
    needs: [],
    run: (subject) =>
      withRig(subject, { ensures: false }, async ({ connector }) => {
        for (const [ability, { because, source, support, repeat }] of Object.entries(
          connector.capabilities,
        )) {
          expect(because.trim(), `${ability}: because`).not.toBe('')
          expect(source, `${ability}: source`).toMatch(/^(https:\/\/|[\w.-]+\/[\w.-]+:)/)
          const writes = ['event', 'profile', 'link', 'group', 'membership', 'consent', 'start'].includes(
            ability,
          )
          if (writes && support !== 'unsupported') expect(repeat, `${ability}: repeat`).toBeDefined()
        }
      }),
  },
  {
    name: 'capabilities.what-is-unsupported-says-so',
    needs: [],
    run: (subject) =>
      withRig(subject, {}, async (rig) => {
        await rig.arrive('u1')
        for (const [ability, { support }] of Object.entries(rig.connector.capabilities))
          if (support === 'unsupported') await refuses(subject, rig, ability as Ability)
      }),
  },
  {
    name: 'limits.every-limit-has-a-source',
    needs: [],
    run: (subject) =>
      withRig(subject, { ensures: false }, async ({ connector: { limits } }) => {
        expect(new Set(limits.map(({ id }) => id)).size).toBe(limits.length)
        for (const { id, max, kind, source, endpoints } of limits) {
          expect(max, id).toBeGreaterThan(0)
          // A rate that only the vendor's own answers keep (a day's) names no endpoint.
          if (kind !== 'rate') expect(endpoints.length, id).toBeGreaterThan(0)
          expect(source, id).toMatch(/^(https:\/\/|[\w.-]+\/[\w.-]+:?)/)
        }
      }),
  },
]

async function refuses(
  subject: ComplianceSubject,
  { connector, deliver, make }: Rig,
  ability: Ability,
): Promise<void> {
  const segment = { form: 'segment', id: 's1' } as const
  const skips = async (item: Item): Promise<void> => {
    const { outcome } = (await deliver([item])).results[0] ?? {}
    expect(outcome, ability).toMatchObject({ status: 'skipped', because: 'unsupported' })
  }
  switch (ability) {
    case 'event':
      return skips(make.event('u1'))
    case 'profile':
      return skips(make.profile('u1', { plan: 'x' }))
    case 'link':
      return skips(make.link('a1', 'u1'))
    case 'group':
      return skips(make.group('company', 'g1', { name: 'G' }, 'u1'))
    case 'membership':
      return skips(make.membership('u1', segment, true))
    case 'consent':
      return skips(make.consent({ userId: 'u1' }, subject.samples.consent ?? { channel: 'email' }, 'denied'))
    case 'start': {
      const report = await connector.start([make.start('u1', { kind: 'event', id: 'x' })])
      return expect(report.results[0]?.outcome).toMatchObject({ status: 'skipped', because: 'unsupported' })
    }
    default:
      return refusesToRead(connector, ability)
  }
}

async function refusesToRead(connector: Connector, ability: Ability): Promise<void> {
  const segment = { form: 'segment', id: 's1' } as const
  const reads: Readonly<Partial<Record<Ability, () => unknown>>> = {
    'read.since': () =>
      connector.readProfiles({ mode: 'since', from: new Date(0).toISOString(), fields: [] }),
    'read.all': () => connector.readProfiles({ mode: 'all', fields: [] }),
    'read.ids': () => connector.readProfiles({ mode: 'ids', who: [{ userId: 'u1' }], fields: [] }),
    'segments.list': () => connector.segments.list(),
    'segments.ensure': () => connector.segments.ensure('Name'),
    'members.all': () => connector.segments.members(segment, { mode: 'all', fields: [] }),
    'members.ids': () =>
      connector.segments.members(segment, { mode: 'ids', who: [{ userId: 'u1' }], fields: [] }),
    schema: () => connector.schema.read(),
  }
  const fault: unknown = await drain(reads[ability]).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(TriplineError.is(fault) && fault.fault.code, ability).toBe('unsupported')
}
async function drain(read: (() => unknown) | undefined): Promise<void> {
  const made: unknown = await read?.()
  if (typeof made === 'object' && made !== null && Symbol.asyncIterator in made)
    for await (const _ of made as AsyncIterable<unknown>);
}
