import type { LedgerLine, MembershipLine, TriggerLine } from '../ledger/line.ts'
import { differencesOf } from './compare-user.ts'
import type { ChangeCounts, Difference, LedgerComparison, TriggerComparison } from './comparison.ts'
import { compareNames } from './results.ts'

/** Takes the two ledgers of one user after another. */
export interface LedgerComparer {
  /** Both ledgers of one user, complete and in their order. A user comes once. */
  addUser(userId: string, before: readonly LedgerLine[], after: readonly LedgerLine[]): void
  result(): LedgerComparison
}
export interface CompareOptions {
  /** Told of each difference, by user; nothing of it is kept. */
  readonly onDifference?: (difference: Difference) => void
}

/**
 * What two definitions decide differently over the same input. Decisions are matched by user, trigger, anchor (of a
 * timer: whatever it is due at) and step; a step that moved to another path is matched by its channel. Keeps counts by
 * trigger and channel, no user but the first 20.
 * @example
 * const comparer = compareLedgers({ onDifference: (difference) => file.write(JSON.stringify(difference)) })
 * comparer.addUser('u1', linesBefore, linesAfter)
 * comparer.result().triggers[0]?.entries.added
 */
export function compareLedgers({ onDifference }: CompareOptions = {}): LedgerComparer {
  const triggers = new Map<string, TriggerCounts>()
  const segments = new Map<string, { before: number; after: number; users: number }>()
  const first: string[] = []
  let compared = 0
  let affected = 0
  const ofTrigger = (id: string): TriggerCounts => {
    const counts = triggers.get(id) ?? new TriggerCounts(id)
    triggers.set(id, counts)
    return counts
  }
  return {
    addUser(userId, before, after) {
      compared++
      const [was, is] = [before.filter(isOfTrigger), after.filter(isOfTrigger)]
      for (const line of was) ofTrigger(line.trigger).addLine('before', line)
      for (const line of is) ofTrigger(line.trigger).addLine('after', line)
      const differences = differencesOf(was, is)
      for (const difference of differences) {
        ofTrigger(difference.trigger).addDifference(difference)
        onDifference?.(difference)
      }
      for (const id of new Set(differences.map(({ trigger }) => trigger))) ofTrigger(id).users++
      const moved = compareMemberships(segments, before.filter(isMembership), after.filter(isMembership))
      if (differences.length === 0 && !moved) return
      affected++
      if (first.length < mostNamed) first.push(userId)
    },
    result: () => ({
      form: 1,
      users: { compared, affected, first: [...first] },
      triggers: [...triggers.values()]
        .map((counts) => counts.result())
        .sort((one, other) => compareNames(one.trigger, other.trigger)),
      segments: [...segments]
        .sort(([one], [other]) => compareNames(one, other))
        .map(([segment, counts]) => ({ segment, ...counts })),
    }),
  }
}

const mostNamed = 20
const isOfTrigger = (line: LedgerLine): line is TriggerLine => 'trigger' in line
const isMembership = (line: LedgerLine): line is MembershipLine => 'segment' in line

class TriggerCounts {
  readonly #trigger: string
  readonly #fires = { before: 0, after: 0 }
  readonly #entries = noChanges()
  readonly #acts = noChanges()
  readonly #sends = new Map<string, Changes>()
  users = 0

  constructor(trigger: string) {
    this.#trigger = trigger
  }

  addLine(side: 'before' | 'after', line: TriggerLine): void {
    if (line.kind === 'fire') this.#fires[side]++
    else if (line.kind === 'entry') this.#entries[side] += line.heldOut === true ? 0 : 1
    else if (line.kind === 'act') this.#acts[side]++
    else if (line.kind === 'send') this.#ofChannel(line.channel)[side]++
  }

  addDifference({ stepPath, channel, what }: Difference): void {
    if (stepPath === '') this.#entries[what]++
    else if (channel === undefined) this.#acts[what]++
    else this.#ofChannel(channel)[what]++
  }

  result(): TriggerComparison {
    return {
      trigger: this.#trigger,
      users: this.users,
      fires: { ...this.#fires },
      entries: { ...this.#entries },
      sends: [...this.#sends]
        .sort(([one], [other]) => compareNames(one, other))
        .map(([channel, changes]) => ({ channel, ...changes })),
      acts: { ...this.#acts },
    }
  }

  #ofChannel(channel: string): Changes {
    const changes = this.#sends.get(channel) ?? noChanges()
    this.#sends.set(channel, changes)
    return changes
  }
}

type Changes = { -readonly [name in keyof ChangeCounts]: number }
const noChanges = (): Changes => ({ before: 0, after: 0, added: 0, removed: 0, moved: 0, reason: 0 })

/** Counts the changes of membership of one user; whether they differ in any segment. */
function compareMemberships(
  segments: Map<string, { before: number; after: number; users: number }>,
  before: readonly MembershipLine[],
  after: readonly MembershipLine[],
): boolean {
  let differs = false
  for (const segment of new Set([...before, ...after].map((line) => line.segment))) {
    const counts = segments.get(segment) ?? { before: 0, after: 0, users: 0 }
    segments.set(segment, counts)
    const [was, is] = [before, after].map((lines) => lines.filter((line) => line.segment === segment))
    counts.before += was?.length ?? 0
    counts.after += is?.length ?? 0
    if (changesText(was) === changesText(is)) continue
    counts.users++
    differs = true
  }
  return differs
}

const changesText = (lines: readonly MembershipLine[] = []): string =>
  lines.map(({ kind, atMs }) => `${kind}${atMs}`).join()
