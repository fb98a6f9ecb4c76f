import { examine, parseDefinitions, type Definitions, type Finding } from '@tripline/triggers'
import { inputArguments, openInput } from '../backtest/input/input-arguments.ts'
import { showProgress } from '../backtest/output/show-progress.ts'
import { CliError } from '../cli-error.ts'
import { vendors } from '../config/vendors.ts'
import { defineCommand, type CommandContext } from '../define-command.ts'
import { definitionsArgument } from '../definitions/definitions-argument.ts'
import { findingsText } from '../definitions/findings-text.ts'
import { placed } from '../definitions/load-definitions.ts'
import { segmentsOnData } from '../definitions/segments-on-data.ts'

const { required: _, ...eventsArgument } = inputArguments.events
const args = {
  definitions: definitionsArgument,
  ...inputArguments,
  events: {
    ...eventsArgument,
    help: `also say which segments are nearly empty or nearly the same on ${eventsArgument.help}`,
  },
} as const
type Context = CommandContext<typeof args>

export const command = defineCommand({
  name: 'check',
  summary: 'Find what is wrong in triggers, segments and the tracking plan before they run',
  description: [
    'Unknown names, types that do not suit, conditions that never or always hold, steps that no run reaches, limits that',
    'waits undo, caps that can never bite, names against the rule. No account is called, nothing is executed but the file.',
  ].join('\n'),
  args,
  examples: [
    'tripline check',
    'tripline check --definitions triggers.ts --json',
    'tripline check --definitions triggers.ts --events events.ndjson.gz',
  ],
  exitCodes: { 0: 'nothing found', 1: 'errors', 2: 'warnings, no errors' },
  async run(context) {
    const { args: given, terminal } = context
    refuseWithoutEvents(given)
    const opened = await context.openDefinitions(given.definitions)
    const mistakes = opened.mistakes.map(({ path, message, allowed }): Finding => ({
      severity: 'error',
      rule: 'structure',
      path,
      message: allowed === undefined ? message : `${message} (allowed: ${allowed.join(', ')})`,
    }))
    const parsed = parseDefinitions(opened.input)
    const onData = given.events.length > 0 && parsed.ok ? await askData(parsed.definition, context) : []
    if (given.events.length > 0 && !parsed.ok)
      terminal.note('the events are not read: correct the errors first')
    const own = placed(opened, [...examine(opened.input, { vendors }), ...onData])
    const findings = [...mistakes, ...own]
    terminal.result({ path: opened.path, findings }, () => findingsText(opened.path, findings))
    if (findings.some(({ severity }) => severity === 'error')) return 1
    return findings.length > 0 ? 2 : 0
  },
})

async function askData(definitions: Definitions, context: Context): Promise<readonly Finding[]> {
  const { args: given, terminal, signal } = context
  const input = openInput(given, { ...context, lateness: definitions.policy.lateness })
  const progress = showProgress(terminal, input.events)
  const onData = await segmentsOnData(definitions, { ...input, onProgress: progress.update }).finally(() =>
    progress.end(),
  )
  if (signal.aborted) throw new CliError('interrupted')
  terminal.note(`${onData.events} events of ${onData.users} users read`)
  if (onData.problems > 0)
    terminal.note(`${onData.problems} lines of the events are wrong; "tripline backtest" lists them`)
  return onData.findings
}

/** @throws {CliError} an option about events, but no events */
function refuseWithoutEvents(given: Context['args']): void {
  if (given.events.length > 0) return
  const { definitions: _, events: __, ...about } = given
  const name = (Object.keys(about) as (keyof typeof about)[]).find(
    (each) => about[each] !== undefined && about[each] !== false,
  )
  if (name !== undefined) throw new CliError(`--${kebab(name)} is about events; give --events FILE, too`)
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
