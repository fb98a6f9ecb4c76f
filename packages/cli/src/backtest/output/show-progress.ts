import type { Terminal } from '../../terminal/terminal.ts'
import type { InputFile } from '../input/open-files.ts'

/** Shows how much of the files is read, and how many events a second. */
export function showProgress(terminal: Terminal, files: readonly InputFile[]) {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? Number.NaN), 0)
  const progress = terminal.progress({
    label: 'reading',
    ...(totalBytes > 0 && { total: totalBytes }),
  })
  let readBytes = 0
  let startedMs = performance.now()
  return {
    update(bytes: number, events: number): void {
      readBytes += bytes
      progress.update(readBytes, () => {
        const perSecond = (events * 1_000) / Math.max(1, performance.now() - startedMs)
        return `${whole(events)} events  ${whole(perSecond)}/s`
      })
    },
    /** The input is read from its start. */
    restart(): void {
      readBytes = 0
      startedMs = performance.now()
    },
    end: () => progress.end(),
  }
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
