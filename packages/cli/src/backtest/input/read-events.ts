import type { EventBatch } from '../batch/event-batch.ts'
import type { Intake, IntakeCounts } from './intake.ts'
import type { InputFile } from './open-files.ts'

/** Reads the input once, from its start to its end. */
export interface BatchReading {
  /** Accepted events in the order of arrival. */
  batches(): AsyncGenerator<EventBatch, void, undefined>
  /** Of what was read so far. */
  readonly counts: IntakeCounts
}

/** Reads all files as one stream, one after another. `onRead` is told how many stored bytes were taken since it was told last. */
export function openReading(
  files: readonly InputFile[],
  intake: Intake,
  onRead: (bytes: number) => void,
): BatchReading {
  return {
    counts: intake.counts,
    async *batches() {
      for (const file of files) {
        for await (const _ of file.read(intake.sinkOf(file.name), onRead)) yield intake.take()
        yield intake.take()
      }
    },
  }
}
