import type { EmitLine, Engine } from '@tripline/triggers'

/** One set of definitions that the events are replayed through, and where its lines go. */
export interface Side {
  readonly engine: Engine
  /** The same segments without any trigger: what reads the history before the definitions went live. */
  readonly history: Engine
  readonly emit: EmitLine
}

/** What the replay is about, beside the events. */
export interface ReplayOptions {
  /** Two are replayed side by side, over one reading. */
  readonly sides: readonly Side[]
  /** The definitions go live then; all before is their history. @default with the first event */
  readonly fromMs?: number
  /** Timers due before it fire, if it is later than the last event. */
  readonly untilMs?: number
  /** Only these people are replayed. @default all */
  readonly people?: ReadonlySet<string>
  /** A person's lines are complete: no further line of this person comes. */
  readonly onPersonEnd?: (userId: string) => void
}
