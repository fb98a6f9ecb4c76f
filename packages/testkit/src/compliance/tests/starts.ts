import { expect } from 'vitest'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { statusesOf, withRig } from '../rig.ts'
import type { ComplianceSubject } from '../subject.ts'

const startsOf = (subject: ComplianceSubject): NonNullable<ComplianceSubject['samples']['starts']> => {
  const { starts = [] } = subject.samples
  if (starts.length === 0) throw new Meaningless('no sample of a start')
  return starts
}

export const startTests: readonly ComplianceTest[] = [
  {
    name: 'start.starts-once-for-each',
    needs: ['start', 'profile'],
    async run(subject) {
      for (const { via, data } of startsOf(subject))
        await withRig(subject, {}, async ({ arrive, connector, make, sandbox, wait }) => {
          await arrive('u1', 'u2', 'u3')
          wait()
          const before = subject.starts(sandbox.inspect())
          const items = ['u1', 'u2', 'u3'].map((userId) => make.start(userId, via, data))
          const report = await connector.start(items)
          wait()
          expect(report.results.map(({ key }) => key)).toEqual(items.map(({ key }) => key))
          expect(statusesOf(report)).toEqual(['sent', 'sent', 'sent'])
          expect(subject.starts(sandbox.inspect()) - before, `${via.kind} ${via.id}`).toBe(3)
        })
    },
  },
  {
    name: 'start.a-lost-answer-never-starts-twice',
    needs: ['start', 'profile'],
    async run(subject) {
      for (const { via, data } of startsOf(subject))
        for (const kind of ['reset-before', 'reset-after', 'hang-after', 'server-error-after'] as const)
          await withRig(subject, {}, async ({ arrive, connector, make, sandbox, wait }) => {
            await arrive('u1', 'u2')
            wait()
            const before = subject.starts(sandbox.inspect())
            sandbox.chaos({ script: [{ kind }] })
            const report = await connector.start(['u1', 'u2'].map((userId) => make.start(userId, via, data)))
            sandbox.chaos({})
            wait()
            const started = subject.starts(sandbox.inspect()) - before
            const count = (status: string): number =>
              statusesOf(report).filter((each) => each === status).length
            expect(started, `${via.kind} after ${kind}: at most once each`).toBeLessThanOrEqual(2)
            expect(started, `${via.kind} after ${kind}: what is sent was started`).toBeGreaterThanOrEqual(
              count('sent'),
            )
            expect(started - count('sent')).toBeLessThanOrEqual(count('unknown') + count('retry'))
          })
    },
  },
  {
    name: 'start.dry-run-starts-nothing',
    needs: ['start', 'profile'],
    async run(subject) {
      for (const { via, data } of startsOf(subject))
        await withRig(subject, {}, async ({ arrive, connector, make, sandbox, wait, requests }) => {
          await arrive('u1')
          const before = [subject.starts(sandbox.inspect()), requests.length]
          const report = await connector.start([make.start('u1', via, data)], { dryRun: true })
          wait()
          expect(statusesOf(report)).toEqual(['planned'])
          expect([subject.starts(sandbox.inspect()), requests.length]).toEqual(before)
        })
    },
  },
]
