import type { Capabilities, Item, Limit, Report, SizeLimit } from '@tripline/model'
import { expect } from 'vitest'
import type { Delivered } from '../../expectations/index.ts'
import { leastCalls, roomOf } from '../../least-calls.ts'
import { Meaningless } from '../compliance-test.ts'
import type { Rig } from '../rig.ts'
import type { ComplianceSubject } from '../subject.ts'

/** Limits on the size of something, with the vendor's number. */
export function sizeLimits(limits: readonly Limit[], of: SizeLimit['of']): readonly SizeLimit[] {
  const found = limits.filter((limit): limit is SizeLimit => limit.kind === 'size' && limit.of === of)
  if (found.length === 0) throw new Meaningless(`no limit of ${of}`)
  return found
}

type Kind = Item['kind']
/** Makes one item of a kind about a person of its own; all of a kind are equally long. */
export interface Sampler {
  readonly kind: Kind
  make(index: number): Item
}
/** One for each kind that this vendor takes. */
export async function samplers(subject: ComplianceSubject, rig: Rig): Promise<readonly Sampler[]> {
  const { capabilities, segments } = rig.connector
  const { make } = rig
  const user = (index: number): string => `u${String(index).padStart(5, '0')}`
  const list: Sampler[] = [
    { kind: 'event', make: (index) => make.event(user(index), { note: 'x' }) },
    { kind: 'profile', make: (index) => make.profile(user(index), { plan: 'pro' }) },
    { kind: 'link', make: (index) => make.link(`a${user(index)}`, user(index)) },
    {
      kind: 'group',
      make: (index) => ({
        ...make.group(
          subject.samples.groupType ?? 'company',
          `g${user(index)}`,
          { region: 'x' },
          user(index),
        ),
      }),
    },
  ]
  if (isSupported(capabilities, 'membership') && isSupported(capabilities, 'segments.ensure')) {
    const { segment } = await segments.ensure('Limits')
    rig.wait()
    list.push({ kind: 'membership', make: (index) => make.membership(user(index), segment, true) })
  }
  const { consent } = subject.samples
  if (consent)
    list.push({
      kind: 'consent',
      make: (index) =>
        make.consent({ userId: user(index), email: `${user(index)}@example.com` }, consent, 'denied'),
    })
  return list.filter(({ kind }) => isSupported(capabilities, kind))
}
const isSupported = (capabilities: Capabilities, ability: keyof Capabilities): boolean =>
  capabilities[ability].support !== 'unsupported'
/** People that samples are about, so that the vendor knows them. */
export const people = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `u${String(index).padStart(5, '0')}`)

export const writesOf = (
  report: Report,
): ReadonlyMap<string, { readonly count: number; readonly bytes: number }> =>
  new Map(report.calls.filter(({ purpose }) => purpose === 'write').map((call) => [call.endpoint, call]))

/** Bytes of one item in a request and of what is around them, measured from requests with two and three of them. */
export interface Measured {
  readonly itemBytes: number
  readonly frameBytes: number
}
export function measure(two: number, three: number): Measured {
  const itemBytes = three - two - 1
  return { itemBytes, frameBytes: two - 2 * itemBytes - 1 }
}

/** The requests that so many equal items, each in a lane of its own, need at least. */
export function leastFor(
  limits: readonly Limit[],
  endpoint: string,
  count: number,
  measured: Measured,
): number {
  const room = roomOf(limits, endpoint, measured.frameBytes)
  const items = Array.from({ length: count }, (_, index) => ({
    lane: String(index),
    writes: [{ endpoint, bytes: measured.itemBytes }],
  }))
  return leastCalls(items, () => room).get(endpoint) ?? 0
}
/** Nothing is lost without a word, whatever became of the items. */
export async function losesNothingSilently(
  rig: Rig,
  known: readonly Delivered[],
  items: readonly Item[],
): Promise<readonly Delivered[]> {
  const delivered = await rig.settleAll(items)
  for (const { result } of delivered) expect(['sent', 'dead', 'skipped']).toContain(result.outcome.status)
  expect(rig.differences([...known, ...delivered])).toEqual([])
  return delivered
}
/** Something was said about it: a loss, or that it cannot be sent. */
export const isSaid = ({ result: { outcome, losses } }: Delivered): boolean =>
  outcome.status === 'dead' || losses.some(({ path }) => path !== 'at')
