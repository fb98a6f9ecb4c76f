import { isUtf8 } from 'node:buffer'

/** Longer lines are refused, so that a file without line ends cannot fill the memory. */
export const maxLineBytes = 8_388_608

export interface RawLine {
  /** From 1, blank lines counted. */
  readonly line: number
  readonly text: string
  /** The line cannot be a message, for this reason; `text` is empty then. */
  readonly unreadable?: string
}

const newLine = 10

/**
 * Lines of a stream of bytes, in groups as they come. Blank lines are left out. Holds one line and one chunk at a time.
 * @example for await (const lines of readLines(createReadStream('events.ndjson'))) for (const { text } of lines) parse(text)
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly RawLine[], void, undefined> {
  let line = 0
  let parts: Uint8Array[] = []
  let partBytes = 0
  const takeLine = (last: Uint8Array): RawLine | undefined => {
    line++
    const tooLong = partBytes + last.length > maxLineBytes
    const bytes = parts.length === 0 ? last : tooLong ? last : Buffer.concat([...parts, last])
    parts = []
    partBytes = 0
    if (tooLong) return { line, text: '', unreadable: `is longer than ${maxLineBytes} bytes` }
    if (!isUtf8(bytes)) return { line, text: '', unreadable: 'is not UTF-8' }
    const text = textOf(bytes, line)
    return text === '' ? undefined : { line, text }
  }
  for await (const chunk of chunks) {
    const lines: RawLine[] = []
    let from = 0
    for (let end = chunk.indexOf(newLine); end !== -1; end = chunk.indexOf(newLine, from)) {
      const read = takeLine(chunk.subarray(from, end))
      if (read) lines.push(read)
      from = end + 1
    }
    const rest = chunk.subarray(from)
    partBytes += rest.length
    if (partBytes > maxLineBytes) parts = []
    else if (rest.length > 0) parts.push(rest)
    if (lines.length > 0) yield lines
  }
  if (partBytes === 0) return
  const last = takeLine(new Uint8Array())
  if (last) yield [last]
}

function textOf(bytes: Uint8Array, line: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8').trim()
  return line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text
}
