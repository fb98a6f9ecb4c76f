import { readSlot, writeSlot, type NodeState } from './user.ts'

/** How the state at one slot is saved: as plain JSON, `undefined` when there is nothing to keep. */
export interface Codec {
  readonly save: (state: unknown) => unknown
  readonly load: (saved: unknown) => unknown
}

/** For state that is plain JSON; lists are copied. */
export const plain: Codec = {
  save: (state) => (Array.isArray(state) ? (state as unknown[]).slice() : state),
  load: (saved) => (Array.isArray(saved) ? (saved as unknown[]).slice() : saved),
}

/** Slots that hold something, as pairs (slot, state) in order. */
export function saveSlots(state: NodeState, codecs: readonly Codec[]): readonly unknown[] {
  const { slots } = state
  const used = Array.isArray(slots)
    ? codecs.keys()
    : [...slots.keys()].toSorted((left, right) => left - right)
  const saved: unknown[] = []
  for (const slot of used) {
    const kept = readSlot(state, slot)
    const plainState = kept === undefined ? undefined : codecs[slot]?.save(kept)
    if (plainState !== undefined) saved.push(slot, plainState)
  }
  return saved
}

export function loadSlots(state: NodeState, saved: readonly unknown[], codecs: readonly Codec[]): void {
  for (let place = 0; place < saved.length; place += 2) {
    const slot = saved[place] as number
    writeSlot(state, slot, codecs[slot]?.load(saved[place + 1]))
  }
}
