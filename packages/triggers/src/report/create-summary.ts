import type { Cap, Definitions } from '../definition/definition.ts'
import type { LedgerLine, MembershipLine, TriggerLine } from '../ledger/line.ts'
import {
  compareNames,
  dayMs,
  messagesResult,
  overlapResult,
  perDayResult,
  readingResult,
  triggerResult,
} from './results.ts'
import type { Reading, Summary } from './summary.ts'
import { addOne, TriggerTally } from './trigger-tally.ts'
import { UserTable } from './user-table.ts'

/** Takes the lines of a ledger one after another, and says what they come to. */
export interface SummaryBuilder {
  /** Lines of one user in their order; users may be mixed. */
  add(line: LedgerLine): void
  /** What the lines so far come to. */
  result(reading: Reading): Summary
}

/**
 * A summary of a ledger, made while its lines go by. Memory: about 150 bytes for each user that was entered or messaged
 * and 60 for each trigger it entered (320 among 1,000 triggers, see `UserTable`), and the counts by trigger, channel, day
 * and reason; no line is kept, and nothing of a person but the id.
 * @example
 * const summary = createSummary(definitions)
 * for (const line of lines) summary.add(line)
 * summary.result({ users: 499, events: 54_371 }).triggers[0]?.entries
 */
export function createSummary(definitions: Definitions): SummaryBuilder {
  return new LineCounter(definitions)
}

class LineCounter implements SummaryBuilder {
  readonly #tallies: readonly TriggerTally[]
  readonly #indexes: ReadonlyMap<string, number>
  readonly #users: UserTable
  readonly #segments = new Map<string, { entered: number; left: number }>()
  readonly #days = new Map<number, Map<string, number>>()
  readonly #caps: readonly { readonly cap: Cap; stopped: number; alone: number }[]
  #transactional = 0

  constructor({ triggers, policy }: Definitions) {
    this.#tallies = triggers
      .toSorted((first, second) => compareNames(first.id, second.id))
      .map((trigger) => new TriggerTally(trigger))
    this.#indexes = new Map(this.#tallies.map(({ definition }, index) => [definition.id, index]))
    this.#users = new UserTable(triggers.length)
    this.#caps = policy.caps.map((cap) => ({ cap, stopped: 0, alone: 0 }))
  }

  add(line: LedgerLine): void {
    if ('segment' in line) this.#addMembership(line)
    else this.#addOfTrigger(line)
  }

  result(reading: Reading): Summary {
    const arms = this.#users.arms()
    const triggers = this.#tallies.map((tally, index) => triggerResult(tally, arms[index]))
    const perDay = perDayResult(this.#days)
    const counts = this.#users.messageCounts()
    const messaged = [...counts.values()].reduce((sum, count) => sum + count, 0)
    return {
      form: 1,
      reading: readingResult(reading),
      users: { read: reading.users, entered: this.#users.enteredUsers(), messaged },
      triggers,
      segments: [...this.#segments]
        .sort(([first], [second]) => compareNames(first, second))
        .map(([segment, changes]) => ({ segment, ...changes })),
      sends: {
        total: perDay.reduce((sum, { count }) => sum + count, 0),
        transactional: this.#transactional,
        perDay,
      },
      messagesPerUser: messagesResult(counts, Math.max(0, reading.users - messaged)),
      caps: this.#caps.map((each) => ({ ...each })),
      overlaps: overlapResult(triggers, this.#users),
      assumptions: reading.assumptions ?? [],
    }
  }

  #addMembership({ segment, kind }: MembershipLine): void {
    const changes = this.#segments.get(segment) ?? { entered: 0, left: 0 }
    this.#segments.set(segment, changes)
    if (kind === 'member') changes.entered++
    else changes.left++
  }

  #addOfTrigger(line: TriggerLine): void {
    const index = this.#indexes.get(line.trigger)
    const tally = index === undefined ? undefined : this.#tallies[index]
    // Of a run whose trigger the definitions no longer have.
    if (index === undefined || tally === undefined) return
    tally.add(line)
    if (line.kind === 'entry') this.#users.addEntry(line.userId, index, line.atMs, line.heldOut === true)
    else if (line.kind === 'goal') this.#users.addGoal(line.userId, index)
    else if (line.kind === 'send') {
      this.#users.addMessage(line.userId)
      if (line.transactional) this.#transactional++
      const day = Math.floor(line.atMs / dayMs)
      const channels = this.#days.get(day) ?? new Map<string, number>()
      this.#days.set(day, channels)
      addOne(channels, line.channel)
    } else if (line.kind === 'refusal' && line.heldOut !== true) this.#addCapped(line.caps ?? [])
  }

  #addCapped(full: readonly number[]): void {
    for (const index of full) {
      const cap = this.#caps[index]
      if (cap === undefined) continue
      cap.stopped++
      if (full.length === 1) cap.alone++
    }
  }
}
