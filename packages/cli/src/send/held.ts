import type { Item, ItemResult } from '@tripline/model'
import { idsOf } from './lanes.ts'
import type { Message } from './read-message.ts'

/** One item on its way to one vendor. */
export interface Entry {
  readonly message: Message
  readonly item: Item
}
export interface HeldEntry {
  readonly entry: Entry
  /** Its last result; undefined when it only waits behind another one of its lane. */
  readonly result: ItemResult | undefined
}
/** Items that wait for another try, and whose order everything later of their lanes must keep. */
export interface Held {
  readonly size: number
  /** When the vendor wants to hear of the first of them again, in ms since 1970; 0 when it did not say. */
  readonly notBeforeMs: number
  add(entry: Entry, result: ItemResult | undefined): void
  /** Holds the item's lane without keeping the item. */
  block(item: Item): void
  /** An earlier item of the same person waits. */
  holds(item: Item): boolean
  /** In the order they came; nothing is held after it. */
  takeAll(): readonly HeldEntry[]
}

export function createHeld(): Held {
  let entries: HeldEntry[] = []
  const ids = new Set<string>()
  let notBeforeMs = 0
  return {
    get size() {
      return entries.length
    },
    get notBeforeMs() {
      return notBeforeMs
    },
    add(entry, result) {
      entries.push({ entry, result })
      for (const id of idsOf(entry.item)) ids.add(id)
      const outcome = result?.outcome
      if (outcome?.status === 'retry' && outcome.notBefore !== undefined)
        notBeforeMs = Math.max(notBeforeMs, Date.parse(outcome.notBefore))
    },
    block(item) {
      for (const id of idsOf(item)) ids.add(id)
    },
    holds: (item) => ids.size > 0 && idsOf(item).some((id) => ids.has(id)),
    takeAll() {
      const taken = entries
      entries = []
      ids.clear()
      notBeforeMs = 0
      return taken
    },
  }
}
