import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { CliError } from '../../cli-error.ts'

/** A file of lines that appears under its name only when it is complete. */
export interface LineFile {
  write(line: string): void
  /** Gives the file its name. */
  close(): void
  /** Leaves nothing behind. Does nothing after `close`. */
  discard(): void
}

const bufferCharacters = 65_536

/** @throws {CliError} the file cannot be written */
export function createLineFile(path: string): LineFile {
  const partPath = `${path}.${process.pid}.part`
  let lines = ''
  let isOpen = true
  const file = attempt(path, () => openSync(partPath, 'w'))
  const flush = (): void => {
    attempt(path, () => writeSync(file, lines))
    lines = ''
  }
  return {
    write(line) {
      lines += `${line}\n`
      if (lines.length >= bufferCharacters) flush()
    },
    close() {
      flush()
      closeSync(file)
      isOpen = false
      attempt(path, () => renameSync(partPath, path))
    },
    discard() {
      if (!isOpen) return
      isOpen = false
      closeSync(file)
      rmSync(partPath, { force: true })
    },
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new CliError(`${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
}
