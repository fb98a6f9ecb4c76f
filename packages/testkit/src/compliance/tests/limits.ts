import type { EventItem, Host, Values } from '@tripline/model'
import { expect } from 'vitest'
import type { Delivered } from '../../expectations/index.ts'
import { Meaningless, type ComplianceTest } from '../compliance-test.ts'
import { withRig, type Rig } from '../rig.ts'
import type { ComplianceSubject } from '../subject.ts'
import {
  isSaid,
  leastFor,
  losesNothingSilently,
  measure,
  sizeLimits,
  writesOf,
  type Measured,
} from './limit-tools.ts'

const around = (max: number): readonly number[] => [max - 1, max, max + 1].filter((count) => count > 0)
const named = (count: number): Values =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p${String(index).padStart(4, '0')}`, index]),
  )

/** A connector may reckon with an envelope that is so much longer than the one it needs. */
const envelopeBytes = 200
const textsPerList = 30
const textUnits = 200
const slackUnits = 50
/** Lists of texts, with `extra` more characters spread over them: everything ASCII, so characters are bytes. */
function fat(lists: number, extra: number): Values {
  let left = extra
  const text = (): string => {
    const more = Math.min(left, slackUnits)
    left -= more
    return 'x'.repeat(textUnits + more)
  }
  const entries = Array.from({ length: lists }, (_, index): [string, string[]] => [
    `fat${String(index).padStart(3, '0')}`,
    Array.from({ length: textsPerList }, text),
  ])
  return Object.fromEntries(entries)
}
const bytesPerList = textsPerList * (textUnits + 3) + 12

/** As many lists as an event may have with some room to spare, and no more than 85 kB of them. */
async function listsOf(subject: ComplianceSubject): Promise<number> {
  let max = 32_000
  await withRig(subject, { ensures: false }, async ({ connector: { limits } }) => {
    const sizes = limits.flatMap((limit) =>
      limit.kind === 'size' && limit.of === 'itemBytes' ? [limit.max] : [],
    )
    max = Math.min(...sizes, 120_000)
  })
  return Math.max(1, Math.floor((max * 0.75) / bytesPerList))
}

interface FatSize extends Measured {
  readonly endpoint: string
}
/** How long an event with so many fat lists is. */
async function measureFat(subject: ComplianceSubject, lists: number): Promise<FatSize> {
  let size: FatSize | undefined
  await withRig(subject, {}, async ({ arrive, deliver, make }) => {
    await arrive('u1', 'u2')
    const one = writesOf(await deliver([make.event('u1', fat(lists, 0))]))
    const two = writesOf(await deliver(['u1', 'u2'].map((userId) => make.event(userId, fat(lists, 0)))))
    const [endpoint, { bytes }] = [...one][0] ?? ['', { bytes: 0 }]
    const both = two.get(endpoint)
    if (both?.count === 1) size = { endpoint, ...measure(bytes, both.bytes) }
  })
  if (!size) throw new Meaningless('one request for each event')
  return size
}

export const limitTests: readonly ComplianceTest[] = [
  {
    name: 'limits.bytes',
    needs: ['event', 'profile'],
    async run(subject) {
      const lists = await listsOf(subject)
      const size = await measureFat(subject, lists)
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
          const perItem = lists * textsPerList * slackUnits
          let left = extra
          const items = Array.from({ length: fitting }, (_, index): EventItem => {
            const more = Math.min(left, perItem)
            left -= more
            return make.event(users[index % users.length] ?? 'u1', fat(lists, more))
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
      const lists = Math.floor((max - 1_000) / bytesPerList)
      if (lists < 1) throw new Meaningless('too small for the padding')
      const size = await measureFat(subject, lists)
      await withRig(subject, {}, async (rig) => {
        const known = await rig.arrive('u1', 'u2')
        const extra = max - size.itemBytes
        expect(extra).toBeLessThanOrEqual(lists * textsPerList * slackUnits)
        const items = [-1, 0, 1].map((more) => rig.make.event('u1', fat(lists, extra + more)))
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
    run: (subject) =>
      withRig(subject, {}, async (rig) => {
        const limits = sizeLimits(rig.connector.limits, of)
        const told: Delivered[] = []
        for (const [place, { max, id, over }] of limits.entries()) {
          const items = [...texts(rig, max, `${place}`), ...lists(rig, max, `${place}`)]
          const delivered = await losesNothingSilently(rig, told, items)
          told.push(...delivered)
          if (over === 'truncated') expect(delivered.some(isSaid), `${id}: beyond ${max} a loss`).toBe(true)
        }
      }),
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
