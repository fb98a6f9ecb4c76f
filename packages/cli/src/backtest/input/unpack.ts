import { once } from 'node:events'
import { createGunzip } from 'node:zlib'

/** The stream of bytes ended before its gzip did, or its gzip is damaged. All before the break was given. */
export class BrokenGzip extends Error {
  override readonly name = 'BrokenGzip'
}

/**
 * Unpacks gzip, known by its first two bytes; other bytes pass as they are. Unlike a pipe it hands out everything that
 * lies before a break, and only then throws.
 * @throws {BrokenGzip} at a break
 */
export async function* unpack(
  stored: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let gunzip: Gunzip | undefined
  let isFirst = true
  for await (const chunk of stored) {
    if (isFirst && chunk[0] === 0x1f && chunk[1] === 0x8b) gunzip = startGunzip()
    isFirst = false
    if (gunzip === undefined) yield chunk
    else yield* await gunzip.write(chunk)
    if (gunzip?.failure !== undefined) break
  }
  if (gunzip === undefined) return
  yield* await gunzip.end()
  if (gunzip.failure !== undefined) throw new BrokenGzip(gunzip.failure.message, { cause: gunzip.failure })
}

interface Gunzip {
  /** Takes packed bytes and gives what they unpack to. */
  write(chunk: Uint8Array): Promise<readonly Uint8Array[]>
  end(): Promise<readonly Uint8Array[]>
  readonly failure: Error | undefined
}

function startGunzip(): Gunzip {
  const stream = createGunzip({ chunkSize: 262_144 })
  let unpacked: Uint8Array[] = []
  let failure: Error | undefined
  stream.on('data', (chunk: Uint8Array) => unpacked.push(chunk))
  const failed = once(stream, 'error').then(([error]: unknown[]) => {
    failure = error as Error
  })
  const take = (): readonly Uint8Array[] => {
    const taken = unpacked
    unpacked = []
    return taken
  }
  return {
    async write(chunk) {
      const written = new Promise<void>((resolve) => {
        stream.write(chunk, () => resolve())
      })
      await Promise.race([written, failed])
      return take()
    },
    async end() {
      const ended = failure === undefined ? once(stream, 'end') : Promise.resolve()
      stream.end()
      await Promise.race([ended.catch(() => undefined), failed])
      return take()
    },
    get failure() {
      return failure
    },
  }
}
