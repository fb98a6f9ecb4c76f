import type { Vendor } from '../config/vendors.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Place } from './read-message.ts'

/** Which lines still have items under way to which vendor; a line without any is settled in the checkpoint. */
export interface OpenLines {
  /** The message gave the vendor this many items; 0 settles it at once. */
  open(place: Place, vendor: Vendor, items: number): void
  /** One of them is settled. */
  close(place: Place, vendor: Vendor): void
}

export function createOpenLines(checkpoint: Checkpoint): OpenLines {
  const left = new Map<string, number>()
  const settle = ({ source, line }: Place, vendor: Vendor): void => checkpoint.settle(source, line, vendor)
  return {
    open(place, vendor, items) {
      if (items === 0) settle(place, vendor)
      else if (items > 1) left.set(keyOf(place, vendor), items)
    },
    close(place, vendor) {
      const key = keyOf(place, vendor)
      const items = (left.get(key) ?? 1) - 1
      if (items > 0) left.set(key, items)
      else {
        left.delete(key)
        settle(place, vendor)
      }
    },
  }
}

const keyOf = ({ source, line }: Place, vendor: Vendor): string => `${vendor} ${source} ${line}`
