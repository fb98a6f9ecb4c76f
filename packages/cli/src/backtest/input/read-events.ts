import type { EventReading } from '../replay/streaming.ts'
import type { Intake, IntakeCounts } from './intake.ts'
import type { InputFile } from './open-files.ts'

/** Reads all files as one stream, one after another. `onRead` is told how many stored bytes were taken since it was told last. */
export function openReading(
  files: readonly InputFile[],
  intake: Intake,
  onRead: (bytes: number) => void,
): EventReading & { readonly counts: IntakeCounts } {
  return {
    counts: intake.counts,
    async *events() {
      for (const file of files) {
        for await (const _ of file.read(intake.sinkOf(file.name), onRead)) yield intake.take()
        yield intake.take()
      }
    },
  }
}
