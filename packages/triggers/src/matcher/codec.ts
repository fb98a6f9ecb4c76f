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

/** Slots that hold something, as pairs (slot, state). */
export function saveSlots(slots: readonly unknown[], codecs: readonly Codec[]): readonly unknown[] {
  const saved: unknown[] = []
  for (const [slot, codec] of codecs.entries()) {
    const state = slots[slot]
    const text = state === undefined ? undefined : codec.save(state)
    if (text !== undefined) saved.push(slot, text)
  }
  return saved
}

export function loadSlots(slots: unknown[], saved: readonly unknown[], codecs: readonly Codec[]): void {
  for (let place = 0; place < saved.length; place += 2) {
    const slot = saved[place] as number
    slots[slot] = codecs[slot]?.load(saved[place + 1])
  }
}
