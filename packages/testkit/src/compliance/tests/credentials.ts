import { expect } from 'vitest'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { resultStatuses, statusesOf, withRig } from '../rig.ts'

const wrong = 'not-the-credential'
const people = ['u1', 'u2', 'u3']

export const credentialTests: readonly ComplianceTest[] = [
  {
    name: 'auth.an-expired-credential-is-asked-for-once-more',
    needs: ['event', 'profile'],
    async run(subject) {
      const asked: boolean[] = []
      await withRig(
        subject,
        {
          credential: async (expired) => {
            asked.push(expired)
            return expired ? '' : wrong
          },
        },
        async ({ settleAll, make, differences }) => {
          const profiles = await settleAll(
            people.flatMap((userId) => [
              make.profile(userId, { plan: 'pro' }),
              make.event(userId, { note: 'x' }),
            ]),
          )
          expect(new Set(resultStatuses(profiles))).toEqual(new Set(['sent']))
          expect(asked.includes(true), 'the callback is asked with `expired`').toBe(true)
          expect(differences(profiles)).toEqual([])
        },
      )
    },
  },
  {
    name: 'auth.a-refused-credential-halts-the-connector',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(
        subject,
        { credential: async () => wrong },
        async ({ deliver, make, requests, differences }) => {
          const before = requests.length
          const items = Array.from({ length: 500 }, (_, index) => make.event(`u${index}`, { step: index }))
          const report = await deliver(items)
          expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'auth' } })
          expect(new Set(statusesOf(report))).toEqual(new Set(['retry']))
          // Each try that was under way at once, and its one try with a new credential.
          expect(requests.length - before).toBeLessThanOrEqual(64)
          expect(differences([])).toEqual([])
        },
      ),
  },
  {
    name: 'forbidden.halts-that-ability',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make, sandbox, differences }) => {
        if (!subject.forbid) throw new Meaningless('the vendor has no permission for it')
        const known = await arrive('u1')
        subject.forbid(sandbox, 'event')
        const report = await deliver([make.event('u1', { note: 'x' }), make.event('u1', { note: 'y' })])
        expect(report.halt?.fault.code).toBe('forbidden')
        expect(['event', 'connector']).toContain(report.halt?.what)
        expect(statusesOf(report)).toEqual(['retry', 'retry'])
        expect(differences(known)).toEqual([])
      }),
  },
]
