import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CliError } from './cli-error.ts'

/**
 * Puts the variables of `.env` in the folder, or of `--env-file`, into the process's environment. Those that are set
 * already stay as they are.
 * @throws {CliError} the named file does not exist
 */
export function readEnvironmentFile(named: string | undefined, folder: string): void {
  const path = named === undefined ? join(folder, '.env') : resolve(folder, named)
  if (existsSync(path)) process.loadEnvFile(path)
  else if (named !== undefined) throw new CliError(`no file at ${path} (--env-file)`)
}
