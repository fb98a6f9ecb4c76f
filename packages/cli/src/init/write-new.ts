import { writeFile } from 'node:fs/promises'
import { CliError } from '../cli-error.ts'

/** Writes a file that is not there yet. @throws {CliError} it is there, and `force` is not set */
export async function writeNew(path: string, content: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, content, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== 'EEXIST') throw cause
    throw new CliError(`${path} exists; --force overwrites it`, { cause })
  }
}
