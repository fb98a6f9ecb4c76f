import type { Item, ItemResult, Report } from '@tripline/model'
import { laneHeld } from './deliver/progress.ts'

/** An item that did not arrive, with what became of it. */
export interface Undelivered {
  /** With the writes that were acknowledged as `done`: deliver it as it is. */
  readonly item: Item
  readonly result: ItemResult
}

/** The list of what did not arrive, and the lanes that wait behind it. */
export interface UndeliveredList {
  keep(items: readonly Item[], report: Report): void
  /** True when an earlier item of its lane came back: it is put aside, too. */
  holdBack(item: Item): boolean
  /** Takes out what may be tried again, oldest first. */
  takeRetries(): readonly Item[]
  takeAll(): readonly Undelivered[]
}

export function createUndelivered(): UndeliveredList {
  let list: Undelivered[] = []
  let lanes = new Set<string>()
  const add = (item: Item, result: ItemResult): void => {
    list.push({ item: { ...item, done: result.done }, result })
    if (result.outcome.status === 'retry') lanes.add(item.lane)
  }
  return {
    keep(items, report) {
      report.results.forEach((result, index) => {
        const item = items[index]
        const { status } = result.outcome
        if (item && (status === 'retry' || status === 'unknown' || status === 'dead')) add(item, result)
      })
    },
    holdBack(item) {
      if (!lanes.has(item.lane)) return false
      const outcome = { status: 'retry', fault: laneHeld } as const
      add(item, { key: item.key, outcome, losses: [], done: item.done ?? [] })
      return true
    },
    takeRetries() {
      const retries = list.filter(({ result }) => result.outcome.status === 'retry')
      list = list.filter(({ result }) => result.outcome.status !== 'retry')
      lanes = new Set()
      return retries.map(({ item }) => item)
    },
    takeAll() {
      const taken = list
      list = []
      lanes = new Set()
      return taken
    },
  }
}
