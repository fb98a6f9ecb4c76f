import { createWriteStream, openSync } from 'node:fs'
import { once } from 'node:events'
import type { Fault, Mistake } from '@tripline/model'
import { CliError } from '../cli-error.ts'
import type { Vendor } from '../config/vendors.ts'

/** A line of the rejects file. `message` is the input's own, so that `jq -c .message` makes an input of it again. */
export type Reject =
  /** The line is no message. `text` is given when it is no JSON. */
  | {
      readonly reason: 'malformed'
      readonly file: string
      readonly line: number
      readonly mistakes: readonly Mistake[]
      readonly message?: unknown
      readonly text?: string
    }
  | {
      readonly reason: 'dead' | 'unknown' | 'undelivered'
      readonly vendor: Vendor
      readonly file: string
      readonly line: number
      /** Key and kind of the item that did not arrive; others of the message may have. */
      readonly key: string
      readonly kind: string
      readonly fault: Fault
      readonly message: unknown
    }

/** NDJSON of what did not arrive. */
export interface Rejects {
  /** Waits while the disk is slow. */
  write(reject: Reject): Promise<void>
  close(): Promise<void>
}

/**
 * @param append goes on with the file of an earlier run; else it is made anew
 * @throws {CliError} the file cannot be opened
 */
export function openRejects(path: string | undefined, append: boolean): Rejects {
  if (path === undefined) return { write: async () => undefined, close: async () => undefined }
  const stream = createWriteStream(path, { fd: open(path, append ? 'a' : 'w') })
  let failure: Error | undefined
  stream.on('error', (error) => {
    failure = error
  })
  const throwFailure = (): void => {
    if (failure) throw new CliError(`${path} cannot be written: ${failure.message}`, { cause: failure })
  }
  return {
    async write(reject) {
      throwFailure()
      if (!stream.write(`${JSON.stringify(reject)}\n`)) await once(stream, 'drain').catch(() => undefined)
    },
    async close() {
      if (!failure) {
        stream.end()
        await once(stream, 'close').catch(() => undefined)
      }
      throwFailure()
    },
  }
}

function open(path: string, flags: 'a' | 'w'): number {
  try {
    return openSync(path, flags)
  } catch (cause) {
    throw new CliError(`${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
}

/** The message of a line, or its text when it is no JSON. */
export function originalOf(text: string): { readonly message: unknown } | { readonly text: string } {
  try {
    return { message: JSON.parse(text) as unknown }
  } catch {
    return { text }
  }
}
