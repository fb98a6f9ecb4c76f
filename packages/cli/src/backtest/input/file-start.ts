/** Files that are neither NDJSON nor CSV are known by how they begin; after gzip is unpacked. */
const starts = [
  { bytes: [0x50, 0x41, 0x52, 0x31], problem: 'is Parquet, which cannot be read from stdin: name the file' },
  { bytes: [0xff, 0xfe], problem: 'is UTF-16; write it as UTF-8' },
  { bytes: [0xfe, 0xff], problem: 'is UTF-16; write it as UTF-8' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], problem: 'is packed as zip; unpack it, or pack it with gzip' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], problem: 'is packed as Zstandard; unpack it, or pack it with gzip' },
  { bytes: [0x42, 0x5a, 0x68], problem: 'is packed as bzip2; unpack it, or pack it with gzip' },
] as const

/** The bytes are no lines of text at all. */
export class NoText extends Error {
  override readonly name = 'NoText'
}

/**
 * Lets text pass.
 * @throws {NoText} the first bytes say that it is something else
 */
export async function* onlyText(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isFirst = true
  for await (const chunk of chunks) {
    const start = isFirst
      ? starts.find(({ bytes }) => bytes.every((byte, at) => chunk[at] === byte))
      : undefined
    if (start !== undefined) throw new NoText(start.problem)
    isFirst = false
    yield chunk
  }
}
