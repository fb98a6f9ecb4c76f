import { resolve } from 'node:path'
import type { Definitions } from '@tripline/triggers'
import { backtest, type BacktestResult } from '../backtest/backtest.ts'
import { inputArguments, openInput, readTimeArgument } from '../backtest/input/input-arguments.ts'
import { checkOutputs, type NamedFile } from '../backtest/output/check-outputs.ts'
import { openOutput } from '../backtest/output/open-output.ts'
import { readingText } from '../backtest/output/reading-report.ts'
import { showProgress } from '../backtest/output/show-progress.ts'
import { CliError } from '../cli-error.ts'
import { defineCommand, type CommandContext } from '../define-command.ts'
import { definitionsArgument } from '../definitions/definitions-argument.ts'
import { comparisonText } from '../report/comparison-text.ts'
import { ledgerSummaryText } from '../report/summary-text.ts'

const args = {
  definitions: definitionsArgument,
  ...inputArguments,
  trigger: {
    type: 'string',
    placeholder: 'ID',
    help: 'run this trigger alone; caps and priorities then know no other',
  },
  from: {
    type: 'string',
    placeholder: 'TIME',
    help: 'the definitions go live then: what lies before is history, and nothing fires by it',
  },
  to: { type: 'string', placeholder: 'TIME', help: 'events at or after it are not read' },
  until: {
    type: 'string',
    placeholder: 'TIME',
    help: 'waits due before it end, also after the last event',
  },
  against: {
    type: 'string',
    placeholder: 'FILE',
    help: 'the definitions as they were: show what --definitions changes, and for whom',
  },
  out: {
    type: 'string',
    placeholder: 'FILE',
    help: 'write the ledger there as NDJSON, with --against the differences; - is stdout, the summary then goes to stderr',
  },
  rejects: { type: 'string', placeholder: 'FILE', help: 'list all lines that are wrong there, as NDJSON' },
} as const
type Context = CommandContext<typeof args>

export const command = defineCommand({
  name: 'backtest',
  summary: 'Replay past events through triggers: what would have fired, been sent, been refused',
  description: [
    'Nothing is sent. Several files are one stream. Events are put in the order of their time; a message that repeats',
    'another within 7 days is dropped. Traits come from identify events and --traits. The ledger (--out) has one line per',
    'change of a segment, fire, entry, send and refusal, ordered by time.',
  ].join('\n'),
  args,
  examples: [
    'tripline backtest --definitions triggers.ts --events events.ndjson.gz --out ledger.ndjson',
    'tripline backtest --definitions new.ts --against old.ts --events 2026-*.parquet --from 2026-06-01',
    'tripline backtest --events orders.csv --columns "userId=customer,timestamp=day:utc,event=\'Order Completed\',properties.revenue=sum:number"',
  ],
  exitCodes: { 1: 'error or interrupted', 2: 'lines of the input are wrong; the rest was replayed' },
  async run(context) {
    const { args: given, folder, terminal, signal } = context
    const { definitions, against, paths } = await load(context)
    const outputs = [
      { option: '--out', name: given.out },
      { option: '--rejects', name: given.rejects },
    ]
    checkOutputs(outputs, [...paths, ...readBy(given)], folder)
    const input = openInput(given, { ...context, lateness: definitions.policy.lateness })
    const progress = showProgress(terminal, input.events)
    const result = await backtest({
      ...input,
      ...timesOf(given),
      definitions,
      ...(against && { against }),
      onProgress: progress.update,
      openOutput: (temporary) => {
        progress.restart()
        return openOutput(
          {
            ...(given.out !== undefined && { out: given.out === '-' ? '-' : resolve(folder, given.out) }),
            ...(given.rejects !== undefined && { rejects: resolve(folder, given.rejects) }),
            isComparison: against !== undefined,
            row: (value) => terminal.row(value),
          },
          temporary,
        )
      },
    }).finally(() => progress.end())
    if (signal.aborted) throw new CliError('interrupted')
    const text = await resultText(result)
    if (given.out !== '-') terminal.result(jsonOf(result), () => text)
    else terminal.note(terminal.json ? JSON.stringify(jsonOf(result)) : text)
    return Object.keys(result.input.problems).length > 0 ? 2 : 0
  },
})

async function load({ args: given, definitions: read }: Context) {
  const now = await read(given.definitions)
  const definitions = onlyTrigger(now.definitions, given.trigger)
  const paths = [{ option: given.definitions === undefined ? '--config' : '--definitions', name: now.path }]
  if (given.against === undefined) return { definitions, paths }
  const before = await read(given.against)
  return {
    definitions,
    against: onlyTrigger(before.definitions, given.trigger, true),
    paths: [...paths, { option: '--against', name: before.path }],
  }
}

function readBy({ events, traits, records, users, columns }: Context['args']): readonly NamedFile[] {
  return [
    ...events.map((name) => ({ option: '--events', name })),
    { option: '--traits', name: traits },
    { option: '--records', name: records },
    { option: '--users', name: users },
    // With `=` it is the map itself.
    { option: '--columns', name: columns?.includes('=') === true ? undefined : columns },
  ]
}

/** In what the definitions were before, a trigger may be missing. */
function onlyTrigger(definitions: Definitions, id: string | undefined, mayLack = false): Definitions {
  if (id === undefined) return definitions
  const triggers = definitions.triggers.filter((trigger) => trigger.id === id)
  if (triggers.length > 0 || mayLack) return { ...definitions, triggers }
  const known = definitions.triggers.map((trigger) => trigger.id).join(', ')
  throw new CliError(`there is no trigger ${id}; there are ${known || 'none'}`)
}

function timesOf({ from, to, until }: Context['args']) {
  const times = {
    ...(from !== undefined && { fromMs: readTimeArgument('--from', from) }),
    ...(to !== undefined && { toMs: readTimeArgument('--to', to) }),
    ...(until !== undefined && { untilMs: readTimeArgument('--until', until) }),
  }
  const { fromMs = -Infinity, toMs = Infinity } = times
  if (fromMs >= toMs) throw new CliError('--from has to lie before --to')
  return times
}

const jsonOf = ({ summary, comparison, input }: BacktestResult) => ({
  ...summary,
  ...(comparison && { comparison }),
  input,
})

async function resultText({ summary, comparison, input }: BacktestResult): Promise<string> {
  const told = comparison === undefined ? ledgerSummaryText(summary) : comparisonText(comparison)
  return `${await told}\n\n${readingText(input)}`
}
