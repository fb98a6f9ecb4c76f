import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { CliError } from '../../cli-error.ts'
import { removeAtExit } from '../remove-at-exit.ts'

/** A file of lines that appears under its name only when it is complete. */
export interface LineFile {
  write(line: string): void
  /** Gives the file its name. */
  close(): void
  /** Leaves nothing behind. Does nothing after `close`. */
  discard(): void
}

const bufferCharacters = 65_536

/**
 * What is no ordinary file (a device, a pipe) is written as it is; a link stays one.
 * @throws {CliError} the file cannot be written
 */
export function createLineFile(path: string): LineFile {
  const target = targetOf(path)
  const partPath = target.isWrittenInPlace ? target.path : `${target.path}.${process.pid}.part`
  let lines = ''
  let isOpen = true
  const file = attempt(path, () => openSync(partPath, 'w'))
  const removePart = (): void => {
    if (!target.isWrittenInPlace) rmSync(partPath, { force: true })
  }
  const keep = removeAtExit(removePart)
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
      isOpen = false
      closeSync(file)
      try {
        if (!target.isWrittenInPlace) attempt(path, () => renameSync(partPath, target.path))
      } finally {
        removePart()
        keep()
      }
    },
    discard() {
      if (!isOpen) return
      isOpen = false
      closeSync(file)
      removePart()
      keep()
    },
  }
}

function targetOf(path: string): { readonly path: string; readonly isWrittenInPlace: boolean } {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) throw new CliError(`${path} is a folder`)
  if (found === undefined) return { path, isWrittenInPlace: false }
  return { path: found.isFile() ? realpathSync(path) : path, isWrittenInPlace: !found.isFile() }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new CliError(`${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
}
