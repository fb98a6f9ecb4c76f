import type { Connector, Member, Page, ProfileRow, Query } from '@tripline/model'
import { expect } from 'vitest'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { complianceFields } from '../fields.ts'
import { withRig } from '../rig.ts'

const written = {
  plan: 'pro',
  score: 2.5,
  vip: true,
  tier: 3,
  seenOn: '2026-01-31',
  seenAt: '2026-01-31T23:59:59.000Z',
}
const names = Object.keys(written)

async function allOf<Each>(pages: AsyncIterable<Page<Each>>): Promise<readonly Each[]> {
  const items: Each[] = []
  let last: boolean | undefined
  for await (const page of pages) {
    expect(last, 'a page after the last one').not.toBe(true)
    items.push(...page.items)
    ;({ last } = page)
  }
  expect(last, 'the last page says so').toBe(true)
  return items
}
const readAll = (connector: Connector, query: Query): Promise<readonly ProfileRow[]> =>
  allOf(connector.readProfiles(query))
const traitsOf = (rows: readonly ProfileRow[], userId: string): unknown =>
  rows.flatMap((row) => (row.kind === 'profile' && row.who.userId === userId ? [row.traits] : []))

export const readTests: readonly ComplianceTest[] = [
  {
    name: 'read.ids.gives-what-was-written',
    needs: ['read.ids', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, connector, wait }) => {
        await settleAll([make.profile('u1', written), make.profile('00001', { plan: 'free' })])
        wait()
        const who = ['nobody', 'u1', '00001'].map((userId) => ({ userId }))
        const rows = await readAll(connector, { mode: 'ids', who, fields: names })
        expect(traitsOf(rows, 'u1')).toEqual([written])
        expect(traitsOf(rows, '00001')).toEqual([{ plan: 'free' }])
        expect(rows.filter(({ kind }) => kind === 'missing').map((row) => row.who)).toEqual([
          { userId: 'nobody' },
        ])
      }),
  },
  {
    name: 'read.ids.empty',
    needs: ['read.ids'],
    run: (subject) =>
      withRig(subject, {}, async ({ connector, requests }) => {
        const before = requests.length
        expect(await readAll(connector, { mode: 'ids', who: [], fields: names })).toEqual([])
        expect(requests).toHaveLength(before)
      }),
  },
  {
    name: 'read.all.gives-everybody-once',
    needs: ['read.all', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, connector, wait }) => {
        const people = Array.from({ length: 320 }, (_, index) => `u${index}`)
        await settleAll(
          people.map((userId, index) => make.profile(userId, { plan: 'pro', tier: index, vip: true })),
        )
        wait()
        const rows = await readAll(connector, { mode: 'all', fields: ['plan', 'tier'] })
        const found = rows.filter((row) => row.kind === 'profile').map((row) => row.who.userId)
        expect(found).toHaveLength(people.length)
        expect(new Set(found)).toEqual(new Set(people))
        expect(traitsOf(rows, 'u7')).toEqual([{ plan: 'pro', tier: 7 }])
      }),
  },
  {
    name: 'read.since.gives-what-changed',
    needs: ['read.since', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, connector, sandbox, wait }) => {
        await settleAll([make.profile('old', { plan: 'free' }), make.profile('u1', { plan: 'free' })])
        sandbox.clock.advance(3 * 86_400_000)
        const from = new Date(sandbox.clock.now() - 1_000).toISOString()
        await settleAll([make.profile('u1', { plan: 'pro' }), make.profile('new', { plan: 'pro' })])
        wait()
        const rows = await readAll(connector, { mode: 'since', from, fields: ['plan'] })
        expect(traitsOf(rows, 'u1')).toEqual([{ plan: 'pro' }])
        expect(traitsOf(rows, 'new')).toEqual([{ plan: 'pro' }])
      }),
  },
  {
    name: 'segments.ensure.twice-is-one',
    needs: ['segments.ensure'],
    run: (subject) =>
      withRig(subject, {}, async ({ connector, wait }) => {
        const first = await connector.segments.ensure('Very Important')
        wait()
        const second = await connector.segments.ensure('Very Important')
        expect(second.segment).toEqual(first.segment)
        expect(second.created).toBe(false)
      }),
  },
  {
    name: 'segments.list.ends',
    needs: ['segments.list'],
    run: (subject) =>
      withRig(subject, {}, async ({ connector }) => {
        const segments = await allOf(connector.segments.list())
        const ids = segments.map(({ form, id }) => `${form} ${id}`)
        expect(new Set(ids).size).toBe(ids.length)
      }),
  },
  {
    name: 'members.ids.says-who-is-in',
    needs: ['members.ids', 'membership', 'segments.ensure', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, connector, wait }) => {
        await arrive('in', 'out')
        const { segment } = await connector.segments.ensure('Very Important')
        wait()
        await settleAll([make.membership('in', segment, true), make.membership('out', segment, false)])
        wait()
        const who = [{ userId: 'in' }, { userId: 'out' }]
        const members = await allOf(connector.segments.members(segment, { mode: 'ids', who, fields: [] }))
        expect(inside(members)).toEqual(new Set(['in']))
      }),
  },
  {
    name: 'members.all.gives-all-members',
    needs: ['members.all', 'membership', 'segments.ensure', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, connector, wait }) => {
        await arrive('u1', 'u2', 'u3')
        const { segment } = await connector.segments.ensure('Very Important')
        wait()
        await settleAll(['u1', 'u2', 'u3'].map((userId) => make.membership(userId, segment, userId !== 'u2')))
        wait()
        const whole = subject.samples.wholeSegment ?? segment
        const members = await allOf(connector.segments.members(whole, { mode: 'all', fields: [] }))
        expect(inside(members)).toEqual(new Set(['u1', 'u3']))
      }),
  },
  {
    name: 'schema.ensure-is-stable',
    needs: ['schema'],
    run: (subject) =>
      withRig(subject, { ensures: false }, async ({ connector, wait }) => {
        const planned = await connector.schema.ensure(complianceFields, { dryRun: true })
        const first = await connector.schema.ensure(complianceFields)
        wait()
        const second = await connector.schema.ensure(complianceFields)
        for (const answer of [planned, first, second])
          expect(answer.map(({ field }) => field)).toEqual(complianceFields)
        expect(planned.some(({ did }) => did === 'created')).toBe(false)
        expect(second.filter(({ did }) => did === 'created' || did === 'planned')).toEqual([])
      }),
  },
  {
    name: 'schema.read-names-what-is-there',
    needs: ['schema', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, connector, wait }) => {
        await arrive('u1')
        wait()
        const fields = await connector.schema.read()
        const found = fields.filter(({ of, name }) => of === 'user' && name === 'plan')
        const [ensured] = await connector.schema.ensure([{ of: 'user', name: 'plan', type: 'string' }])
        if (found.length === 0 && ensured?.did === 'implicit')
          throw new Meaningless('what comes into being with its first value is not listed')
        expect(found).toMatchObject([{ type: 'string', writable: true }])
      }),
  },
  {
    name: 'check.names-abilities',
    needs: [],
    run: (subject) =>
      withRig(subject, {}, async ({ connector }) => {
        const report = await connector.check()
        expect(Object.keys(report.abilities).sort()).toEqual(Object.keys(connector.capabilities).sort())
        expect(report.faults).toEqual([])
      }),
  },
]

const inside = (members: readonly Member[]): ReadonlySet<string | undefined> =>
  new Set(members.filter(({ member }) => member).map(({ who }) => who.userId))
