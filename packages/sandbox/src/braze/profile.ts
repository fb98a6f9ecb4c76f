import { createHash } from 'node:crypto'
import type { Json } from './json.ts'

/** First, last (ms since 1970) and number of one event or purchase. */
export interface Tally {
  first: number
  last: number
  count: number
}
export interface Received {
  readonly name: string
  readonly lastReceived: number
}
/** A user inside the simulator: Maps, so that names like `__proto__` are names. */
export interface Profile {
  readonly brazeId: string
  externalId: string | undefined
  readonly deprecatedIds: Set<string>
  /** alias_label to alias_name: one name per label. */
  readonly aliases: Map<string, string>
  readonly createdAt: number
  updatedAt: number
  /** Grows with every write in the workspace: breaks ties of "most recently updated". */
  updates: number
  readonly randomBucket: number
  readonly standard: Map<string, Json>
  readonly custom: Map<string, Json>
  readonly events: Map<string, Tally>
  readonly purchases: Map<string, Tally>
  revenue: number
  readonly groups: Map<string, 'Subscribed' | 'Unsubscribed'>
  readonly campaigns: Map<string, Received>
  readonly canvases: Map<string, Received>
  removed: boolean
}

export function newProfile(brazeId: string, now: number): Profile {
  return {
    brazeId,
    externalId: undefined,
    deprecatedIds: new Set(),
    aliases: new Map(),
    createdAt: now,
    updatedAt: now,
    updates: 0,
    // 0 to 9999 as in the dashboard; the same user always falls into the same bucket.
    randomBucket: createHash('sha256').update(brazeId).digest().readUInt32BE(0) % 10_000,
    standard: new Map(),
    custom: new Map(),
    events: new Map(),
    purchases: new Map(),
    revenue: 0,
    groups: new Map(),
    campaigns: new Map(),
    canvases: new Map(),
    removed: false,
  }
}

export function count(tallies: Map<string, Tally>, name: string, at: number, times = 1): void {
  const tally = tallies.get(name)
  if (!tally) tallies.set(name, { first: at, last: at, count: times })
  else {
    tally.first = Math.min(tally.first, at)
    tally.last = Math.max(tally.last, at)
    tally.count += times
  }
}
