import { assumptionsOf, explainUser, explanationText, type Definitions } from '@tripline/triggers'
import { inputArguments, openInput, readTimeArgument } from '../backtest/input/input-arguments.ts'
import { findingLines } from '../backtest/output/value-findings.ts'
import { showProgress } from '../backtest/output/show-progress.ts'
import { CliError } from '../cli-error.ts'
import { defineCommand } from '../define-command.ts'
import { definitionsArgument } from '../definitions/definitions-argument.ts'
import { replayUser } from '../explain/replay-user.ts'
import { counted, indented, section } from '../report/words.ts'

// Everybody else is read past.
const { users: _, ...shared } = inputArguments

export const command = defineCommand({
  name: 'explain',
  summary: 'Show for one user what each trigger saw, asked and did, and why',
  description: [
    'Replays the events as backtest does, all triggers together, and tells what happened inside: waits that start and end,',
    'counts, conditions with the values they had, guards with their answers, steps. Times are in UTC.',
  ].join('\n'),
  args: {
    user: { type: 'string', required: true, placeholder: 'ID', help: 'the userId to explain' },
    trigger: { type: 'string', placeholder: 'ID', help: 'tell of this trigger only; all are run' },
    at: {
      type: 'string',
      placeholder: 'TIME',
      help: 'also what waited, ran and held then; the time line a day before and after it',
    },
    until: {
      type: 'string',
      placeholder: 'TIME',
      help: 'waits due before it end, also after the last event',
    },
    definitions: definitionsArgument,
    ...shared,
  },
  examples: [
    'tripline explain --user u17 --definitions triggers.ts --events events.ndjson.gz',
    'tripline explain --user u17 --trigger abandoned-cart --at 2026-11-01T18:30:00Z --events events.ndjson',
  ],
  exitCodes: { 0: 'explained', 2: 'the user is not in the data' },
  async run(context) {
    const { args: given, terminal } = context
    const { definitions } = await context.definitions(given.definitions)
    checkTrigger(definitions, given.trigger)
    const atMs = given.at === undefined ? undefined : readTimeArgument('--at', given.at)
    const input = openInput(
      { ...given, users: undefined },
      { ...context, lateness: definitions.policy.lateness },
    )
    const progress = showProgress(terminal, input.events)
    const replayed = await replayUser({
      ...input,
      definitions,
      userId: given.user,
      ...(atMs !== undefined && { atMs }),
      ...(given.until !== undefined && { untilMs: readTimeArgument('--until', given.until) }),
      onStart: progress.restart,
      onProgress: progress.update,
    }).finally(() => progress.end())
    const { seen, held, findings } = replayed.output
    if (replayed.problems.count > 0) terminal.note(problemsText(replayed.problems.count))
    const explanation = explainUser({
      definitions,
      userId: given.user,
      seen,
      ...(given.trigger !== undefined && { trigger: given.trigger }),
      ...(atMs !== undefined && { at: { atMs, ...(held && { held }) } }),
    })
    const isKnown = seen.length > 0
    const assumptions = assumptionsOf(definitions, replayed.sources)
    terminal.result({ ...explanation, known: isKnown, findings, assumptions }, () =>
      isKnown
        ? [
            explanationText(explanation),
            ...section('Values that do not fit', indented(findingLines(findings))),
            ...section('Assumed', indented(assumptions.map(({ text }) => text))),
          ].join('\n')
        : unknownText(given.user, replayed.counts.events),
    )
    return isKnown ? 0 : 2
  },
})

function checkTrigger({ triggers }: Definitions, id: string | undefined): void {
  if (id === undefined || triggers.some((trigger) => trigger.id === id)) return
  const known = triggers.map((trigger) => trigger.id).join(', ')
  throw new CliError(`there is no trigger ${id}; there are ${known || 'none'}`)
}

function unknownText(userId: string, events: number): string {
  return [
    `User ${userId} is not in these files: none of the ${counted(events, 'event')} has this userId.`,
    'Ids stand as they are written in the events, capitals included. A visitor who is linked to a user is explained',
    'under the userId, one who is not under the anonymousId.',
  ].join('\n')
}

const problemsText = (count: number): string =>
  `${counted(count, 'line')} of the input ${count === 1 ? 'is' : 'are'} wrong; "tripline backtest" lists them`
