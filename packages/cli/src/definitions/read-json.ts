import { readFile } from 'node:fs/promises'
import { CliError } from '../cli-error.ts'

/**
 * What a file of JSON holds.
 * @param what is missing when there is no such file
 * @throws {CliError} there is none, or it is no JSON
 */
export async function readJson(path: string, what: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new CliError(`no ${what} at ${path}`, { cause })
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch (cause) {
    throw new CliError(`${path} is no JSON: ${(cause as Error).message}`, { cause })
  }
}
