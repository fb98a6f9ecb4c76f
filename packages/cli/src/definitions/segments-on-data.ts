import {
  namedProperties,
  countMemberships,
  type Definitions,
  type Finding,
  type LedgerLine,
  type Sources,
} from '@tripline/triggers'
import { openSide } from '../backtest/backtest.ts'
import { replayInput, type ReplayInput, type ReplayOutput } from '../backtest/replay/replay-input.ts'
import type { Side } from '../backtest/replay/side.ts'

export interface SegmentsOnData {
  readonly findings: readonly Finding[]
  readonly users: number
  readonly events: number
  /** Lines of the input that are wrong. */
  readonly problems: number
}

/** Segments that are nearly empty or nearly the same after the last of these events. */
export async function segmentsOnData(definitions: Definitions, input: ReplayInput): Promise<SegmentsOnData> {
  const { output, counts, problems } = await replayInput(
    { ...input, properties: namedProperties(definitions) },
    () => new Memberships(definitions),
  )
  return {
    findings: output.count.findings(),
    users: output.users,
    events: counts.events,
    problems: problems.count,
  }
}

/** Follows the lines of memberships; keeps nothing of a user whose lines are complete. */
class Memberships implements ReplayOutput {
  readonly count
  users = 0
  readonly #definitions: Definitions
  readonly #open = new Map<string, Set<string>>()

  constructor(definitions: Definitions) {
    this.#definitions = definitions
    this.count = countMemberships(definitions)
  }

  sides(sources: Sources): readonly Side[] {
    return [openSide(this.#definitions, sources, (line) => this.#take(line))]
  }

  onPersonEnd(userId: string): void {
    this.users += 1
    this.count.addUser(this.#open.get(userId) ?? new Set())
    this.#open.delete(userId)
  }

  #take(line: LedgerLine): void {
    if (line.kind !== 'member' && line.kind !== 'left') return
    const segments = this.#open.get(line.userId) ?? new Set()
    this.#open.set(line.userId, segments)
    if (line.kind === 'member') segments.add(line.segment)
    else segments.delete(line.segment)
  }
}
