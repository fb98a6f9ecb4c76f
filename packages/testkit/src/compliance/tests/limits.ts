import type { EventItem, Values } from '@tripline/model'
import { expect } from 'vitest'
import type { Delivered } from '../../expectations/index.ts'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { withRig, type Rig } from '../rig.ts'
import { isSaid, losesNothingSilently, sizeLimits, writesOf } from './limit-tools.ts'

const around = (max: number): readonly number[] => [max - 1, max, max + 1].filter((count) => count > 0)
const named = (count: number): Values =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p${String(index).padStart(4, '0')}`, index]),
  )

const textUnits = 200

async function checkValues(rig: Rig, of: 'valueChars' | 'valueBytes'): Promise<void> {
  const told: Delivered[] = []
  for (const [place, { max, id, over }] of sizeLimits(rig.connector.limits, of).entries()) {
    const items = [...texts(rig, max, `${place}`), ...lists(rig, max, `${place}`)]
    const delivered = await losesNothingSilently(rig, told, items)
    told.push(...delivered)
    if (over === 'truncated') expect(delivered.some(isSaid), `${id}: beyond ${max} a loss`).toBe(true)
  }
}

export const limitTests: readonly ComplianceTest[] = [
  {
    name: 'limits.keys',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async (rig) => {
        const { make, connector } = rig
        const known = await rig.arrive('u1')
        const counts = [
          ...new Set(sizeLimits(connector.limits, 'keys').flatMap(({ max }) => [...around(max), max + 20])),
        ]
        const items = counts.flatMap((count) => [
          make.event('u1', named(count)),
          make.event('u1', { nested: named(count) }),
        ])
        const delivered = await losesNothingSilently(rig, known, items)
        for (const { max } of sizeLimits(connector.limits, 'keys')) {
          const beyond = delivered.filter(
            ({ item }) => item.kind === 'event' && countOf(item.event.properties) > max,
          )
          expect(beyond.some(isSaid), `more than ${max} properties`).toBe(true)
        }
      }),
  },
  {
    name: 'limits.nameChars',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async (rig) => {
        const { make, connector } = rig
        const known = await rig.arrive('u1')
        const items = sizeLimits(connector.limits, 'nameChars').flatMap(({ max }) =>
          around(max).flatMap((length) => [
            make.event('u1', {}, { event: { type: 'track', event: 'N'.repeat(length), properties: {} } }),
            make.event('u1', { ['n'.repeat(length)]: 1 }),
          ]),
        )
        const delivered = await losesNothingSilently(rig, known, items)
        for (const { result } of delivered)
          expect(result.losses.filter(({ kind }) => kind === 'truncated')).toEqual([])
        expect(delivered.some(isSaid)).toBe(true)
      }),
  },
  ...(['valueChars', 'valueBytes'] as const).map((of): ComplianceTest => ({
    name: `limits.${of}`,
    needs: ['event', 'profile'],
    run: (subject) => withRig(subject, {}, (rig) => checkValues(rig, of)),
  })),
  {
    name: 'limits.idBytes',
    needs: ['profile'],
    run: (subject) =>
      withRig(subject, {}, async (rig) => {
        const { make, connector } = rig
        const maxima = sizeLimits(connector.limits, 'idBytes').map(({ max }) => max)
        const lengths = [
          ...new Set(maxima.flatMap((max) => around(max).flatMap((each) => [each, Math.floor(each / 2)]))),
        ]
        const items = lengths.flatMap((length) => [
          make.profile('i'.repeat(length), { plan: 'pro' }),
          make.profile(`${'ä'.repeat(Math.floor(length / 2))}${length % 2 === 1 ? 'x' : ''}`, {
            plan: 'free',
          }),
        ])
        const delivered = await losesNothingSilently(rig, [], items)
        for (const { result } of delivered) expect(result.losses).toEqual([])
        for (const { result } of delivered)
          if (result.outcome.status === 'dead')
            expect(['too-large', 'invalid']).toContain(result.outcome.fault.code)
      }),
  },
  {
    name: 'limits.depth',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async (rig) => {
        const known = await rig.arrive('u1')
        const items = sizeLimits(rig.connector.limits, 'depth').flatMap(({ max }) =>
          [...around(max), max + 2].map((depth) => rig.make.event('u1', nested(depth))),
        )
        const delivered = await losesNothingSilently(rig, known, items)
        expect(delivered.some(isSaid)).toBe(true)
      }),
  },
  {
    name: 'limits.names',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async (rig) => {
        const { make, connector } = rig
        const known = await rig.arrive('u1')
        const probe = writesOf(await rig.deliver([make.event('u1')], { dryRun: true }))
        const limit = sizeLimits(connector.limits, 'names').find(
          ({ endpoints, max }) => max <= 500 && endpoints.some((endpoint) => probe.has(endpoint)),
        )
        if (!limit) throw new Meaningless('no limit of event names')
        const items = Array.from({ length: limit.max + 2 }, (_, index) =>
          make.event('u1', {}, { event: { type: 'track', event: `Name ${index}`, properties: {} } }),
        )
        const delivered = await losesNothingSilently(rig, known, items)
        expect(delivered.filter(isSaid).length).toBeGreaterThan(0)
        expect(delivered.filter(({ result }) => result.outcome.status === 'sent').length).toBeGreaterThan(
          limit.max - 20,
        )
      }),
  },
]

const countOf = (properties: Values): number => {
  const { nested: inner } = properties
  return typeof inner === 'object' && inner !== null
    ? Object.keys(inner).length
    : Object.keys(properties).length
}
const nested = (depth: number): Values =>
  depth <= 1 ? { leaf: 1 } : { [`level${depth}`]: nested(depth - 1) }

/** Texts at the limit, in one-, two- and four-byte characters, on a profile and on an event. */
function texts(
  { make }: Rig,
  max: number,
  person: string,
): (EventItem | ReturnType<Rig['make']['profile']>)[] {
  const variants = around(max).flatMap((length) => [
    'x'.repeat(length),
    `${'x'.repeat(length - 1)}🧀`,
    'ä'.repeat(Math.ceil(length / 2)),
  ])
  return variants.flatMap((note, index) => [
    make.profile(`p${person}-${index}`, { note }),
    make.event(`p${person}-${index}`, { note }),
  ])
}

/** Lists whose JSON is just as long as the limit. */
function lists({ make }: Rig, max: number, person: string): EventItem[] {
  return around(max).flatMap((bytes, index) => {
    const whole = Math.floor((bytes - 2) / (textUnits + 3))
    const last = bytes - 2 - whole * (textUnits + 3) - 2
    if (whole === 0 || last < 0 || bytes > 300_000) return []
    const list = [...Array.from({ length: whole }, () => 'x'.repeat(textUnits)), 'x'.repeat(last)]
    return [make.event(`p${person}-${index}`, { list })]
  })
}
