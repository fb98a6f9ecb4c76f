import { Command as Parser, CommanderError, InvalidArgumentError, Option, type OptionValues } from 'commander'
import { commandTable } from './command-table.ts'
import type { Argument, Arguments, ArgumentValues, Command, ExitCode } from './define-command.ts'
import { helpText } from './help-text.ts'
import { readNumber } from './read-number.ts'
import type { Streams } from './terminal/terminal.ts'
import { readVersion } from './version.ts'

/** Options that every command has. */
export interface CommonOptions {
  readonly config?: string
  readonly envFile?: string
  readonly json: boolean
}
export type ParsedCall =
  | {
      readonly kind: 'command'
      readonly command: Command
      readonly args: ArgumentValues<Arguments>
      readonly common: CommonOptions
    }
  /** Help or version was printed, or what is wrong with the call. */
  | { readonly kind: 'ended'; readonly code: ExitCode }

/** Reads the words of one call. Only the named command is loaded; the others are known by their summaries. */
export async function parseCall(
  argv: readonly string[],
  command: Command | undefined,
  streams: Streams,
): Promise<ParsedCall> {
  let found: ParsedCall | undefined
  const program = createParser('tripline', streams)
    .description('One definition of events, profiles and segments, kept true in five vendors')
    .version(await readVersion(), '-V, --version', 'print the version')
  for (const [name, { summary }] of Object.entries(commandTable)) {
    const parser = addByName(program, name, streams).description(summary)
    if (command?.name !== name) continue
    addArguments(parser, command)
    parser.action((...given: unknown[]) => {
      found = { kind: 'command', command, ...readValues(command.args, given) }
    })
  }
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { kind: 'ended', code: error.exitCode === 0 || isHelp(error) ? 0 : 1 }
  }
  return found ?? { kind: 'ended', code: 1 }
}

const isHelp = (error: CommanderError): boolean => error.code === 'commander.help' && error.exitCode === 0

function createParser(name: string, streams: Streams): Parser {
  return new Parser(name)
    .exitOverride()
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .showHelpAfterError('(--help shows what can be given)')
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
    })
}

/** `fields plan` goes below a group `fields`, which is made when its first command comes. */
function addByName(program: Parser, name: string, streams: Streams): Parser {
  const [first = '', second] = name.split(' ')
  const add = (above: Parser, word: string): Parser => {
    const parser = createParser(word, streams)
    above.addCommand(parser)
    return parser
  }
  if (second === undefined) return add(program, first)
  const group = program.commands.find((each) => each.name() === first) ?? add(program, first)
  group.description(groups[first] ?? '')
  return add(group, second)
}
const groups: Readonly<Record<string, string>> = {
  fields: 'Compare the field registry with the vendors, and create what is missing',
  profiles: 'Read profiles from a vendor',
  segments: 'List, read, copy and compare segments',
  'tracking-plan': 'Make a tracking plan from what others have',
}

function addArguments(parser: Parser, command: Command): void {
  for (const [name, argument] of Object.entries(command.args)) {
    if (argument.type !== 'boolean' && argument.positional) {
      const word = `${argument.placeholder ?? name}${argument.repeat ? '...' : ''}`
      parser.argument(argument.required ? `<${word}>` : `[${word}]`, argument.help, toReader(argument))
    } else parser.addOption(toOption(name, argument))
  }
  parser.option('--json', 'print the result as JSON')
  parser.option('--config <FILE>', 'the config, instead of the nearest tripline.config.ts')
  parser.option('--env-file <FILE>', 'variables for the environment, instead of .env')
  parser.addHelpText('after', helpText(command))
}

function toOption(name: string, argument: Argument): Option {
  const flag = `--${kebab(name)}`
  if (argument.type === 'boolean') return new Option(flag, argument.help)
  const placeholder = argument.placeholder ?? (argument.type === 'number' ? 'N' : 'TEXT')
  const option = new Option(`${flag} <${placeholder}>`, argument.help).argParser(toReader(argument))
  if (argument.default !== undefined) option.default(argument.default)
  if (argument.required) option.makeOptionMandatory()
  return option
}

/** Reads one value; a repeated one joins those before it. */
function toReader(
  argument: Exclude<Argument, { type: 'boolean' }>,
): (text: string, previous: unknown) => unknown {
  return (text, previous) => {
    const value = argument.type === 'number' ? readNumber(text, argument) : readText(text, argument.choices)
    return argument.repeat ? [...(Array.isArray(previous) ? (previous as unknown[]) : []), value] : value
  }
}

function readText(text: string, choices: readonly string[] | undefined): string {
  if (choices === undefined || choices.includes(text)) return text
  throw new InvalidArgumentError(`allowed: ${choices.join(', ')}`)
}

/** What commander hands to an action: the positional values, the options, itself. */
function readValues(
  args: Arguments,
  given: readonly unknown[],
): { readonly args: ArgumentValues<Arguments>; readonly common: CommonOptions } {
  const positional = Object.entries(args).filter(
    ([, argument]) => argument.type !== 'boolean' && argument.positional,
  )
  const options = given[positional.length] as OptionValues
  const values = Object.entries(args).map(([name, argument]) => {
    const index = positional.findIndex(([other]) => other === name)
    const value: unknown = index === -1 ? options[name] : given[index]
    if (argument.type === 'boolean') return [name, value === true]
    return [name, argument.repeat ? (value ?? []) : value]
  })
  const { config, envFile, json } = options as { config?: string; envFile?: string; json?: boolean }
  return {
    args: Object.fromEntries(values) as ArgumentValues<Arguments>,
    common: {
      json: json === true,
      ...(config !== undefined && { config }),
      ...(envFile !== undefined && { envFile }),
    },
  }
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
