/** State of nodes: of a user, or of a run that waits for something (`Scope`). */
export interface NodeState {
  /** By slot of the program: a list, or a map where most of many would be empty. See `readSlot`. */
  readonly slots: unknown[] | undefined
  readonly slotMap: Map<number, unknown> | undefined
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

/** Room for the slots of a program: a short list is exactly as long as needed. */
export function newSlots(count: number): Pick<NodeState, 'slots' | 'slotMap'> {
  return count > fewSlots
    ? { slots: undefined, slotMap: new Map() }
    : { slots: new Array<unknown>(count).fill(undefined), slotMap: undefined }
}

/** What a node keeps; `undefined` when it has nothing to say. */
export function readSlot({ slots, slotMap }: NodeState, slot: number): unknown {
  return slots === undefined ? slotMap?.get(slot) : slots[slot]
}

export function writeSlot({ slots, slotMap }: NodeState, slot: number, state: unknown): void {
  if (slots !== undefined) slots[slot] = state
  else if (state === undefined) slotMap?.delete(slot)
  else slotMap?.set(slot, state)
}

export function newUser(userId: string, slotCount: number): MatcherUser {
  return {
    userId,
    sequence: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    traits: undefined,
    exists: false,
    ...newSlots(slotCount),
    queue: noQueue,
  }
}
