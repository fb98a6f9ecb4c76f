import { isAscii, isUtf8 } from 'node:buffer'
import { maxLineBytes } from '../../send/read-lines.ts'

/** Takes the lines of a file, one after the other. */
export interface LineSink {
  line(text: string, line: number): void
  /** Is asked first, when it is given, with the bytes of a line that are known to be text. `true`: it was taken. */
  bytes?(bytes: Buffer, from: number, to: number, isAscii: boolean, line: number): boolean
  /** A line that cannot be read as text. */
  unreadable(message: string, line: number): void
}

const newLine = 10
const carriageReturn = 13

/**
 * Splits bytes into lines, numbered from 1; empty ones are counted and left out. Text is made once per line and straight
 * from the bytes: V8 parses such a text faster than a piece of a longer one. Yields after each chunk.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  sink: LineSink,
): AsyncGenerator<void, void, undefined> {
  let line = 0
  let rest: Buffer[] = []
  let restBytes = 0
  const takeJoined = (last: Buffer): void => {
    const bytes = restBytes > maxLineBytes ? last : Buffer.concat([...rest, last])
    const isTooLong = restBytes + last.length > maxLineBytes
    rest = []
    restBytes = 0
    line++
    if (isTooLong) sink.unreadable(`is longer than ${maxLineBytes} bytes`, line)
    else takeLine(bytes, line, sink)
  }
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let from = 0
    if (restBytes > 0) {
      const end = bytes.indexOf(newLine)
      if (end !== -1) {
        takeJoined(bytes.subarray(0, end))
        from = end + 1
      }
    }
    if (restBytes === 0) {
      const encoding = encodingOf(bytes)
      for (let end = bytes.indexOf(newLine, from); end !== -1; end = bytes.indexOf(newLine, from)) {
        line++
        if (end - from > maxLineBytes) sink.unreadable(`is longer than ${maxLineBytes} bytes`, line)
        else if (encoding === undefined || line === 1) takeLine(bytes.subarray(from, end), line, sink)
        else giveLine(bytes, from, bytes[end - 1] === carriageReturn ? end - 1 : end, encoding, line, sink)
        from = end + 1
      }
    }
    const tail = bytes.subarray(from)
    restBytes += tail.length
    if (restBytes > maxLineBytes) rest = []
    else if (tail.length > 0) rest.push(tail)
    yield
  }
  if (restBytes > 0) takeJoined(Buffer.alloc(0))
}

/** As what the whole lines of a chunk become text; `undefined` when each has to be looked at. */
function encodingOf(bytes: Buffer): 'latin1' | 'utf8' | undefined {
  if (isAscii(bytes)) return 'latin1'
  const firstEnd = bytes.indexOf(newLine)
  const lastEnd = bytes.lastIndexOf(newLine)
  const isText = isUtf8(bytes.subarray(firstEnd + 1, Math.max(firstEnd, lastEnd) + 1))
  return isText && firstEnd !== -1 && isUtf8(bytes.subarray(0, firstEnd)) ? 'utf8' : undefined
}

/** A line of a chunk that is text. */
function giveLine(
  bytes: Buffer,
  from: number,
  to: number,
  encoding: 'latin1' | 'utf8',
  line: number,
  sink: LineSink,
): void {
  if (to <= from || sink.bytes?.(bytes, from, to, encoding === 'latin1', line) === true) return
  const text = bytes.toString(encoding, from, to)
  if (text.trim() !== '') sink.line(text, line)
}

function takeLine(bytes: Buffer, line: number, sink: LineSink): void {
  if (!isUtf8(bytes)) return sink.unreadable('is not UTF-8', line)
  const text = bytes.toString('utf8').trim()
  const withoutMark = line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text
  if (withoutMark !== '') sink.line(withoutMark, line)
}
