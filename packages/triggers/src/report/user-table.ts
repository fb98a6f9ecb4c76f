const bitsPerWord = 30
const isHeldOut = 1
const hasGoal = 2

/** How closely two triggers that entered the same user lie together. */
export const nearMs = 86_400_000

/** What a pair of triggers shares. */
export interface SharedUsers {
  readonly users: number
  /** Of these, the users with an entry of one at most 24 h from an entry of the other. */
  readonly near: number
}
export interface ArmCounts {
  readonly users: number
  readonly goalUsers: number
}
export interface ArmsOfTrigger {
  readonly treated: ArmCounts
  readonly heldOut: ArmCounts
}
export const noArms: ArmsOfTrigger = {
  treated: { users: 0, goalUsers: 0 },
  heldOut: { users: 0, goalUsers: 0 },
}
interface WritableArms {
  readonly treated: { users: number; goalUsers: number }
  readonly heldOut: { users: number; goalUsers: number }
}
type Pairs = Map<number, Map<number, { users: number; near: number }>>

/**
 * Per user the number of messages, and per (user, trigger entered) the last entry, the arm, the goal and which triggers
 * came near. Users without entry or message take no room; else about 150 bytes for each user with its id, and
 * 48 + 8 × ⌈triggers / 30⌉ for each trigger it entered.
 */
export class UserTable {
  readonly #words: number
  readonly #indexes = new Map<string, number>()
  readonly #messages: number[] = []
  /** First element of the user's list, −1 for none. */
  readonly #heads: number[] = []
  readonly #next: number[] = []
  readonly #triggers: number[] = []
  readonly #lastMs: number[] = []
  readonly #flags: number[] = []
  /** Which triggers with a higher index came near: `words` numbers per element. */
  readonly #near: number[] = []
  #lastId: string | undefined
  #lastIndex = -1

  constructor(triggerCount: number) {
    this.#words = Math.ceil(triggerCount / bitsPerWord)
  }

  addMessage(userId: string): void {
    const index = this.#indexOf(userId)
    this.#messages[index] = (this.#messages[index] ?? 0) + 1
  }

  addEntry(userId: string, trigger: number, atMs: number, heldOut: boolean): void {
    const user = this.#indexOf(userId)
    let own = -1
    for (let element = this.#headOf(user); element !== -1; element = this.#next[element] ?? -1) {
      if (this.#triggers[element] === trigger) own = element
    }
    if (own === -1) own = this.#newElement(user, trigger)
    this.#lastMs[own] = atMs
    this.#flags[own] = (this.#flags[own] ?? 0) | (heldOut ? isHeldOut : 0)
    for (let element = this.#headOf(user); element !== -1; element = this.#next[element] ?? -1) {
      if (element === own || Math.abs(atMs - (this.#lastMs[element] ?? 0)) > nearMs) continue
      const other = this.#triggers[element] ?? 0
      this.#markNear(other < trigger ? element : own, Math.max(other, trigger))
    }
  }

  addGoal(userId: string, trigger: number): void {
    const user = this.#indexOf(userId)
    for (let element = this.#headOf(user); element !== -1; element = this.#next[element] ?? -1) {
      if (this.#triggers[element] === trigger) this.#flags[element] = (this.#flags[element] ?? 0) | hasGoal
    }
  }

  /** By index of the trigger. A user that was held out once counts as held out. */
  arms(): readonly ArmsOfTrigger[] {
    const arms: WritableArms[] = []
    for (const [element, flags] of this.#flags.entries()) {
      const trigger = this.#triggers[element] ?? 0
      const { treated, heldOut } = (arms[trigger] ??= {
        treated: { users: 0, goalUsers: 0 },
        heldOut: { users: 0, goalUsers: 0 },
      })
      const arm = (flags & isHeldOut) === 0 ? treated : heldOut
      arm.users++
      if ((flags & hasGoal) !== 0) arm.goalUsers++
    }
    return arms
  }

  /** Users by number of messages; those without any are not in it. */
  messageCounts(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>()
    for (const messages of this.#messages) {
      if (messages > 0) counts.set(messages, (counts.get(messages) ?? 0) + 1)
    }
    return counts
  }

  enteredUsers(): number {
    return this.#heads.filter((head) => head !== -1).length
  }

  /** By lower index, then higher index of the two triggers; only pairs that share a user. */
  shared(): ReadonlyMap<number, ReadonlyMap<number, SharedUsers>> {
    const pairs: Pairs = new Map()
    for (const head of this.#heads) {
      for (let first = head; first !== -1; first = this.#next[first] ?? -1) {
        for (let second = this.#next[first] ?? -1; second !== -1; second = this.#next[second] ?? -1) {
          const [low, high] =
            (this.#triggers[first] ?? 0) < (this.#triggers[second] ?? 0) ? [first, second] : [second, first]
          this.#addShared(pairs, low, this.#triggers[high] ?? 0)
        }
      }
    }
    return pairs
  }

  #addShared(pairs: Pairs, low: number, high: number): void {
    const lowTrigger = this.#triggers[low] ?? 0
    const row = pairs.get(lowTrigger) ?? new Map<number, { users: number; near: number }>()
    pairs.set(lowTrigger, row)
    const pair = row.get(high) ?? { users: 0, near: 0 }
    row.set(high, pair)
    pair.users++
    const word = this.#near[low * this.#words + Math.floor(high / bitsPerWord)] ?? 0
    if ((word & (1 << (high % bitsPerWord))) !== 0) pair.near++
  }

  #markNear(element: number, trigger: number): void {
    const place = element * this.#words + Math.floor(trigger / bitsPerWord)
    this.#near[place] = (this.#near[place] ?? 0) | (1 << (trigger % bitsPerWord))
  }

  #newElement(user: number, trigger: number): number {
    const element = this.#triggers.push(trigger) - 1
    this.#next.push(this.#headOf(user))
    this.#heads[user] = element
    this.#lastMs.push(0)
    this.#flags.push(0)
    for (let word = 0; word < this.#words; word++) this.#near.push(0)
    return element
  }

  #headOf(user: number): number {
    return this.#heads[user] ?? -1
  }

  #indexOf(userId: string): number {
    if (userId === this.#lastId) return this.#lastIndex
    let index = this.#indexes.get(userId)
    if (index === undefined) {
      index = this.#messages.push(0) - 1
      this.#heads.push(-1)
      this.#indexes.set(userId, index)
    }
    this.#lastId = userId
    this.#lastIndex = index
    return index
  }
}
