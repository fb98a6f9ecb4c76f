import { canonical } from './compare.ts'
import type { Anchor, Bag } from './event.ts'

/** A value that correlates: equal when type and value are. */
export type Key = string | number | boolean

/** One running wait of a `without` node. */
export interface Wait {
  readonly node: number
  readonly key: Key | null
  anchor: Anchor
  /** `Infinity` when it was cancelled and only still stands in the queue. */
  dueMs: number
  /** Where it stands in the queue; less than `dueMs` when it started anew since. */
  queuedMs: number
  queuedSequence: number
}

/** Times of matching events, with what conditions need of them: `width` values per event. */
export interface Log {
  readonly at: number[]
  readonly values: unknown[]
}

/** All that is kept of one user. Created, advanced, saved and loaded by the `Program` it belongs to. */
export interface MatcherUser {
  readonly userId: string
  /** Number of events seen. */
  sequence: number
  lastMs: number
  traits: { [name: string]: unknown } | undefined
  /** By slot of the program; a slot without state is absent. */
  readonly slots: Map<number, unknown>
  /** A heap, ordered by `before`. */
  readonly queue: Wait[]
}

export function newUser(userId: string): MatcherUser {
  return {
    userId,
    sequence: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    traits: undefined,
    slots: new Map(),
    queue: [],
  }
}

/** Later traits replace those of the same name; `null` clears. Only names that conditions ask for are kept. */
export function writeTraits(user: MatcherUser, written: Bag, names: readonly string[]): void {
  for (const name of names) {
    if (!Object.hasOwn(written, name)) continue
    user.traits ??= {}
    if (written[name] === null) delete user.traits[name]
    else user.traits[name] = written[name]
  }
}

/** The value as key; `undefined` when it is missing. Lists and objects are told apart from texts by their first character. */
export function toKey(value: unknown): Key | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.startsWith('\u0000') ? `\u0000"${value}` : value
  return value === null || value === undefined ? undefined : `\u0000${canonical(value)}`
}
