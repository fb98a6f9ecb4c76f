import type { Sources } from '@tripline/triggers'
import { BatchReader } from '../batch/batch-reader.ts'
import { createIntake, type IntakeCounts } from '../input/intake.ts'
import type { InputFile } from '../input/open-files.ts'
import { createProblems, type Problem, type ProblemReason, type Problems } from '../input/problems.ts'
import { openReading } from '../input/read-events.ts'
import type { RecordFiles } from '../input/read-records.ts'
import { isWorthThread, openThreadReading } from '../reader/thread-reading.ts'
import { createTemporaryFolder, type SorterOptions, type TemporaryFolder } from '../sort/sorter.ts'
import { replayByPerson } from './by-person.ts'
import { holdRecords } from './held-records.ts'
import type { ReplayOptions, Side } from './side.ts'
import { NeedsSorting, replayStreaming, type EventReading } from './streaming.ts'

/** What is read, and how. */
export interface ReplayInput extends RecordFiles {
  readonly events: readonly InputFile[]
  /** The definitions go live then; what lies before is their history. @default with the first event */
  readonly fromMs?: number
  /** Events at or after it are not read. */
  readonly toMs?: number
  /** Time passes at least until then. @default the last event */
  readonly untilMs?: number
  /** Only these people are replayed. @default all */
  readonly people?: ReadonlySet<string>
  /** Only these properties of events are looked at. @default all */
  readonly properties?: ReadonlySet<string>
  readonly latenessMs: number
  /** Replays times of arrival (`receivedAt`). @default as it happened */
  readonly asReceived: boolean
  readonly isStrict: boolean
  /** The clock of the run, ms: what lies after it and `latenessMs` is from the future. */
  readonly nowMs: number
  readonly signal: AbortSignal
  /** Stored bytes read since the last call, and events accepted so far. */
  readonly onProgress?: (bytes: number, events: number) => void
  /** Why the lines of a person have to come together; absent: they need not. */
  readonly togetherBecause?: string
  readonly windowEvents?: number
  /** Files are read in a thread of their own. @default when they are large */
  readonly readerThread?: boolean
  readonly sorter?: SorterOptions
}

/** What takes the ledger of one reading. All of it is thrown away when the input has to be read again. */
export interface ReplayOutput extends Pick<ReplayOptions, 'onPersonEnd'> {
  /** The definitions to replay through, when it is known which records there are. */
  sides(sources: Sources): readonly Side[]
  problem?(problem: Problem): void
  /** Everything was given. */
  finish?(): Promise<void>
  discard?(): void
}

export interface ReplayResult<Output> {
  readonly output: Output
  /** People with at least one event or profile, of those who are replayed. */
  readonly people: number
  /** Their events. */
  readonly events: number
  readonly counts: IntakeCounts
  readonly sources: Sources
  readonly problems: {
    readonly count: number
    readonly counts: { readonly [reason in ProblemReason]?: number }
    readonly first: readonly Problem[]
  }
  /** Why the input was sorted by user first; absent: it was read once, as it came. */
  readonly sortedBecause?: string
}

/**
 * Reads all files and gives every person's events, facts and passing time to the engines. Read once where the order of
 * the input allows, else sorted by person on disk first: the lines of each person are the same. Removes what it put on
 * disk, also when it is aborted.
 * @throws {CliError} the first problem, when strict
 */
export async function replayInput<Output extends ReplayOutput>(
  input: ReplayInput,
  open: (folder: TemporaryFolder) => Output,
): Promise<ReplayResult<Output>> {
  const folder = createTemporaryFolder()
  try {
    const reason = sortingReason(input)
    if (reason !== undefined) return await attempt(input, open, folder, reason)
    try {
      return await attempt(input, open, folder)
    } catch (error) {
      if (!(error instanceof NeedsSorting)) throw error
      folder.remove()
      return await attempt(input, open, folder, error.message)
    }
  } finally {
    folder.remove()
  }
}

/** Why the input is sorted by person from the start. */
function sortingReason({ togetherBecause, asReceived, fromMs, events }: ReplayInput): string | undefined {
  if (togetherBecause !== undefined) return togetherBecause
  if (asReceived) return 'times of arrival are replayed'
  if (fromMs !== undefined) return 'the history before --from is read first'
  return events.some(({ name }) => name === '-') ? 'stdin can be read once' : undefined
}

async function attempt<Output extends ReplayOutput>(
  input: ReplayInput,
  open: (folder: TemporaryFolder) => Output,
  folder: TemporaryFolder,
  reason?: string,
): Promise<ReplayResult<Output>> {
  const output = open(folder)
  try {
    const problems = createProblems(input.isStrict, (problem) => output.problem?.(problem))
    const held = await holdRecords(input, problems)
    const reading = openEvents(input, problems)
    const options = {
      ...input,
      sides: output.sides(held.sources),
      onPersonEnd: output.onPersonEnd?.bind(output) ?? (() => undefined),
    }
    const because = reason ?? held.sortingReason
    const { people, events } =
      because === undefined
        ? await replayStreaming(reading, { ...options, facts: held.facts })
        : await replayByPerson(reading, {
            ...options,
            records: held.records(),
            folder,
            ...(input.asReceived && { asReceivedMs: input.latenessMs }),
          })
    await output.finish?.()
    const { sources } = held
    return {
      output,
      people,
      events,
      counts: reading.counts,
      sources,
      problems,
      ...(because !== undefined && { sortedBecause: because }),
    }
  } catch (error) {
    output.discard?.()
    throw error
  }
}

/** In this thread, or large files in one of their own, so that reading and deciding go on side by side. */
function openEvents(
  input: ReplayInput,
  problems: Problems,
): EventReading & { readonly counts: IntakeCounts } {
  const onRead = (bytes: number): void => input.onProgress?.(bytes, reading.counts.events)
  const { properties: named, ...given } = input
  // Only the parser makes a property of that name.
  const properties = named === undefined || named.has('__proto__') ? undefined : [...named]
  const options = { ...given, ...(properties !== undefined && { properties }), problems }
  const reading =
    (input.readerThread ?? isWorthThread(input.events))
      ? openThreadReading({ ...options, files: input.events, onRead })
      : openReading(input.events, createIntake(options), onRead)
  return {
    counts: reading.counts,
    async *batches() {
      const reader = new BatchReader(properties)
      for await (const batch of reading.batches()) yield reader.read(batch)
      input.onProgress?.(0, reading.counts.events)
    },
  }
}
