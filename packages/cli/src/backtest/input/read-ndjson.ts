import { jsonProblem } from '../../json-problem.ts'
import { NoText, onlyText } from './file-start.ts'
import type { RowSink } from './row-sink.ts'
import { splitLines } from './split-lines.ts'
import { BrokenGzip, unpack } from './unpack.ts'

/** NDJSON, packed with gzip or not. Yields after each chunk. A file that breaks off is read up to there. */
export async function* readNdjson(
  stored: AsyncIterable<Uint8Array>,
  sink: RowSink,
): AsyncGenerator<void, void, undefined> {
  let last = 0
  const takesTracks = sink.track !== undefined
  const takeTrack: NonNullable<RowSink['track']> = (...given) => sink.track?.(...given) ?? false
  const lines = splitLines(onlyText(unpack(stored)), {
    line(text, line) {
      last = line
      let message: unknown
      try {
        message = JSON.parse(text)
      } catch (error) {
        sink.problem('malformed', `is no JSON: ${jsonProblem(error, text)}`, line)
        return
      }
      sink.message(message, line)
    },
    ...(takesTracks && {
      bytes(bytes: Buffer, from: number, to: number, isAscii: boolean, line: number) {
        last = line
        return takeTrack(bytes, from, to, isAscii, line)
      },
    }),
    unreadable(message, line) {
      last = line
      sink.problem('malformed', message, line)
    },
  })
  try {
    yield* lines
  } catch (error) {
    if (error instanceof NoText) return sink.problem('malformed', error.message, 0)
    if (!(error instanceof BrokenGzip)) throw error
    sink.problem('truncated', `the file breaks off after this line (${error.message})`, last)
  }
}
