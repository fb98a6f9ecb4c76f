interface Work {
  readonly dueAt: number
  readonly order: number
  readonly run: (at: number) => void
}

/** What Braze has accepted and not yet done. Work of one delay keeps its order; adding and settling cost the same at any length. */
export interface WorkQueue {
  /** `run` gets the time it was due. */
  add(now: number, delayMs: number, run: (at: number) => void): void
  /** Does all that is due at `until`, earliest first. */
  settle(until: number): void
  readonly size: number
  clear(): void
}

export function createWorkQueue(): WorkQueue {
  // One line per delay: inside a line the due times only grow, as the clock does.
  const lines = new Map<number, { items: Work[]; head: number }>()
  let order = 0
  let size = 0
  function earliest(): { items: Work[]; head: number } | undefined {
    let best: { items: Work[]; head: number } | undefined
    for (const line of lines.values()) {
      const work = line.items[line.head]
      const other = best?.items[best.head]
      if (!work) continue
      if (!other || work.dueAt < other.dueAt || (work.dueAt === other.dueAt && work.order < other.order))
        best = line
    }
    return best
  }
  return {
    add(now, delayMs, run) {
      const line = lines.get(delayMs) ?? { items: [], head: 0 }
      lines.set(delayMs, line)
      line.items.push({ dueAt: now + delayMs, order: order++, run })
      size++
    },
    settle(until) {
      for (let line = earliest(); line; line = earliest()) {
        const work = line.items[line.head]
        if (!work || work.dueAt > until) return
        line.head++
        size--
        if (line.head === line.items.length) [line.items, line.head] = [[], 0]
        work.run(work.dueAt)
      }
    },
    get size() {
      return size
    },
    clear() {
      lines.clear()
      size = 0
    },
  }
}
