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
  /** A person is read to the end: no further line of this person comes. */
  readonly onPersonEnd?: (userId: string, person: EndedPerson) => void
}

/** What can be asked about a person at the end. */
export interface EndedPerson {
  /** Whether the person is a member at `atMs`, which is not before the end. `side`: its index. @default 0 */
  isMember(segment: string, atMs: number, side?: number): boolean
}
