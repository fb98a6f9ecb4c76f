/** Passes bytes on, and tells how many each time. */
export async function* countBytes(
  stored: AsyncIterable<Uint8Array>,
  onRead: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stored) {
    onRead?.(chunk.length)
    yield chunk
  }
}
