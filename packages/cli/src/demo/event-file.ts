import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'

/**
 * The messages of an NDJSON file, one per line, read as they are asked for; `.gz` is unpacked on the way. Empty lines are
 * left out. A line that is no JSON comes as its text, which the parser of messages then refuses.
 * @throws Error the file cannot be read or unpacked
 */
export async function* readMessages(path: string): AsyncGenerator<unknown, void, undefined> {
  const file = createReadStream(path)
  const text = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  // Of two piped streams only the second is read: the first one's error has to be passed on.
  file.once('error', (error) => text.destroy(error))
  for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
    if (line.trim() !== '') yield parseLine(line)
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return line
  }
}
