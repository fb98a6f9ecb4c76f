import { expect } from 'vitest'
import type { Ability, Item, Report } from '@tripline/model'
import type { Delivered } from '../../expectations/index.ts'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { complianceFields } from '../fields.ts'
import { statusesOf, withRig } from '../rig.ts'

const paired = (items: readonly Item[], report: Report): readonly Delivered[] =>
  items.flatMap((item, index) => {
    const result = report.results[index]
    return result ? [{ item, result }] : []
  })

const writesOf = ({ calls }: Report): number =>
  calls.reduce((sum, { purpose, count }) => (purpose === 'write' ? sum + count : sum), 0)
async function drain(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const page of pages) expect(page).toBeDefined()
}

export const callTests: readonly ComplianceTest[] = [
  {
    name: 'call.empty',
    needs: [],
    run: (subject) =>
      withRig(subject, {}, async ({ connector, requests }) => {
        const before = requests.length
        expect(await connector.deliver([])).toMatchObject({ results: [], calls: [] })
        expect(await connector.start([])).toMatchObject({ results: [], calls: [] })
        expect(requests).toHaveLength(before)
      }),
  },
  {
    name: 'call.huge',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const people = Array.from({ length: 50 }, (_, index) => `u${index}`)
        const known = await arrive(...people)
        const count = subject.samples.hugeCall ?? 10_000
        const items = Array.from({ length: count }, (_, index) =>
          make.event(people[index % people.length] ?? 'u0', { step: index }),
        )
        const delivered = await settleAll(items)
        expect(new Set(delivered.map(({ result }) => result.outcome.status))).toEqual(new Set(['sent']))
        expect(differences([...known, ...delivered])).toEqual([])
      }),
  },
  {
    name: 'call.aborted-before',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ deliver, make, requests }) => {
        const before = requests.length
        const report = await deliver([make.profile('u1', { plan: 'x' }), make.profile('u2', { plan: 'x' })], {
          signal: AbortSignal.abort('enough'),
        })
        expect(statusesOf(report)).toEqual(['retry', 'retry'])
        expect(requests).toHaveLength(before)
      }),
  },
  {
    name: 'call.aborted-in-flight',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make, sandbox, connector, differences }) => {
        const people = await arrive('u1', 'u2')
        const stop = new AbortController()
        sandbox.chaos({ script: [{ kind: 'hang-after', times: 50 }] })
        void sandbox.clock.sleep(1_000).then(() => stop.abort('enough'))
        const items = [make.event('u1', { step: 1 }), make.event('u2', { step: 2 })]
        const report = await deliver(items, { signal: stop.signal })
        sandbox.chaos({})
        const doubles = connector.capabilities.event.repeat === 'doubles'
        for (const status of statusesOf(report)) expect(doubles ? ['unknown'] : ['retry']).toContain(status)
        expect(differences([...people, ...paired(items, report)])).toEqual([])
      }),
  },
  {
    name: 'call.deadline',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make, sandbox, differences }) => {
        const people = await arrive('u1')
        sandbox.chaos({ script: [{ kind: 'server-error', times: 500 }] })
        const startMs = sandbox.clock.now()
        const items = [make.event('u1', { step: 1 }), make.event('u1', { step: 2 })]
        const report = await deliver(items, { deadline: new Date(startMs + 20_000).toISOString() })
        sandbox.chaos({})
        for (const status of statusesOf(report)) expect(['retry', 'unknown']).toContain(status)
        expect(sandbox.clock.now() - startMs).toBeLessThanOrEqual(21_000)
        expect(differences([...people, ...paired(items, report)])).toEqual([])
      }),
  },
  {
    name: 'call.dry-run-makes-no-request',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make, requests, planned, differences }) => {
        const people = await arrive('u1')
        const before = requests.length
        planned.splice(0)
        const report = await deliver(
          [make.profile('u1', { plan: 'dry' }), make.event('u1', { note: 'dry' })],
          {
            dryRun: true,
          },
        )
        expect(statusesOf(report)).toEqual(['planned', 'planned'])
        expect(requests).toHaveLength(before)
        expect(planned.filter(({ purpose }) => purpose === 'write').length).toBeGreaterThan(0)
        const shown = JSON.stringify(planned)
        expect(shown).toContain('dry')
        expect(differences(people)).toEqual([])
      }),
  },
  {
    name: 'call.every-dry-run-makes-no-request',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ connector, make, requests, planned }) => {
        const { capabilities, readProfiles, schema, segments } = connector
        const before = requests.length
        const call = { dryRun: true } as const
        const can = (ability: Ability): boolean =>
          capabilities[ability].support === 'native' || capabilities[ability].support === 'emulated'
        const who = [{ userId: 'u1' }]
        const from = new Date(0).toISOString()
        const { segment, created } = await segments.ensure('Very Important', call)
        expect(created).toBe(false)
        const whole = subject.samples.wholeSegment ?? segment
        const reads = [
          can('read.ids') && readProfiles({ mode: 'ids', who, fields: ['plan'] }, call),
          can('read.all') && readProfiles({ mode: 'all', fields: ['plan'] }, call),
          can('read.since') && readProfiles({ mode: 'since', from, fields: ['plan'] }, call),
          can('segments.list') && segments.list(call),
          can('members.ids') && segments.members(segment, { mode: 'ids', who, fields: [] }, call),
          can('members.all') && segments.members(whole, { mode: 'all', fields: [] }, call),
        ]
        for (const read of reads) {
          planned.splice(0)
          if (!read) continue
          for await (const page of read) expect(Array.isArray(page.items)).toBe(true)
          expect(planned.length).toBeGreaterThan(0)
        }
        if (can('schema')) await schema.read(call)
        const starts = (subject.samples.starts ?? []).map(({ via, data }) => make.start('u1', via, data))
        const report = await connector.start(starts, call)
        expect(new Set(statusesOf(report))).toEqual(new Set(starts.length > 0 ? ['planned'] : []))
        expect(requests).toHaveLength(before)
      }),
  },
  {
    name: 'call.done-is-not-sent-again',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make, requests, differences }) => {
        const people = await arrive('u1')
        const item = make.event('u1', { note: 'once' })
        const first = await deliver([item])
        const done = first.results[0]?.done ?? []
        expect(done.length).toBeGreaterThan(0)
        const before = requests.length
        const second = await deliver([{ ...item, done }])
        expect(statusesOf(second)).toEqual(['sent'])
        expect(requests).toHaveLength(before)
        expect(differences([...people, ...paired([item], first)])).toEqual([])
      }),
  },
  {
    name: 'call.done-writes-of-an-item-are-not-sent-again',
    needs: ['group', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make, requests, differences }) => {
        const people = await arrive('u1')
        const item = make.group(subject.samples.groupType ?? 'company', 'acme', { name: 'Acme' }, 'u1')
        const first = await deliver([item])
        const done = first.results[0]?.done ?? []
        if (done.length < 2) throw new Meaningless('a group and its member are one write')
        const before = requests.length
        const rest = await deliver([{ ...item, done: done.slice(0, -1) }])
        expect(statusesOf(rest)).toEqual(['sent'])
        expect(rest.results[0]?.done).toEqual(done)
        expect(writesOf(rest), 'the last write only').toBe(1)
        expect(writesOf(first)).toBe(done.length)
        expect(requests.length).toBeGreaterThan(before)
        const nothing = requests.length
        expect(statusesOf(await deliver([{ ...item, done }]))).toEqual(['sent'])
        expect(requests).toHaveLength(nothing)
        expect(differences([...people, ...paired([item], first)])).toEqual([])
      }),
  },
  {
    name: 'call.only-deliver-and-start-change-people',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, connector, wait, differences }) => {
        const people = await arrive('u1')
        wait()
        const { capabilities, segments } = connector
        const can = (ability: Ability): boolean => capabilities[ability].support !== 'unsupported'
        const who = ['u1', 'nobody'].map((userId) => ({ userId }))
        const fields = ['plan']
        await connector.check()
        if (can('schema')) await connector.schema.read()
        if (can('schema')) await connector.schema.ensure(complianceFields)
        if (can('segments.list')) await drain(segments.list())
        if (can('segments.ensure')) {
          const { segment } = await segments.ensure('Somebody')
          wait()
          if (can('members.ids')) await drain(segments.members(segment, { mode: 'ids', who, fields: [] }))
        }
        if (can('read.ids')) await drain(connector.readProfiles({ mode: 'ids', who, fields }))
        expect(differences(people)).toEqual([])
      }),
  },
  {
    name: 'call.unicode-at-the-cut',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, differences }) => {
        const lengths = [60, 61, 62, 63, 64, 125, 126, 127, 128, 250, 251, 252, 253, 254, 255, 256]
        const texts = lengths.flatMap((length) => [`${'x'.repeat(length)}🧀🧀`, `${'ä'.repeat(length)}x`])
        const delivered = await settleAll([
          ...texts.map((note, index) => make.profile(`u${index}`, { note })),
          ...texts.map((note, index) => make.event(`u${index}`, { note })),
        ])
        expect(new Set(delivered.map(({ result }) => result.outcome.status))).toEqual(new Set(['sent']))
        expect(differences(delivered)).toEqual([])
      }),
  },
  {
    name: 'call.clock-skew',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ settleAll, make, sandbox, differences }) => {
        // The event's own clock was ahead of ours.
        const ahead = new Date(sandbox.clock.now() + 120_000).toISOString()
        const delivered = await settleAll([
          make.profile('u1', { plan: 'x' }),
          make.event('u1', { note: 'ahead' }, { at: ahead }),
          make.event('u1', { note: 'behind' }),
        ])
        expect(delivered.map(({ result }) => result.outcome.status)).toEqual(['sent', 'sent', 'sent'])
        expect(differences(delivered)).toEqual([])
      }),
  },
  {
    name: 'call.results-in-order',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, deliver, make }) => {
        await arrive('u1', 'u2')
        const items = Array.from({ length: 30 }, (_, index) =>
          index % 3 === 1
            ? make.event({}, {}, { lane: 'u1' })
            : index % 3 === 2
              ? make.profile('u2', { tier: index })
              : make.event('u1', { step: index }),
        )
        // `deliver` of the rig compares the keys one by one.
        const report = await deliver(items)
        expect(statusesOf(report).map((status) => status === 'dead')).toEqual(
          items.map((_, index) => index % 3 === 1),
        )
      }),
  },
]
