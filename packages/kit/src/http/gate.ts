/** Lets at most `max` through at a time, in order of arrival. */
export interface Gate {
  /**
   * Waits for a place and answers the way to give it back (once; further calls do nothing).
   * @throws rejects with the signal's reason when aborted; the place in the queue is given up
   */
  enter(signal: AbortSignal): Promise<() => void>
}

/** @example const leave = await gate.enter(signal); try { await work() } finally { leave() } */
export function createGate(max: number): Gate {
  let inside = 0
  const waiting = new Set<() => void>()

  const createLeave = (): (() => void) => {
    let left = false
    return () => {
      if (left) return
      left = true
      // The place goes straight to the next in line: were it free for a moment, a newcomer could take it too.
      for (const next of waiting) {
        waiting.delete(next)
        return next()
      }
      inside--
    }
  }
  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (inside < max) {
        inside++
        return createLeave()
      }
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => {
          waiting.delete(go)
          reject(signal.reason)
        }
        const go = (): void => {
          signal.removeEventListener('abort', abort)
          resolve()
        }
        waiting.add(go)
        signal.addEventListener('abort', abort, { once: true })
      })
      return createLeave()
    },
  }
}
