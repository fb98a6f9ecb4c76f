import { expect } from 'vitest'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { resultStatuses, withRig } from '../rig.ts'

export const belongingTests: readonly ComplianceTest[] = [
  {
    name: 'group.stored-with-its-member',
    needs: ['group', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const type = subject.samples.groupType ?? 'company'
        const people = await arrive('u1', 'u2')
        const groups = await settleAll([
          make.group(type, 'acme', { name: 'Acme', region: 'north' }, 'u1'),
          make.group(type, 'acme', { name: 'Acme', region: 'south' }, 'u2'),
          make.group(type, 'other', { name: 'Other' }, 'u1'),
        ])
        expect(resultStatuses(groups)).toEqual(['sent', 'sent', 'sent'])
        expect(differences([...people, ...groups])).toEqual([])
      }),
  },
  {
    name: 'group.repeat-is-as-declared',
    needs: ['group', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences, connector }) => {
        expect(connector.capabilities.group.repeat).not.toBe('doubles')
        const people = await arrive('u1')
        const items = [make.group(subject.samples.groupType ?? 'company', 'acme', { name: 'Acme' }, 'u1')]
        const first = await settleAll(items)
        await settleAll(items)
        expect(differences([...people, ...first])).toEqual([])
      }),
  },
  {
    name: 'membership.enter-and-leave',
    needs: ['membership', 'profile', 'segments.ensure'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences, connector, wait }) => {
        const people = await arrive('u1', 'u2', 'u3')
        const { segment } = await connector.segments.ensure('Very Important')
        wait()
        const entered = await settleAll(['u1', 'u2'].map((userId) => make.membership(userId, segment, true)))
        expect(resultStatuses(entered)).toEqual(['sent', 'sent'])
        expect(differences([...people, ...entered])).toEqual([])
        const left = await settleAll([
          make.membership('u1', segment, false),
          make.membership('u3', segment, false),
        ])
        expect(left[0]?.result.outcome.status).toBe('sent')
        expect(differences([...people, ...entered, ...left])).toEqual([])
      }),
  },
  {
    name: 'membership.repeat-is-as-declared',
    needs: ['membership', 'profile', 'segments.ensure'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences, connector, wait }) => {
        expect(connector.capabilities.membership.repeat).not.toBe('doubles')
        const people = await arrive('u1', 'u2')
        const { segment } = await connector.segments.ensure('Very Important')
        wait()
        const items = [make.membership('u1', segment, true), make.membership('u2', segment, false)]
        const first = await settleAll(items)
        await settleAll(items)
        expect(differences([...people, ...first])).toEqual([])
      }),
  },
  {
    name: 'consent.granted-then-denied',
    needs: ['consent', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, differences }) => {
        const { consent } = subject.samples
        if (!consent) throw new Meaningless('no sample of consent')
        const who = (userId: string) => ({ userId, email: `${userId}@example.com` })
        const people = await settleAll(
          ['u1', 'u2'].map((userId) => make.profile(userId, { email: `${userId}@example.com` })),
        )
        const first = await settleAll([
          make.consent(who('u1'), consent, 'granted'),
          make.consent(who('u2'), consent, 'denied'),
        ])
        expect(resultStatuses(first)).toEqual(['sent', 'sent'])
        expect(differences([...people, ...first])).toEqual([])
        const second = await settleAll([make.consent(who('u1'), consent, 'denied')])
        expect(resultStatuses(second)).toEqual(['sent'])
        expect(differences([...people, ...first, ...second])).toEqual([])
      }),
  },
]
