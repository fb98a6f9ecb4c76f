import { readFileSync } from 'node:fs'
import { CliError } from '../../cli-error.ts'

/**
 * The user ids of a file: one a line, as plain text or as JSON with a `userId`.
 * @throws {CliError} the file cannot be read, a line of JSON has no `userId`, or there is none
 */
export function readPeople(path: string): ReadonlySet<string> {
  const people = new Set<string>()
  for (const [index, line] of readText(path).split('\n').entries()) {
    const text = line.trim()
    if (text === '') continue
    people.add(text.startsWith('{') ? userIdOf(text, `${path}:${index + 1}`) : text)
  }
  if (people.size === 0) throw new CliError(`${path} has no user id`)
  return people
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliError(`${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function userIdOf(text: string, place: string): string {
  try {
    const { userId } = JSON.parse(text) as { readonly userId?: unknown }
    if (typeof userId === 'string' && userId !== '') return userId
  } catch {
    // Said below: no JSON has no userId either.
  }
  throw new CliError(`${place} is neither an id nor JSON with a userId`)
}
