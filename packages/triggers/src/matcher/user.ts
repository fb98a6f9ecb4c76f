/** State of nodes: of a user, or of a run that waits for something (`Scope`). */
export interface NodeState {
  /** By slot of the program: a list, or a map where most of many would be empty. See `readSlot`. */
  readonly slots: unknown[] | Map<number, unknown>
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

/** Beyond so many slots a user has a map of those that are used. */
const fewSlots = 64

/** Empty slots, to be copied: a list made so is exactly as long as needed. `undefined`: a map is used. */
export type NoSlots = readonly unknown[] | undefined

export function noSlots(count: number): NoSlots {
  return count > fewSlots ? undefined : Array.from({ length: count }, () => undefined)
}

export function newSlots(none: NoSlots): NodeState['slots'] {
  return none === undefined ? new Map() : none.slice()
}

/** What a node keeps; `undefined` when it has nothing to say. */
export function readSlot({ slots }: NodeState, slot: number): unknown {
  return Array.isArray(slots) ? slots[slot] : slots.get(slot)
}

export function writeSlot({ slots }: NodeState, slot: number, state: unknown): void {
  if (Array.isArray(slots)) slots[slot] = state
  else if (state === undefined) slots.delete(slot)
  else slots.set(slot, state)
}

export function newUser(userId: string, none: NoSlots): MatcherUser {
  return {
    userId,
    sequence: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    traits: undefined,
    exists: false,
    slots: newSlots(none),
    queue: noQueue,
  }
}
