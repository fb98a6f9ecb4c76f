import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { Fault, Mistake } from '@tripline/model'
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

/** @param append goes on with the file of an earlier run; else it is made anew */
export function openRejects(path: string | undefined, append: boolean): Rejects {
  if (path === undefined) return { write: async () => undefined, close: async () => undefined }
  const stream = createWriteStream(path, { flags: append ? 'a' : 'w' })
  return {
    async write(reject) {
      if (!stream.write(`${JSON.stringify(reject)}\n`)) await once(stream, 'drain')
    },
    async close() {
      stream.end()
      await once(stream, 'close')
    },
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
