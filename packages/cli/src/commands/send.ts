import { systemClock } from '@tripline/kit'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { defineCommand, type CommandContext, type ExitCode } from '../define-command.ts'
import { openCheckpoint } from '../send/checkpoint.ts'
import { exitCodeOf } from '../send/exit-code.ts'
import { prepareSend, type PreparedSend } from '../send/prepare.ts'
import { openRejects } from '../send/rejects.ts'
import { sendMessages } from '../send/send.ts'
import { shownText } from '../send/show-text.ts'
import { showMessages } from '../send/show.ts'
import { summaryText } from '../send/summary-text.ts'
import { vendors } from '../config/vendors.ts'

const args = {
  events: {
    type: 'string',
    repeat: true,
    required: true,
    placeholder: 'FILE',
    help: 'NDJSON of Segment-Spec messages, also gzipped; - is stdin; may be given several times',
  },
  only: {
    type: 'string',
    repeat: true,
    choices: vendors,
    help: 'only this vendor; may be given several times',
  },
  route: {
    type: 'string',
    repeat: true,
    placeholder: 'VENDOR:PART=VALUE',
    help: 'change a route for this run, e.g. intercom:lastDays=90',
  },
  limit: { type: 'number', integer: true, min: 1, help: 'read only the first N messages' },
  now: {
    type: 'string',
    placeholder: 'INSTANT',
    help: 'what lastDays counts back from, not the newest event',
  },
  backfill: { type: 'boolean', help: 'old data: nothing may start at a vendor because of it' },
  batch: {
    type: 'number',
    integer: true,
    min: 1,
    max: 50_000,
    default: 2_000,
    help: 'items of one call to a vendor',
  },
  rejects: {
    type: 'string',
    placeholder: 'FILE',
    help: 'write what did not arrive there, as NDJSON with the reason',
  },
  checkpoint: { type: 'string', placeholder: 'FILE', help: 'keep what is settled there, and go on from it' },
  dryRun: { type: 'boolean', help: 'make no request; tell what would be sent' },
  show: { type: 'boolean', help: 'with --dry-run: the very requests of each message, and what gets lost' },
} as const
type Context = CommandContext<typeof args>

export const command = defineCommand({
  name: 'send',
  summary: 'Deliver events and profiles from files to the vendors',
  description: [
    'Every line is checked, translated into the canonical model, routed, and delivered to all configured vendors side by',
    'side. Delivery is at least once: after a kill, at most one batch per vendor that was under way is sent again.',
  ].join('\n'),
  args,
  examples: [
    'tripline send --events events.ndjson.gz --checkpoint send.json --rejects rejects.ndjson',
    'tripline send --events events.ndjson --dry-run --show --limit 3',
    'jq -c .message rejects.ndjson | tripline send --events - --only braze',
  ],
  exitCodes: {
    1: 'error, interrupted, or a vendor refused the account',
    2: 'something did not arrive, or a line is malformed',
  },
  async run(context) {
    if (context.args.show && !context.args.dryRun) throw new CliError('--show needs --dry-run')
    const prepared = await prepareSend(await context.config(), context)
    return context.args.show ? show(context, prepared) : send(context, prepared)
  },
})

async function send({ args: given, ...context }: Context, prepared: PreparedSend): Promise<ExitCode> {
  const { terminal, folder, signal } = context
  const path = (name: string | undefined) => (name === undefined ? undefined : resolve(folder, name))
  const checkpoint = openCheckpoint(given.dryRun ? undefined : path(given.checkpoint), prepared.sources)
  // A place that cannot be written is found before anything is sent.
  await checkpoint.save()
  const sizes = prepared.sources.map(({ sizeBytes }) => sizeBytes ?? Number.NaN)
  const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const progress = terminal.progress({
    label: given.dryRun ? 'checking' : 'sending',
    ...(totalBytes > 0 && { total: totalBytes }),
  })
  const summary = await sendMessages({
    ...prepared,
    checkpoint,
    rejects: openRejects(path(given.rejects), checkpoint.resumed),
    batchItems: given.batch,
    backfill: given.backfill,
    dryRun: given.dryRun,
    signal,
    clock: context.host.clock ?? systemClock,
    ...(given.limit !== undefined && { limit: given.limit }),
    onProgress: ({ readBytes, lines, done }) =>
      progress.update(
        readBytes,
        [`${lines} lines`, ...[...done].map(([name, count]) => `${name} ${count}`)].join('  '),
      ),
  }).finally(() => progress.end())
  const text = await summaryText(summary)
  terminal.result(summary, () => text)
  if (summary.interrupted)
    terminal.note(`interrupted${given.checkpoint ? '; the same call goes on from here' : ''}`)
  return exitCodeOf(summary)
}

async function show(
  { args: given, terminal, signal, ...context }: Context,
  prepared: PreparedSend,
): Promise<ExitCode> {
  let code: ExitCode = 0
  const { limit, backfill } = given
  const shown = showMessages({
    ...prepared,
    config: await context.config(),
    vendors: [...prepared.connectors.keys()],
    backfill,
    signal,
    ...(limit !== undefined && { limit }),
  })
  for await (const message of shown) {
    const wrong =
      message.mistakes !== undefined || message.vendors.some(({ results }) => results.some(isLost))
    if (wrong) code = 2
    await terminal.row(message, () => shownText(message))
  }
  return code
}

const isLost = ({ outcome }: { readonly outcome: { readonly status: string } }): boolean =>
  outcome.status === 'dead' || outcome.status === 'unknown' || outcome.status === 'retry'
