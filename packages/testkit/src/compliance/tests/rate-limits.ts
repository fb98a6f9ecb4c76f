import type { Host } from '@tripline/model'
import { expect } from 'vitest'
import type { ComplianceTest } from '../compliance-test.ts'
import { withRig } from '../rig.ts'

export const rateLimitTests: readonly ComplianceTest[] = [
  {
    name: 'limits.rate',
    needs: ['event', 'profile'],
    async run(subject) {
      const taken: string[] = []
      const budget: Host['budget'] = { take: async (id) => void taken.push(id), observe: () => undefined }
      await withRig(
        subject,
        { host: { budget } },
        async ({ arrive, settleAll, make, requests, connector, sandbox }) => {
          await arrive('u1')
          sandbox.chaos({ script: [{ kind: 'server-error' }] })
          const from = requests.length
          taken.length = 0
          await settleAll([make.event('u1', { note: 'x' })])
          const sent = requests.length - from
          const rates = connector.limits.filter(({ kind }) => kind === 'rate').map(({ id }) => id)
          expect(rates.length).toBeGreaterThan(0)
          for (const id of taken) expect(rates).toContain(id)
          expect(
            taken.length,
            'each request, also a repeated one, takes from a budget',
          ).toBeGreaterThanOrEqual(sent)
        },
      )
    },
  },
  {
    name: 'limits.an-empty-budget-holds-the-request',
    needs: ['event'],
    async run(subject) {
      const budget: Host['budget'] = {
        take: (_, __, signal) =>
          new Promise((_resolve, reject) =>
            signal?.addEventListener('abort', () => reject(new Error('aborted'))),
          ),
        observe: () => undefined,
      }
      await withRig(subject, { host: { budget } }, async ({ deliver, make, requests, sandbox }) => {
        const from = requests.length
        const deadline = new Date(sandbox.clock.now() + 5_000).toISOString()
        const report = await deliver([make.event('u1', { note: 'x' })], { deadline })
        expect(report.results[0]?.outcome.status).toBe('retry')
        expect(requests).toHaveLength(from)
      })
    },
  },
]
