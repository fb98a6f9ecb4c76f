import type { LedgerLine } from '../ledger/line.ts'
import type { Note, Observer } from '../trace/note.ts'

/** A note or a line, in the order in which they came. */
export type Seen =
  | { readonly note: Note; readonly line?: never }
  | { readonly line: LedgerLine; readonly note?: never }

export const atMsOf = ({ note, line }: Seen): number => (note ?? line).atMs

/** The trigger that it is about; none for events, facts and memberships. */
export function triggerOf({ note, line }: Seen): string | undefined {
  if (note !== undefined) return 'trigger' in note ? note.trigger : undefined
  return 'trigger' in line ? line.trigger : undefined
}

/** Keeps what an engine tells of one user: give `observer` to the engine, and `emit` to its calls. */
export interface Recorder {
  readonly observer: Observer
  readonly emit: (line: LedgerLine) => void
  readonly seen: readonly Seen[]
}

export function createRecorder(): Recorder {
  const seen: Seen[] = []
  return {
    observer: (_, note) => void seen.push({ note }),
    emit: (line) => void seen.push({ line }),
    seen,
  }
}
