import { commandTable } from './command-table.ts'
import { describeError } from './describe-error.ts'
import type { ExitCode } from './define-command.ts'
import { readEnvironmentFile } from './environment-file.ts'
import { findCommand } from './find-command.ts'
import { createTerminal, type Streams } from './terminal/terminal.ts'
import type { Host } from '@tripline/model'

/** What the command line gets from the process; tests give their own. */
export interface Surroundings {
  readonly streams: Streams
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  readonly stdin: NodeJS.ReadableStream
  /** What connectors are lent. */
  readonly host: Partial<Host>
}

/**
 * Runs one call of the command line. Never throws: an error is a line on stderr and 1.
 * @example await runCli(['fields', 'plan', '--json'], surroundings) // => 2: there is something to apply
 */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const terminal = createTerminal(surroundings.streams, argv.includes('--json'))
  try {
    const { parseCall } = await import('./parse-call.ts')
    const name = findCommand(argv, Object.keys(commandTable))
    const loaded = name === undefined ? undefined : await commandTable[name]?.load()
    const call = await parseCall(argv, loaded?.command, surroundings.streams)
    if (call.kind === 'ended') return call.code
    readEnvironmentFile(call.common.envFile, surroundings.folder)
    return await call.command.run({
      args: call.args,
      terminal,
      folder: surroundings.folder,
      signal: surroundings.signal,
      host: surroundings.host,
      stdin: surroundings.stdin,
      openDefinitions: async (file) => {
        const { openDefinitions } = await import('./definitions/open-definitions.ts')
        const { config } = call.common
        return openDefinitions({ definitions: file, config, folder: surroundings.folder })
      },
      definitions: async (file) => {
        const { loadDefinitions } = await import('./definitions/load-definitions.ts')
        const { config } = call.common
        return loadDefinitions({ definitions: file, config, folder: surroundings.folder })
      },
      config: async () => {
        const { loadConfig } = await import('./config/load-config.ts')
        return loadConfig({
          ...(call.common.config !== undefined && { path: call.common.config }),
          ...surroundings,
          terminal,
        })
      },
    })
  } catch (error) {
    terminal.error(surroundings.signal.aborted ? 'interrupted' : describeError(error))
    return 1
  }
}
