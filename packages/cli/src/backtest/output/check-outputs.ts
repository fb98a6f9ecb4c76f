import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'

/** A file that an option names. */
export interface NamedFile {
  readonly option: string
  /** As it was given; absent: the option was not. */
  readonly name: string | undefined
}

/**
 * Refuses to write over what is read, under whatever name or link, and to write two outputs to one file. `-` is no file.
 * @throws {CliError} naming both options
 */
export function checkOutputs(
  outputs: readonly NamedFile[],
  inputs: readonly NamedFile[],
  folder: string,
): void {
  const read = new Map(identified(inputs, folder).map(({ identity, option }) => [identity, option]))
  const written = new Map<string, string>()
  for (const { option, name, identity } of identified(outputs, folder)) {
    const reader = read.get(identity)
    if (reader !== undefined) throw new CliError(`${option} ${name} is a file that ${reader} reads`)
    const other = written.get(identity)
    if (other !== undefined) throw new CliError(`${other} and ${option} are the same file`)
    written.set(identity, option)
  }
}

function identified(files: readonly NamedFile[], folder: string) {
  return files.flatMap(({ option, name }) => {
    if (name === undefined || name === '-') return []
    const identity = identityOf(resolve(folder, name))
    return identity === undefined ? [] : [{ option, name, identity }]
  })
}

/** The same for all names of a file; `undefined` for what may be written while it is read (a device, a pipe). */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  if (found !== undefined) return found.isFile() ? `${found.dev}:${found.ino}` : undefined
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    // That there is no such folder is said when the file is opened.
    return path
  }
}
