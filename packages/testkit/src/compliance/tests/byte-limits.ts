import type { EventItem } from '@tripline/model'
import { expect } from 'vitest'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { withRig } from '../rig.ts'
import type { ComplianceSubject } from '../subject.ts'
import {
  leastFor,
  losesNothingSilently,
  measure,
  sizeLimits,
  writesOf,
  type Measured,
} from './limit-tools.ts'
import { fat, paddingFor, slackOf, type Padding } from './padding.ts'

/** A connector may reckon with an envelope that is so much longer than the one it needs. */
const envelopeBytes = 200
/** As much as an event may have with some room to spare, and no more than 90 kB. */
async function paddingOf(subject: ComplianceSubject): Promise<Padding> {
  let max = 32_000
  await withRig(subject, { ensures: false }, async ({ connector: { limits } }) => {
    const sizes = limits.flatMap((limit) =>
      limit.kind === 'size' && limit.of === 'itemBytes' ? [limit.max] : [],
    )
    max = Math.min(...sizes, 120_000)
  })
  return paddingFor(max * 0.75)
}

interface FatSize extends Measured {
  readonly endpoint: string
}
/** How long an event with so many fat lists is. */
async function measureFat(subject: ComplianceSubject, padding: Padding): Promise<FatSize> {
  let size: FatSize | undefined
  await withRig(subject, {}, async ({ arrive, deliver, make }) => {
    const users = ['u1', 'u2', 'u3']
    await arrive(...users)
    const events = users.map((userId) => make.event(userId, fat(padding, 0)))
    const two = writesOf(await deliver(events.slice(1)))
    const three = writesOf(await deliver(users.map((userId) => make.event(userId, fat(padding, 0)))))
    const [endpoint, { bytes, count }] = [...two][0] ?? ['', { bytes: 0, count: 0 }]
    const more = three.get(endpoint)
    if (count === 1 && more?.count === 1) size = { endpoint, ...measure(bytes, more.bytes) }
  })
  if (!size) throw new Meaningless('one request for each event')
  return size
}

export const byteLimitTests: readonly ComplianceTest[] = [
  {
    name: 'limits.bytes',
    needs: ['event', 'profile'],
    async run(subject) {
      const padding = await paddingOf(subject)
      const size = await measureFat(subject, padding)
      await withRig(subject, {}, async (rig) => {
        const { connector, arrive, make, requests } = rig
        const limit = sizeLimits(connector.limits, 'bytes').find(
          ({ endpoints }) => endpoints.includes(size.endpoint) || endpoints.includes('*'),
        )
        if (!limit) throw new Meaningless('no limit of bytes for events')
        const users = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7', 'u8']
        const known = await arrive(...users)
        const fitting = Math.floor((limit.max - size.frameBytes + 1) / (size.itemBytes + 1))
        const room = limit.max - size.frameBytes - fitting * size.itemBytes - (fitting - 1)
        if (leastFor(connector.limits, size.endpoint, fitting, size) > 1)
          throw new Meaningless('the number of items comes first')
        const delivered = [...known]
        for (const bytes of [-envelopeBytes, -1, 0, 1]) {
          const extra = room + bytes
          const perItem = slackOf(padding)
          let left = extra
          const items = Array.from({ length: fitting }, (_, index): EventItem => {
            const more = Math.min(left, perItem)
            left -= more
            return make.event(users[index % users.length] ?? 'u1', fat(padding, more))
          })
          expect(left, 'the padding fits').toBe(0)
          const from = requests.length
          const report = await rig.deliver(items)
          const calls = writesOf(report).get(size.endpoint)?.count ?? 0
          const title = `${limit.max} + ${bytes} bytes`
          if (bytes > 0) expect(calls, title).toBe(2)
          else if (bytes <= -envelopeBytes) expect(calls, title).toBe(1)
          else expect(calls, title).toBeLessThanOrEqual(2)
          for (const request of requests.slice(from)) expect(request.bytes).toBeLessThanOrEqual(limit.max)
          delivered.push(...items.map((item, index) => ({ item, result: report.results[index] as never })))
        }
        expect(rig.differences(delivered)).toEqual([])
      })
    },
  },
  {
    name: 'limits.itemBytes',
    needs: ['event', 'profile'],
    async run(subject) {
      let max = 0
      await withRig(subject, { ensures: false }, async ({ connector: { limits } }) => {
        max = Math.min(...sizeLimits(limits, 'itemBytes').map((limit) => limit.max))
      })
      const padding = paddingFor(max - 1_000)
      const size = await measureFat(subject, padding)
      await withRig(subject, {}, async (rig) => {
        const known = await rig.arrive('u1', 'u2')
        const extra = max - size.itemBytes
        expect(extra).toBeLessThanOrEqual(slackOf(padding))
        const items = [-1, 0, 1].map((more) => rig.make.event('u1', fat(padding, extra + more)))
        const delivered = await losesNothingSilently(rig, known, [
          ...items,
          rig.make.event('u1', { note: 'after' }),
        ])
        expect(delivered.map(({ result }) => result.outcome.status)).toEqual(['sent', 'sent', 'dead', 'sent'])
        const dead = delivered[2]?.result.outcome
        expect(dead?.status === 'dead' && dead.fault.code).toBe('too-large')
      })
    },
  },
]
