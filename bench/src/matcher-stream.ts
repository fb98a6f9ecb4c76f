import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { MatcherEvent } from '@tripline/triggers'

export interface UserEvent {
  readonly userId: string
  readonly event: MatcherEvent
}

/** A real stream beside the repository; not every checkout has it. */
const realStream = join(import.meta.dirname, '../../../shared/data/taobao-a/events.ndjson.gz')

interface Line {
  readonly messageId: string
  readonly userId: string
  readonly event: string
  readonly properties: MatcherEvent['properties']
  readonly timestamp: string
}

/** The events of the real stream in order of time, or `undefined` when it is not there. */
export function readRealStream(): readonly UserEvent[] | undefined {
  if (!existsSync(realStream)) return undefined
  const lines = gunzipSync(readFileSync(realStream)).toString().trimEnd().split('\n')
  return lines.map((line): UserEvent => {
    const { messageId, userId, event, properties, timestamp } = JSON.parse(line) as Line
    return {
      userId,
      event: { messageId, type: 'track', name: event, atMs: Date.parse(timestamp), properties },
    }
  })
}

const hourMs = 3_600_000
/** Shares of a shop's events: mostly views, few orders. */
const names = [
  ['Product Viewed', 0.9],
  ['Product Added', 0.95],
  ['Product Added to Wishlist', 0.98],
  ['Order Completed', 1],
] as const

/** A made-up shop, the same at every call: 500 users, 50,000 events over nine days, in visits of some minutes. */
export function makeStream(users = 500, events = 50_000): readonly UserEvent[] {
  const chance = makeChance(42)
  const made: UserEvent[] = []
  for (let user = 0; user < users; user++) {
    let atMs = Math.floor(chance() * 24 * hourMs)
    for (let place = 0; place < events / users; place++) {
      const isPause = chance() < 0.08
      atMs += Math.floor(chance() * (isPause ? 36 * hourMs : 120_000) + 1)
      const draw = chance()
      const name = names.find(([, below]) => draw < below)?.[0] ?? 'Order Completed'
      const product = String(Math.floor(chance() ** 2 * 40) + user)
      const properties = { product_id: product, category: String(user % 10) }
      const event = { messageId: `made-${user}-${place}`, type: 'track', name, atMs, properties } as const
      made.push({ userId: `u${user}`, event })
    }
  }
  return made.toSorted((left, right) => left.event.atMs - right.event.atMs)
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function makeChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
