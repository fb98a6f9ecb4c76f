/** State of nodes: of a user, or of a run that waits for something (`Scope`). */
export interface NodeState {
  /** By slot of the program: a list, or a map where most of many would be empty. See `readSlot`. */
  readonly slots: unknown[] | Map<number, unknown>
  /** What is due when: a heap of pairs (ms, node); `undefined` where nodes are so few that all are asked. See `queue.ts`. */
  queue: number[] | undefined
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

/** Beyond so many slots a user has a map of those that are used. */
const fewSlots = 64

/** The state of nodes that have nothing to say, to be made anew for each user or run. */
export interface EmptyState {
  /** To be copied: a list made so is exactly as long as needed. `undefined`: a map is used. */
  readonly slots: readonly unknown[] | undefined
  readonly hasQueue: boolean
}

export function emptyState(slotCount: number, hasQueue: boolean): EmptyState {
  const slots = slotCount > fewSlots ? undefined : Array.from({ length: slotCount }, () => undefined)
  return { slots, hasQueue }
}

export function newState({ slots, hasQueue }: EmptyState): NodeState {
  return { slots: slots === undefined ? new Map() : slots.slice(), queue: hasQueue ? noQueue : undefined }
}

/** Shared by all who wait for nothing; it is replaced, and never added to. */
const noQueue: number[] = []

/** What a node keeps; `undefined` when it has nothing to say. */
export function readSlot({ slots }: NodeState, slot: number): unknown {
  return Array.isArray(slots) ? slots[slot] : slots.get(slot)
}

export function writeSlot({ slots }: NodeState, slot: number, state: unknown): void {
  if (Array.isArray(slots)) slots[slot] = state
  else if (state === undefined) slots.delete(slot)
  else slots.set(slot, state)
}

export function newUser(userId: string, empty: EmptyState): MatcherUser {
  const { slots, queue } = newState(empty)
  return {
    userId,
    sequence: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    traits: undefined,
    exists: false,
    slots,
    queue,
  }
}
