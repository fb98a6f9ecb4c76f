import { open, type FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'

interface Entry {
  readonly name: string
  readonly method: number
  readonly offset: number
  readonly compressedBytes: number
}
const endMark = 0x06054b50
const entryMark = 0x02014b50
const headerMark = 0x04034b50

/**
 * The lines of every file in a zip on disk, file after file, in bounded memory. Enough of the format for Braze's exports:
 * stored and deflated entries, no encryption, no zip64 (Braze writes about 5,000 users per file). A line ends with LF or
 * CRLF and nothing else: JSON may hold Unicode's line separators as they are.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * @throws when the file is no whole zip; never yields fewer lines instead
 */
export async function* zipLines(path: string): AsyncGenerator<string, void, undefined> {
  const file = await open(path, 'r')
  try {
    for (const entry of await readDirectory(file)) yield* linesOf(bytesOf(file, entry))
  } finally {
    await file.close()
  }
}

/** The plain bytes of an entry; an error of the file reaches the reader, and a reader that stops ends the reading. */
function bytesOf(file: FileHandle, entry: Entry): Readable {
  const source = Readable.from(readEntry(file, entry))
  return entry.method === 0 ? source : pipeline(source, createInflateRaw(), () => undefined)
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}

async function readDirectory(file: FileHandle): Promise<readonly Entry[]> {
  const { size } = await file.stat()
  const tail = await readAt(file, Math.max(0, size - 66_000), Math.min(size, 66_000))
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== endMark) end--
  if (end < 0) throw new Error('not a zip file: no end of central directory')
  const count = tail.readUInt16LE(end + 10)
  const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const entries: Entry[] = []
  for (let at = 0, seen = 0; seen < count; seen++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entryMark)
      throw new Error(`not a whole zip file: its directory says ${count} entries and has ${seen}`)
    const nameBytes = directory.readUInt16LE(at + 28)
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes)
    const entry = {
      name,
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    }
    if (entry.method !== 0 && entry.method !== 8)
      throw new Error(`zip entry ${name}: compression method ${entry.method}`)
    if (entry.offset + entry.compressedBytes > size)
      throw new Error(`zip entry ${name}: the file ends too early`)
    if (!name.endsWith('/')) entries.push(entry)
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

async function* readEntry(file: FileHandle, entry: Entry): AsyncGenerator<Buffer, void, undefined> {
  const header = await readAt(file, entry.offset, 30)
  if (header.length < 30 || header.readUInt32LE(0) !== headerMark)
    throw new Error(`zip entry ${entry.name}: not where the directory says`)
  let at = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  for (let left = entry.compressedBytes; left > 0;) {
    const chunk = await readAt(file, at, Math.min(left, 65_536))
    if (chunk.length === 0) throw new Error(`zip entry ${entry.name}: the file ends too early`)
    yield chunk
    at += chunk.length
    left -= chunk.length
  }
}

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position)
  return buffer.subarray(0, bytesRead)
}
