import {
  assumptionsOf,
  compareLedgers,
  createEngine,
  createSummary,
  namedProperties,
  type Definitions,
  type Difference,
  type EngineOptions,
  type LedgerComparer,
  type LedgerComparison,
  type LedgerLine,
  type Sources,
  type Summary,
  type SummaryBuilder,
  type ValueFinding,
} from '@tripline/triggers'
import { counted } from '../report/words.ts'
import type { Problem } from './input/problems.ts'
import type { ReadingReport } from './output/reading-report.ts'
import { collectFindings } from './output/value-findings.ts'
import { replayInput, type ReplayInput, type ReplayOutput, type ReplayResult } from './replay/replay-input.ts'
import type { Side } from './replay/side.ts'
import type { TemporaryFolder } from './sort/sorter.ts'

export interface BacktestOptions extends ReplayInput {
  readonly definitions: Definitions
  /** As the definitions were: both are replayed, and what they change is told. */
  readonly against?: Definitions
  /** Opens what takes the lines; called again when the input has to be read again. */
  readonly openOutput: (folder: TemporaryFolder) => BacktestOutput
}
/** Where the lines go. */
export interface BacktestOutput extends Pick<ReplayOutput, 'finish' | 'discard'> {
  line?(line: LedgerLine): void
  difference?(difference: Difference): void
  problem?(problem: Problem): void
}
export interface BacktestResult {
  readonly summary: Summary
  readonly comparison?: LedgerComparison
  readonly input: ReadingReport
}

/**
 * Replays past events through definitions: what would have fired, been sent and been refused.
 * @throws {CliError} the first problem, when strict; an output that cannot be written
 */
export async function backtest(options: BacktestOptions): Promise<BacktestResult> {
  const { definitions, against } = options
  const sides = against === undefined ? [definitions] : [definitions, against]
  const input: ReplayInput = {
    ...options,
    properties: new Set(sides.flatMap((each) => [...namedProperties(each)])),
    ...(against !== undefined && { togetherBecause: 'two definitions are compared user by user' }),
  }
  const result = await replayInput(input, (folder) => new Ledgers(options, options.openOutput(folder)))
  const { output, people, events, counts, sources } = result
  const times = Number.isFinite(counts.lastMs) ? { firstMs: counts.firstMs, lastMs: counts.lastMs } : {}
  const assumptions = assumptionsOf(definitions, sources)
  const summary = output.summary.result({ users: people, events, ...times, assumptions })
  const comparison = against === undefined ? {} : { comparison: output.comparer.result() }
  return { summary, ...comparison, input: reportOf(result, options) }
}

/** Takes the lines of one reading. */
class Ledgers implements ReplayOutput {
  readonly summary: SummaryBuilder
  readonly comparer: LedgerComparer
  readonly findings = collectFindings()
  readonly #options: BacktestOptions
  readonly #output: BacktestOutput
  #before: LedgerLine[] = []
  #after: LedgerLine[] = []

  constructor(options: BacktestOptions, output: BacktestOutput) {
    this.#options = options
    this.#output = output
    this.summary = createSummary(options.definitions)
    this.comparer = compareLedgers({ onDifference: (difference) => output.difference?.(difference) })
  }

  sides(sources: Sources): readonly Side[] {
    const { definitions, against } = this.#options
    const finding = (found: ValueFinding): void => this.findings.take(found)
    if (against === undefined) {
      const options = { finding, ids: this.#output.line !== undefined }
      return [openSide(definitions, sources, (line) => this.#take(line), options)]
    }
    return [
      openSide(against, sources, (line) => this.#before.push(line)),
      openSide(
        definitions,
        sources,
        (line) => {
          this.#take(line)
          this.#after.push(line)
        },
        { finding },
      ),
    ]
  }

  onPersonEnd(userId: string): void {
    if (this.#options.against === undefined) return
    this.comparer.addUser(userId, this.#before, this.#after)
    this.#before = []
    this.#after = []
  }

  problem(problem: Problem): void {
    this.#output.problem?.(problem)
  }

  async finish(): Promise<void> {
    await this.#output.finish?.()
  }

  discard(): void {
    this.#output.discard?.()
  }

  #take(line: LedgerLine): void {
    this.summary.add(line)
    this.#output.line?.(line)
  }
}

/** A user with so many running journeys has one that starts itself again and again; the replay would never end. */
const maxRuns = 100_000

/** Definitions as a side of a replay. Nothing is kept for later versions: there will be none. */
export function openSide(
  definitions: Definitions,
  { consents }: Sources,
  emit: Side['emit'],
  more: EngineOptions = {},
): Side {
  const options: EngineOptions = { retainMs: 0, consentsKnown: consents, maxRuns, ...more }
  const { observer: _, ...silent } = options
  return {
    engine: createEngine(definitions, options),
    history: createEngine({ ...definitions, triggers: [] }, silent),
    emit,
  }
}

function reportOf(result: ReplayResult<Ledgers>, options: BacktestOptions): ReadingReport {
  const { output, counts, problems, sortedBecause } = result
  return {
    events: counts.events,
    duplicates: counts.duplicates,
    notRead: counts.notRead,
    problems: problems.counts,
    firstProblems: problems.first,
    findings: output.findings.found,
    remarks: remarksOn(result, options),
    ...(sortedBecause !== undefined && { sortedBecause }),
  }
}

/** What the options asked for and the input does not have. */
function remarksOn(
  { counts: { lastMs }, people: found }: ReplayResult<Ledgers>,
  { fromMs, untilMs, people }: BacktestOptions,
): readonly string[] {
  const missing = (people?.size ?? 0) - found
  return [
    ...(fromMs !== undefined && Number.isFinite(lastMs) && fromMs > lastMs
      ? ['no event at or after --from: the last one lies before it']
      : []),
    ...(untilMs !== undefined && untilMs < lastMs
      ? ['--until lies before the last event, and changes nothing; --to leaves events out']
      : []),
    ...(people !== undefined && missing > 0
      ? [
          `${missing} of the ${counted(people.size, 'user')} of --users ${missing === 1 ? 'is' : 'are'} not in the input`,
        ]
      : []),
  ]
}
