import type { Limit } from '@tripline/model'
import { expect } from 'vitest'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { withRig, type Rig } from '../rig.ts'
import type { ComplianceSubject } from '../subject.ts'
import {
  leastFor,
  measure,
  people,
  samplers,
  sizeLimits,
  writesOf,
  type Measured,
  type Sampler,
} from './limit-tools.ts'

const most = 2_600
const limitsItems = (limit: Limit, endpoint: string): boolean =>
  limit.kind === 'size' && limit.of === 'items' && limit.max > 1 && limit.endpoints.includes(endpoint)

/** Per kind and endpoint: how long an item is in a request. Only endpoints that take several items. */
async function batched(
  subject: ComplianceSubject,
  kind: Sampler['kind'],
): Promise<ReadonlyMap<string, Measured>> {
  let takesSeveral: (endpoint: string) => boolean = () => false
  const seen: ReadonlyMap<string, { readonly count: number; readonly bytes: number }>[] = []
  // A single item may go by a call of its own.
  for (const count of [2, 3])
    await withRig(subject, {}, async (rig) => {
      await rig.arrive(...people(count))
      const sampler = (await samplers(subject, rig)).find((each) => each.kind === kind)
      if (!sampler) return
      takesSeveral = (endpoint) => rig.connector.limits.some((limit) => limitsItems(limit, endpoint))
      const items = Array.from({ length: count }, (_, index) => sampler.make(index))
      seen.push(writesOf(await rig.deliver(items)))
    })
  const [two, three] = seen
  const alone = [...(two ?? [])].find(([endpoint, { count }]) => count > 1 && takesSeveral(endpoint))
  expect(alone?.[0], 'an endpoint that takes several items gets them in one request').toBeUndefined()
  return new Map(
    [...(two ?? [])].flatMap(([endpoint, { bytes, count }]): [string, Measured][] => {
      const more = three?.get(endpoint)
      return count === 1 && more?.count === 1 ? [[endpoint, measure(bytes, more.bytes)]] : []
    }),
  )
}

async function checkCount(
  subject: ComplianceSubject,
  kind: Sampler['kind'],
  count: number,
  measured: ReadonlyMap<string, Measured>,
): Promise<void> {
  await withRig(subject, {}, async (rig: Rig) => {
    const known = await rig.arrive(...people(count))
    const sampler = (await samplers(subject, rig)).find((each) => each.kind === kind)
    if (!sampler) return
    const items = Array.from({ length: count }, (_, index) => sampler.make(index))
    const report = await rig.deliver(items)
    const { limits } = rig.connector
    let least = 0
    for (const [endpoint, size] of measured) least += leastFor(limits, endpoint, count, size)
    const calls = [...writesOf(report).values()].reduce((sum, call) => sum + call.count, 0)
    expect(calls, `requests for ${count} items of kind ${kind}`).toBe(least)
    const delivered = items.map((item, index) => ({ item, result: report.results[index] as never }))
    expect(rig.differences([...known, ...delivered])).toEqual([])
  })
}

export const packingTests: readonly ComplianceTest[] = (
  ['event', 'profile', 'link', 'group', 'membership', 'consent'] as const
).map((kind): ComplianceTest => ({
  name: `limits.items.${kind}`,
  needs: ['profile', kind],
  async run(subject) {
    const measured = await batched(subject, kind)
    if (measured.size === 0) throw new Meaningless('one request for each item')
    const counts = new Set<number>()
    await withRig(subject, { ensures: false }, async ({ connector: { limits } }) => {
      for (const endpoint of measured.keys())
        for (const limit of sizeLimits(limits, 'items'))
          if (
            limit.max > 1 &&
            limit.max < most &&
            (limit.endpoints.includes(endpoint) || limit.endpoints.includes('*'))
          )
            for (const count of [limit.max - 1, limit.max, limit.max + 1]) counts.add(count)
    })
    if (counts.size === 0) throw new Meaningless(`no limit of items below ${most}`)
    for (const count of counts) await checkCount(subject, kind, count, measured)
  },
}))
