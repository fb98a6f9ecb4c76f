import { closeSync, openSync, readSync, writeSync } from 'node:fs'

/** A record of the sorter: sorted by key, the text is carried along. */
export interface Record {
  readonly key: string
  readonly text: string
}

const bufferBytes = 262_144
const headerBytes = 8

/** Writes records one after another: both lengths (32 bits each), the key, the text, both as UTF-16 or UTF-8 bytes. */
export class RunWriter {
  readonly #file: number
  #buffer = Buffer.allocUnsafe(bufferBytes)
  #used = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600)
  }

  write({ key, text }: Record): void {
    const most = headerBytes + key.length * 2 + text.length * 3
    if (this.#used + most > this.#buffer.length) this.#flush(most)
    const keyBytes = this.#buffer.write(key, this.#used + headerBytes, 'utf16le')
    const textBytes = this.#buffer.write(text, this.#used + headerBytes + keyBytes, 'utf8')
    this.#buffer.writeUInt32LE(keyBytes, this.#used)
    this.#buffer.writeUInt32LE(textBytes, this.#used + 4)
    this.#used += headerBytes + keyBytes + textBytes
  }

  close(): void {
    this.#flush(0)
    closeSync(this.#file)
  }

  #flush(neededBytes: number): void {
    for (let from = 0; from < this.#used;) {
      from += writeSync(this.#file, this.#buffer, from, this.#used - from)
    }
    this.#used = 0
    if (neededBytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(neededBytes)
  }
}

/** Reads the records of a run file back in their order. */
export function* readRun(path: string): Generator<Record, void, undefined> {
  const file = openSync(path, 'r')
  try {
    let buffer = Buffer.allocUnsafe(bufferBytes)
    let [from, to] = [0, 0]
    /** Makes sure that so many bytes lie ready; `false` at the end. */
    const need = (bytes: number): boolean => {
      if (to - from >= bytes) return true
      const larger = bytes > buffer.length ? Buffer.allocUnsafe(bytes) : buffer
      buffer.copy(larger, 0, from, to)
      buffer = larger
      to -= from
      from = 0
      while (to < bytes) {
        const read = readSync(file, buffer, to, buffer.length - to, null)
        if (read === 0) return false
        to += read
      }
      return true
    }
    while (need(headerBytes)) {
      const keyBytes = buffer.readUInt32LE(from)
      const textBytes = buffer.readUInt32LE(from + 4)
      if (!need(headerBytes + keyBytes + textBytes)) throw new Error(`${path} breaks off`)
      const keyEnd = from + headerBytes + keyBytes
      const key = buffer.toString('utf16le', from + headerBytes, keyEnd)
      const text = buffer.toString('utf8', keyEnd, keyEnd + textBytes)
      from = keyEnd + textBytes
      yield { key, text }
    }
  } finally {
    closeSync(file)
  }
}
