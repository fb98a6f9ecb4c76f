import {
  createEngine,
  createRecorder,
  type Definitions,
  type Engine,
  type Recorder,
  type Sources,
  type StateAt,
} from '@tripline/triggers'
import { openSide } from '../backtest/backtest.ts'
import { collectFindings, type ValueFindings } from '../backtest/output/value-findings.ts'
import {
  replayInput,
  type ReplayInput,
  type ReplayOutput,
  type ReplayResult,
} from '../backtest/replay/replay-input.ts'
import type { Side } from '../backtest/replay/side.ts'
import { stateHeld } from './state-held.ts'
import { watchEngine } from './watch-engine.ts'

export interface ReplayUserOptions extends Omit<ReplayInput, 'people'> {
  readonly definitions: Definitions
  readonly userId: string
  /** Asks how things stood after everything at this instant. */
  readonly atMs?: number
  /** Told when the reading begins, also when it begins again. */
  readonly onStart?: () => void
}

/** Replays the events of one user with everything told that happens inside. The rest of the input is read past. */
export async function replayUser(options: ReplayUserOptions): Promise<ReplayResult<UserTrace>> {
  const input: ReplayInput = { ...options, people: new Set([options.userId]), ...untilOf(options) }
  return replayInput(input, () => {
    options.onStart?.()
    return new UserTrace(options)
  })
}

/** A time that is asked about and lies behind the data is reached without events. */
function untilOf({ atMs, untilMs }: ReplayUserOptions): { readonly untilMs?: number } {
  const times = [...(atMs === undefined ? [] : [atMs + 1]), ...(untilMs === undefined ? [] : [untilMs])]
  return times.length === 0 ? {} : { untilMs: Math.max(...times) }
}

/** Keeps what the engine tells of the user. */
class UserTrace implements ReplayOutput {
  readonly #options: ReplayUserOptions
  readonly #recorder: Recorder = createRecorder()
  readonly #findings = collectFindings()
  #held: Pick<StateAt, 'segments' | 'who'> | undefined

  constructor(options: ReplayUserOptions) {
    this.#options = options
  }

  /** In the order in which it happened. */
  get seen(): Recorder['seen'] {
    return this.#recorder.seen
  }

  /** What held at the time that is asked about. */
  get held(): Pick<StateAt, 'segments' | 'who'> | undefined {
    return this.#held
  }

  /** Values that are not what they should be. */
  get findings(): ValueFindings {
    return this.#findings.found
  }

  sides(sources: Sources): readonly Side[] {
    const { definitions, userId, atMs } = this.#options
    const { observer, emit } = this.#recorder
    const past = { ...definitions, triggers: [] }
    const side: Side = {
      ...openSide(definitions, sources, emit, { observer, finding: (found) => this.#findings.take(found) }),
      // Records of what held before the first event are told as well.
      history: createEngine(past, { observer, consentsKnown: sources.consents }),
    }
    if (atMs === undefined) return [side]
    const watched = (engine: Engine, known: Definitions): Engine =>
      watchEngine(engine, {
        userId,
        atMs,
        onReached: (reached, user) => void (this.#held = stateHeld(known, reached, user, atMs)),
      })
    return [{ ...side, engine: watched(side.engine, definitions), history: watched(side.history, past) }]
  }
}
