import type { IntakeCounts, IntakeOptions } from '../input/intake.ts'
import type { Problem } from '../input/problems.ts'
import type { EventBatch } from '../batch/event-batch.ts'

/** What the reading thread is given. */
export interface ReaderTask extends Omit<IntakeOptions, 'problems'> {
  /** NDJSON files: what they are called in problems, and where they lie. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
}

/** What it sends, one at a time for each `ReaderRequest`. */
export type ReaderMessage =
  | {
      readonly kind: 'batch'
      readonly batch: EventBatch
      readonly counts: IntakeCounts
      /** Since the message before. */
      readonly problems: readonly Problem[]
      readonly readBytes: number
    }
  | { readonly kind: 'end' }

/** Asks for one more batch. */
export type ReaderRequest = 'more'

/** Batches that may be under way: enough to keep both threads at work. */
export const batchesAhead = 16
