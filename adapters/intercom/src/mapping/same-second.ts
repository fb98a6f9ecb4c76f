/** Which second each event got, so that two events of one person and name never share one. */
export interface SecondBook {
  /**
   * The second for an event: its own, or the next that no other key has. The same key gets the same second again.
   * @param person and `name` as Intercom tells events apart
   */
  take(person: string, name: string, seconds: number, key: string): number
}

/**
 * Remembers the last `maxEvents` events (twice as many at most) of one connector; what is older is forgotten.
 * @param maxEvents default 100,000, about 20 MB
 */
export function createSecondBook(maxEvents = 100_000): SecondBook {
  let takenRecent = new Map<string, string>()
  let takenEarlier = new Map<string, string>()
  // A key whose second was moved: without it, it could find its first second free again when that was forgotten.
  let movedRecent = new Map<string, number>()
  let movedEarlier = new Map<string, number>()

  function remember(slot: string, key: string): void {
    takenRecent.set(slot, key)
    if (takenRecent.size < maxEvents) return
    takenEarlier = takenRecent
    takenRecent = new Map()
    movedEarlier = movedRecent
    movedRecent = new Map()
  }
  return {
    take(person, name, seconds, key) {
      const stem = `${person}\n${name}\n`
      const moved = movedRecent.get(key) ?? movedEarlier.get(key)
      if (moved !== undefined) return moved
      for (let second = seconds; ; second++) {
        const slot = stem + second
        const holder = takenRecent.get(slot) ?? takenEarlier.get(slot)
        if (holder !== undefined && holder !== key) continue
        if (second !== seconds) movedRecent.set(key, second)
        remember(slot, key)
        return second
      }
    },
  }
}
