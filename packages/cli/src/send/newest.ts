import { messageTypes, readInstant, type Instant } from '@tripline/model'
import { CliError } from '../cli-error.ts'
import type { Source } from './source.ts'

const eventTypes: readonly unknown[] = messageTypes.filter((type) =>
  ['track', 'page', 'screen'].includes(type),
)

/**
 * The time of the newest event of the input, for routes with `lastDays`. Reads the whole input once; lines that are no
 * messages are left to the real reading.
 * @throws {CliError} stdin can be read only once
 */
export async function findNewest(
  sources: readonly Source[],
  signal: AbortSignal,
): Promise<Instant | undefined> {
  if (sources.some(({ name }) => name === '-'))
    throw new CliError('a route has lastDays, and stdin can be read only once: say --now')
  let newest: Instant | undefined
  for (const source of sources) {
    for await (const lines of source.open()) {
      signal.throwIfAborted()
      for (const { text } of lines) {
        const at = eventTime(text)
        if (at !== undefined && (newest === undefined || at > newest)) newest = at
      }
    }
  }
  return newest
}

function eventTime(text: string): Instant | undefined {
  try {
    const { type, timestamp } = JSON.parse(text) as { readonly type?: unknown; readonly timestamp?: unknown }
    if (!eventTypes.includes(type) || typeof timestamp !== 'string') return undefined
    const read = readInstant(timestamp)
    return read.ok ? read.at : undefined
  } catch {
    return undefined
  }
}
