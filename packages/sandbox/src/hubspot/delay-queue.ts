/** Work that becomes visible later, on the sandbox clock. First in, first out. */
export interface DelayQueue {
  push(dueAtMs: number, run: (atMs: number) => void): void
  /** Runs what is due at `nowMs`. */
  settle(nowMs: number): void
  readonly size: number
}

export function createDelayQueue(): DelayQueue {
  let entries: { dueAtMs: number; run: (atMs: number) => void }[] = []
  let head = 0
  return {
    push(dueAtMs, run) {
      entries.push({ dueAtMs, run })
    },
    settle(nowMs) {
      for (let next = entries[head]; next && next.dueAtMs <= nowMs; next = entries[head]) {
        head += 1
        next.run(next.dueAtMs)
      }
      if (head > 1_000 && head * 2 > entries.length) [entries, head] = [entries.slice(head), 0]
    },
    get size() {
      return entries.length - head
    },
  }
}
