import { resolve } from 'node:path'
import { inputArguments, openInput, readTimeArgument } from '../backtest/input/input-arguments.ts'
import { showProgress } from '../backtest/output/show-progress.ts'
import { CliError } from '../cli-error.ts'
import { vendors } from '../config/vendors.ts'
import { defineCommand, type CommandContext, type ExitCode } from '../define-command.ts'
import { definitionsArgument } from '../definitions/definitions-argument.ts'
import { openCursor } from '../read/cursor-file.ts'
import { chooseQuery, queryArguments } from '../read/query.ts'
import { counted } from '../report/words.ts'
import { findSegment, segmentForms } from '../segments/find-segment.ts'
import { membersAt } from '../segments/members-by-definition.ts'
import { refuseMixed } from '../segments/members-source.ts'

const { required: _, ...eventsArgument } = inputArguments.events

const args = {
  segment: {
    type: 'string',
    required: true,
    placeholder: 'ID',
    help: 'id of the segment; at a vendor also its name',
  },
  from: { type: 'string', choices: vendors, help: 'the vendor to read' },
  form: { type: 'string', choices: segmentForms, help: 'its form, where the vendor does not list it' },
  ...queryArguments,
  cursor: { type: 'string', placeholder: 'FILE', help: 'keep there where to go on' },
  definitions: {
    ...definitionsArgument,
    help: 'with --events: the definitions, as JSON or a module; without it those of the config',
  },
  at: {
    type: 'string',
    placeholder: 'TIME',
    help: 'with --events: members after everything at this time; without it after the last event',
  },
  ...inputArguments,
  events: eventsArgument,
} as const
type Context = CommandContext<typeof args>

export const command = defineCommand({
  name: 'segments members',
  summary: 'Read the members of a segment as NDJSON, from a vendor or by its definition',
  description: [
    'With --from, from a vendor: one line per person, {"who":{…},"member":true}. Without --ids, --since or --all everybody',
    'is read. With --events, by the definition of the segment from past events: one line per member, {"userId":"…"}, in',
    'the order of the ids; of an anonymous visitor that is linked to nobody the anonymousId.',
  ].join('\n'),
  args,
  examples: [
    'tripline segments members --from hubspot --segment VIP',
    'tripline segments members --from braze --segment segment_vip --form attribute --ids u1,u2',
    'tripline segments members --segment lapsed --definitions triggers.ts --events events.ndjson.gz --at 2026-11-01',
  ],
  exitCodes: { 2: 'lines of the events are wrong; the rest was read' },
  run(context) {
    refuseMixed(context.args)
    return context.args.from === undefined ? byDefinition(context) : atVendor(context, context.args.from)
  },
})

async function atVendor(context: Context, vendor: (typeof vendors)[number]): Promise<ExitCode> {
  const { args: given, terminal, folder, signal } = context
  const connector = (await context.config()).connector(vendor)
  const segment = await findSegment({ connector, given: given.segment, form: given.form, signal })
  const cursor = await openCursor(given.cursor && resolve(folder, given.cursor), vendor)
  const isNamed = given.ids !== undefined || given.id.length > 0 || given.since !== undefined
  const query = { fields: [], ...chooseQuery({ ...given, all: given.all || !isNamed }, cursor.saved) }
  let count = 0
  for await (const page of connector.segments.members(segment, query, { signal })) {
    for (const row of page.items) await terminal.row(row)
    count += page.items.length
    await cursor.save(page)
  }
  terminal.note(`${count} rows read from ${vendor}`)
  return 0
}

async function byDefinition(context: Context): Promise<ExitCode> {
  const { args: given, terminal, signal } = context
  const { definitions } = await context.definitions(given.definitions)
  const input = openInput(given, { ...context, lateness: definitions.policy.lateness })
  const progress = showProgress(terminal, input.events)
  const { members, people, events, problems } = await membersAt({
    ...input,
    definitions,
    segment: given.segment,
    ...(given.at !== undefined && { atMs: readTimeArgument('--at', given.at) }),
    onStart: progress.restart,
    onProgress: progress.update,
    onMember: (userId) => terminal.row({ userId }),
  }).finally(() => progress.end())
  if (signal.aborted) throw new CliError('interrupted')
  terminal.note(
    `${counted(members, 'member')} among ${counted(people, 'user')} with ${counted(events, 'event')}`,
  )
  if (problems === 0) return 0
  terminal.note(
    `${counted(problems, 'line')} of the events ${problems === 1 ? 'is' : 'are'} wrong; "tripline backtest" lists them`,
  )
  return 2
}
