import { pathToFileURL } from 'node:url'
import { CliError } from '../cli-error.ts'

/** What a module exports, by name. @throws {CliError} it does not load; the message names the file */
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
    throw new CliError(`${path} does not load: ${message}${advice}`, { cause })
  }
}
