/** State of nodes: of a user, or of a run that waits for something (`Scope`). */
export interface NodeState {
  /** By slot of the program; absent where there is nothing to say. */
  readonly slots: unknown[]
  /** What is due when: a heap of pairs (ms, node), see `queue.ts`. */
  queue: number[]
}

/** All that the matcher keeps of one user. Created, advanced, saved and loaded by the `Core` it belongs to. */
export interface MatcherUser extends NodeState {
  readonly userId: string
  /** Number of events seen. */
  sequence: number
  /** Up to where the user is read. */
  lastMs: number
  /** Only those that the definitions ask for; `undefined` before the first write. Never changed in place. */
  traits: Traits | undefined
  /** There was an event or a profile write. */
  exists: boolean
}
export interface Traits {
  readonly [name: string]: unknown
}

/** Shared by all who wait for nothing; it is replaced, and never added to. */
export const noQueue: number[] = []

/** Beyond so many slots a list has only those that are used. */
const fewSlots = 64

/** A list of the slots of a program: short ones are exactly as long as needed. */
export function newSlots(count: number): unknown[] {
  return count > fewSlots ? [] : Array.from<unknown>({ length: count }).fill(undefined)
}

export function newUser(userId: string, slotCount: number): MatcherUser {
  return {
    userId,
    sequence: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    traits: undefined,
    exists: false,
    slots: newSlots(slotCount),
    queue: noQueue,
  }
}
