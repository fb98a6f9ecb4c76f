import type { Value } from '@tripline/model'
import { expect } from 'vitest'
import type { ComplianceTest } from '../compliance-test.ts'
import { resultStatuses, withRig } from '../rig.ts'

const everyType = {
  email: 'Ada@Example.com',
  firstName: 'Ada',
  plan: 'pro 🧀',
  note: '00001',
  score: 2.5,
  vip: true,
  tier: 3,
  seenOn: '2026-01-31',
  seenAt: '2026-01-31T23:59:59.000Z',
}

export const peopleTests: readonly ComplianceTest[] = [
  {
    name: 'profile.stored-as-given',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, differences }) => {
        const profiles = await settleAll([
          make.profile('u1', everyType),
          make.profile('u2', { vip: false, score: 0 }),
        ])
        expect(resultStatuses(profiles)).toEqual(['sent', 'sent'])
        expect(differences(profiles)).toEqual([])
      }),
  },
  {
    name: 'profile.null-clears-and-absent-stays',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, differences }) => {
        const set = { plan: 'pro', score: 1, note: 'stays' }
        const first = await settleAll([make.profile('u1', set)])
        const second = await settleAll([make.profile('u1', { plan: null, score: 2 }, set)])
        expect(resultStatuses(second)).toEqual(['sent'])
        expect(differences([...first, ...second])).toEqual([])
      }),
  },
  {
    name: 'profile.the-later-write-wins',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, differences }) => {
        const plans = ['a', 'b', 'c', 'd', 'e']
        const items = plans.flatMap((plan, index) => [
          make.profile('u1', { plan, tier: index }),
          make.profile('u2', { plan: plan.toUpperCase() }),
        ])
        const profiles = await settleAll(items)
        expect(differences(profiles)).toEqual([])
      }),
  },
  {
    name: 'profile.unchanged-is-skipped',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, deliver, make, requests }) => {
        const set = { plan: 'pro', tier: 1 }
        await settleAll([make.profile('u1', set)])
        const before = requests.length
        const report = await deliver([make.profile('u1', set, set)])
        const { outcome } = report.results[0] ?? {}
        // Where a repeated write costs nothing it may be made; where it is left out the reason is given.
        if (outcome?.status === 'skipped') {
          expect(outcome.because).toBe('unchanged')
          expect(requests).toHaveLength(before)
        } else expect(outcome?.status).toBe('sent')
      }),
  },
  {
    name: 'profile.another-spelling-is-no-change',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ deliver, make, sandbox }) => {
        const before = { email: 'ada@example.com', seenAt: '2026-01-31T23:59:59.000Z' }
        const people = JSON.stringify(sandbox.inspect())
        const report = await deliver([
          make.profile('u1', { email: ' Ada@Example.com' }, before),
          make.profile('u2', { seenAt: '2026-02-01T01:59:59+02:00' }, before),
        ])
        for (const { outcome } of report.results)
          expect(outcome).toMatchObject({ status: 'skipped', because: 'unchanged' })
        expect(JSON.stringify(sandbox.inspect())).toBe(people)
      }),
  },
  {
    name: 'profile.what-is-no-value-is-dead',
    needs: ['profile', 'event'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, deliver, make, differences }) => {
        const set = { plan: 'pro', score: 1 }
        const people = await settleAll([make.profile('u1', set), make.profile('u2', set)])
        const notValues = [Number.NaN, Infinity, undefined, [1, [-Infinity]]] as readonly Value[]
        const items = notValues.flatMap((score) => [
          make.profile('u1', { plan: 'new', score }),
          make.event('u1', { amount: score, note: 'bad' }),
        ])
        const report = await deliver([...items, make.profile('u2', { plan: 'basic' }, set)])
        const [good, ...refused] = report.results.toReversed()
        for (const { outcome } of refused)
          expect(outcome).toMatchObject({ status: 'dead', fault: { code: 'invalid' } })
        const path = expect.stringMatching(/^(set\.score|event\.properties\.amount)/) as string
        for (const { outcome } of refused) expect(outcome).toMatchObject({ fault: { path } })
        expect(good?.outcome.status).toBe('sent')
        const after = make.profile('u2', { plan: 'basic' }, set)
        expect(differences([...people, ...(good ? [{ item: after, result: good }] : [])])).toEqual([])
      }),
  },
  {
    name: 'profile.repeat-is-as-declared',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, differences, connector }) => {
        expect(connector.capabilities.profile.repeat).not.toBe('doubles')
        const items = [make.profile('u1', { plan: 'pro', score: 1 }), make.profile('u2', { plan: 'free' })]
        const first = await settleAll(items)
        await settleAll(items)
        expect(differences(first)).toEqual([])
      }),
  },
  {
    name: 'link.anonymous-becomes-known',
    needs: ['link', 'event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, differences }) => {
        const lane = { lane: 'u1' }
        const items = [
          make.event({ anonymousId: 'a1' }, { note: 'before' }, lane),
          make.link('a1', 'u1'),
          make.profile('u1', { plan: 'pro' }),
          make.event({ userId: 'u1', anonymousId: 'a1' }, { note: 'after' }, lane),
        ]
        const delivered = await settleAll(items)
        expect(delivered[1]?.result.outcome.status).toBe('sent')
        expect(differences(delivered)).toEqual([])
      }),
  },
  {
    name: 'link.repeat-is-as-declared',
    needs: ['link', 'event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, differences, connector }) => {
        expect(connector.capabilities.link.repeat).not.toBe('doubles')
        const link = make.link('a1', 'u1')
        const first = await settleAll([
          make.event({ anonymousId: 'a1' }, { note: 'before' }, { lane: 'u1' }),
          link,
          make.profile('u1', { plan: 'pro' }),
        ])
        await settleAll([link])
        expect(differences(first)).toEqual([])
      }),
  },
]
