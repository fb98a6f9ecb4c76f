import { createReadStream, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CliError } from '../cli-error.ts'
import { countBytes } from '../count-bytes.ts'
import { readLines, type RawLine } from './read-lines.ts'

/** One input of NDJSON, packed with gzip or not. */
export interface Source {
  /** As given: a path, or `-` for stdin. */
  readonly name: string
  /** What a checkpoint knows it by. */
  readonly id: string
  /** Bytes as stored; unknown for stdin. */
  readonly sizeBytes?: number
  /** `onRead` is told how many stored bytes were taken. Stdin can be opened once. */
  open(onRead?: (bytes: number) => void): AsyncIterable<readonly RawLine[]>
}

/** @throws {CliError} a file is not there, or stdin is named twice */
export function openSources(
  names: readonly string[],
  folder: string,
  stdin: NodeJS.ReadableStream,
): readonly Source[] {
  if (names.filter((name) => name === '-').length > 1) throw new CliError('stdin (-) can be read once')
  return names.map((name): Source => {
    if (name === '-')
      return { name, id: name, open: (onRead) => linesOf(name, stdin as AsyncIterable<Uint8Array>, onRead) }
    const path = resolve(folder, name)
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found?.isFile()) throw new CliError(`no file at ${path}`)
    return {
      name,
      id: path,
      sizeBytes: found.size,
      open: (onRead) => linesOf(name, createReadStream(path, { highWaterMark: 262_144 }), onRead),
    }
  })
}

async function* linesOf(
  name: string,
  stored: AsyncIterable<Uint8Array>,
  onRead: ((bytes: number) => void) | undefined,
): AsyncGenerator<readonly RawLine[], void, undefined> {
  try {
    yield* readLines(unpacked(countBytes(stored, onRead)))
  } catch (cause) {
    const code = (cause as { readonly code?: unknown }).code
    if (typeof code !== 'string' || !/^(?:Z_|E[A-Z]+$)/.test(code)) throw cause
    throw new CliError(`${name}: cannot be read on (${(cause as Error).message})`, { cause })
  }
}

/** Gzip is known by its first two bytes, so a packed stdin works too. */
async function* unpacked(
  stored: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const first = await stored.next()
  if (first.done) return
  const all = (async function* () {
    yield first.value
    yield* stored
  })()
  const packed = first.value[0] === 0x1f && first.value[1] === 0x8b
  if (packed)
    yield* Readable.from(all, { objectMode: false }).compose(createGunzip()) as AsyncIterable<Uint8Array>
  else yield* all
}
