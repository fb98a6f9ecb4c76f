import type { Host } from '@tripline/model'
import type { LoadedConfig } from './config/load-config.ts'
import type { OpenedDefinitions } from './definitions/assemble.ts'
import type { LoadedDefinitions } from './definitions/load-definitions.ts'
import type { Terminal } from './terminal/terminal.ts'

/** 0: done, or nothing to change. 1: error. 2: changes or drift, or something was not delivered. */
export type ExitCode = 0 | 1 | 2

interface ArgumentBase {
  /** One line for `--help`. */
  readonly help: string
  /** Given by its place instead of by `--name`. The last one may repeat. */
  readonly positional?: true
  /** May be given several times. */
  readonly repeat?: true
  readonly required?: true
  /** What `--help` calls the value: `FILE`. */
  readonly placeholder?: string
}
export interface TextArgument extends ArgumentBase {
  readonly type: 'string'
  readonly choices?: readonly string[]
  readonly default?: string
}
export interface NumberArgument extends ArgumentBase {
  readonly type: 'number'
  readonly default?: number
  readonly min?: number
  readonly max?: number
  readonly integer?: true
}
export interface FlagArgument {
  readonly type: 'boolean'
  readonly help: string
}
export type Argument = TextArgument | NumberArgument | FlagArgument
export type Arguments = Readonly<Record<string, Argument>>

type One<A extends Argument> = A extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : A extends { readonly type: 'number' }
    ? number
    : string
type ValueOf<A extends Argument> = A extends { readonly type: 'boolean' }
  ? boolean
  : A extends { readonly repeat: true }
    ? readonly One<A>[]
    : A extends { readonly required: true } | { readonly default: string | number }
      ? One<A>
      : One<A> | undefined
/** The typed values of a command's arguments; `dryRun` is written `--dry-run`. */
export type ArgumentValues<A extends Arguments> = { readonly [Name in keyof A]: ValueOf<A[Name]> }

/** What a handler works with. */
export interface CommandContext<A extends Arguments = Arguments> {
  readonly args: ArgumentValues<A>
  /** Where results (stdout) and progress (stderr) go. */
  readonly terminal: Terminal
  /** Finds, loads and checks the config; each handler that needs one asks for it. */
  readonly config: () => Promise<LoadedConfig>
  /** Those of this file (`--definitions`), else of the config; no connector is created. */
  readonly definitions: (file?: string) => Promise<LoadedDefinitions>
  /** The same before it is checked, with its mistakes. */
  readonly openDefinitions: (file?: string) => Promise<OpenedDefinitions>
  /** The folder the command was called in. */
  readonly folder: string
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
  /** What every connector is lent; empty outside tests and the demo. */
  readonly host: Partial<Host>
  readonly stdin: NodeJS.ReadableStream
}
/** One command: what it is called, what it takes, and a short handler that calls a package and prints. */
export interface CommandDefinition<A extends Arguments> {
  /** `send`, `fields plan` */
  readonly name: string
  readonly summary: string
  /** More than the summary, for `--help`. */
  readonly description?: string
  readonly args: A
  /** At least one call that works, for `--help`. */
  readonly examples: readonly string[]
  /** What 0, 1 and 2 mean here, where it says more than `ExitCode`. */
  readonly exitCodes?: Readonly<Partial<Record<ExitCode, string>>>
  run(context: CommandContext<A>): Promise<ExitCode>
}
/** A command with its argument types forgotten, as the table of commands holds it. */
export type Command = CommandDefinition<Arguments>

/**
 * @example
 * export const command = defineCommand({
 *   name: 'hello',
 *   summary: 'Greet somebody',
 *   args: { who: { type: 'string', required: true, help: 'whom to greet' } },
 *   examples: ['tripline hello --who Ada'],
 *   async run({ args, terminal }) {
 *     terminal.result({ hello: args.who }, () => `hello ${args.who}`)
 *     return 0
 *   },
 * })
 */
export function defineCommand<const A extends Arguments>(definition: CommandDefinition<A>): Command {
  return definition
}
