import { fileURLToPath, pathToFileURL } from 'node:url'
import { CliError } from '../cli-error.ts'

/** What a module exports, by name. @throws {CliError} it does not load; the message names the file, and the line where it is known */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const [, missing] = /Cannot find package '(tripline|@tripline\/triggers)'/.exec(message) ?? []
    const advice =
      missing === undefined
        ? ''
        : `\nInstall ${missing} beside it (npm install ${missing}), or export a plain object.`
    throw new CliError(`${path}${placeIn(path, cause)} does not load: ${message}${advice}`, { cause })
  }
}

/**
 * Where it went wrong: `:3:3`, or of a file that the module imports ` (at /shop/plan.ts:3:3)`. A syntax error of
 * TypeScript has its line before the message; one of JavaScript does not tell it.
 */
function placeIn(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const [, syntax] = /^(\S[^\n]*:\d+)\n/.exec(stack) ?? []
  const frames = [...stack.matchAll(/^ {4}at (?:.*[ (])?((?:file:\/\/)?\/[^\s)]+:\d+:\d+)\)?$/gm)].map(
    ([, place = '']) => place,
  )
  const own = frames.filter(
    (place) => !place.includes('/node_modules/') && !place.includes(fileURLToPath(import.meta.url)),
  )
  const places = (syntax === undefined ? own : [syntax]).map((place) =>
    place.startsWith('file:') ? fileURLToPath(place) : place,
  )
  const here = places.find((place) => place.startsWith(`${path}:`))
  if (here !== undefined) return here.slice(path.length)
  return places[0] === undefined ? '' : ` (at ${places[0]})`
}
