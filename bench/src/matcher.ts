import { compile } from '@tripline/triggers'
import { heapPerUser, savedPerUser } from './matcher-memory.ts'
import { profileOf } from './matcher-profile.ts'
import { nameOf, rulesByName, sixRules } from './matcher-rules.ts'
import { best, feed, parse } from './matcher-speed.ts'
import { makeStream, readRealStream, type UserEvent } from './matcher-stream.ts'

/**
 * What matching alone costs, on one thread: events that are parsed already, users in memory, nothing saved. Beside it
 * stands `JSON.parse` of the same events as lines, in the same process: a measure that a busy machine slows as much.
 * Run with `node -C development bench/src/matcher.ts [events]`.
 */
const wanted = Number(process.argv[2] ?? 2_500_000)

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

async function measureRules(name: string, stream: readonly UserEvent[]): Promise<void> {
  const program = compile(sixRules)
  const parsed = parse(stream, wanted)
  const { perSecond, fires, events } = best(program, stream, wanted)
  const ratio = parsed.perSecond / perSecond
  console.log(`${name}: six rules over ${whole(events)} events, ${whole(fires)} fires
  matching     ${whole(perSecond)} events/s
  JSON.parse   ${whole(parsed.perSecond)} events/s of the same lines; matching takes ${ratio.toFixed(2)} times as long
  live heap    ${whole(heapPerUser(program, stream))} bytes per user (median), texts of ids with it
  saved        ${whole(savedPerUser(program, stream))} characters per user (median)`)
  const shares = await profileOf(() => void feed(program, stream, Math.ceil(1_000_000 / stream.length)))
  console.log('  where the time goes:')
  for (const { place, share } of shares) console.log(`  ${(share * 100).toFixed(1).padStart(10)}%  ${place}`)
}

for (const [name, stream] of [
  ['made-up shop', makeStream()] as const,
  ['taobao-a', readRealStream()] as const,
]) {
  if (stream === undefined) console.log(`${name}: skipped, data not present`)
  else await measureRules(name, stream)
}

const named = namedStream()
const counts = [10, 1_000]
const speeds = counts.map((count) => best(compile(rulesByName(count)), named, wanted / 2).perSecond)
const [ten = 0, thousand = 1] = speeds
console.log(
  `10 triggers: ${whole(ten)} events/s; 1,000 triggers: ${whole(thousand)} events/s; ${(ten / thousand).toFixed(2)} times slower`,
)
