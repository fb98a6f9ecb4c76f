import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { compile, type Program } from '@tripline/triggers'
import { makeStream, readRealStream, type UserEvent } from './matcher-stream.ts'
import { nameOf, rulesByName, sixRules } from './matcher-rules.ts'

/**
 * What matching alone costs, on one thread: events that are parsed already, users in memory, nothing saved.
 * Run with `node -C development bench/src/matcher.ts [events]`.
 */
const wanted = Number(process.argv[2] ?? 2_500_000)
const rounds = 3
type User = ReturnType<Program['createUser']>

/** Feeds the stream again and again, each time to new users. Keeps the users of all copies. */
function feed(program: Program, stream: readonly UserEvent[], copies: number) {
  const ids = [...new Set(stream.map(({ userId }) => userId))]
  const numbers = new Map(ids.map((id, index) => [id, index]))
  const places = Uint32Array.from(stream, ({ userId }) => numbers.get(userId) ?? 0)
  const users: User[][] = []
  let fires = 0
  const emit = () => fires++
  const started = performance.now()
  for (let copy = 0; copy < copies; copy++) {
    const own = ids.map((id) => program.createUser(`${copy}-${id}`))
    for (const [index, { event }] of stream.entries())
      program.advance(own[places[index] ?? 0] as User, event, emit)
    users.push(own)
  }
  const perSecond = (stream.length * copies * 1_000) / (performance.now() - started)
  return { perSecond, fires, users: users.flat() }
}

/** The best of some rounds; users of earlier rounds are garbage by then. */
function best(program: Program, stream: readonly UserEvent[], events: number) {
  const copies = Math.ceil(events / stream.length)
  const results = Array.from({ length: rounds }, () => {
    const { perSecond, fires } = feed(program, stream, copies)
    return { perSecond, fires }
  })
  return {
    ...results[0],
    perSecond: Math.max(...results.map(({ perSecond }) => perSecond)),
    events: copies * stream.length,
  }
}

const collectGarbage = exposeCollection()

/** Heap that the users of ten copies hold, per user; and the median size of a saved state. */
function memory(program: Program, stream: readonly UserEvent[]) {
  const before = heapAfterCollection()
  const { users } = feed(program, stream, 10)
  const meanHeapBytes = (heapAfterCollection() - before) / users.length
  const sizes = users.map((user) => program.saveUser(user).length).toSorted((left, right) => left - right)
  return {
    meanHeapBytes,
    medianSavedBytes: sizes[sizes.length >> 1] ?? 0,
    medianHeapBytes: medianHeap(program, stream),
  }
}

/** Each user of the stream alone, 200 times over: heap per user, then the median over some users. */
function medianHeap(program: Program, stream: readonly UserEvent[]): number {
  const ids = [...new Set(stream.map(({ userId }) => userId))]
  const step = Math.max(1, Math.floor(ids.length / 41))
  const chosen = ids.filter((_, index) => index % step === 0)
  const sizes = chosen.map((id) => {
    const own = stream.filter(({ userId }) => userId === id)
    const before = heapAfterCollection()
    const { users } = feed(program, own, 200)
    return (heapAfterCollection() - before) / users.length
  })
  return sizes.toSorted((left, right) => left - right)[sizes.length >> 1] ?? 0
}

function heapAfterCollection(): number {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

function exposeCollection(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** Events of ten names in turn, a minute apart, for 500 users. */
function namedStream(): readonly UserEvent[] {
  return Array.from({ length: 50_000 }, (_, index) => {
    const [place, user] = [Math.floor(index / 500), index % 500]
    const name = nameOf((place + user) % 10)
    const event = {
      messageId: `named-${index}`,
      type: 'track',
      name,
      atMs: place * 60_000,
      properties: {},
    } as const
    return { userId: `u${user}`, event }
  })
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const streams = [['made-up shop', makeStream()] as const, ['taobao-a', readRealStream()] as const]
for (const [name, stream] of streams) {
  if (stream === undefined) {
    console.log(`${name}: skipped, data not present`)
    continue
  }
  const program = compile(sixRules)
  const { perSecond, fires, events } = best(program, stream, wanted)
  console.log(
    `${name}: six rules, ${whole(events)} events, ${whole(fires ?? 0)} fires: ${whole(perSecond)} events/s`,
  )
  const { meanHeapBytes, medianHeapBytes, medianSavedBytes } = memory(program, stream)
  console.log(
    `${name}: heap per user ${whole(medianHeapBytes)} bytes (median), ${whole(meanHeapBytes)} (mean); saved ${whole(medianSavedBytes)} characters (median)`,
  )
}
const named = namedStream()
const [ten, thousand] = [10, 1_000].map(
  (count) => best(compile(rulesByName(count)), named, wanted / 2).perSecond,
)
console.log(
  `10 triggers: ${whole(ten ?? 0)} events/s; 1,000 triggers: ${whole(thousand ?? 0)} events/s; ${((ten ?? 0) / (thousand ?? 1)).toFixed(2)} times slower`,
)
