import { readFile, writeFile } from 'node:fs/promises'
import { CliError } from '../cli-error.ts'
import { environmentText, type SandboxEnvironment } from './accounts.ts'

const mark = '# written by "tripline sandbox"'

/** Writes the variables; overwrites only what an earlier sandbox wrote. @throws {CliError} the file is another's */
export async function writeEnvironment(path: string, variables: SandboxEnvironment): Promise<void> {
  const there = await readFile(path, 'utf8').catch(() => undefined)
  if (there !== undefined && !there.startsWith(mark))
    throw new CliError(`${path} was not written by the sandbox; name another file`)
  await writeFile(path, `${mark}\n${environmentText(variables)}`)
}
