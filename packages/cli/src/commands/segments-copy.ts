import { systemClock } from '@tripline/kit'
import { vendors } from '../config/vendors.ts'
import { defineCommand, type ExitCode } from '../define-command.ts'
import { readAmong } from '../segments/among.ts'
import { copySegment } from '../segments/copy-segment.ts'
import { copyText } from '../segments/copy-text.ts'
import { diffSegments } from '../segments/diff-segments.ts'
import { ensureSegment } from '../segments/ensure-segment.ts'
import { findSegment, segmentForms } from '../segments/find-segment.ts'

export const command = defineCommand({
  name: 'segments copy',
  summary: 'Write the members of a segment into another vendor, and take out who left',
  description: [
    'The segment is made in the form that the other vendor can write: a list, a tag, an attribute, a trait. People are',
    'the same by userId. Who is a member there and no longer here is taken out, where the vendor lists its members;',
    'elsewhere the people of --among are asked about.',
  ].join('\n'),
  args: {
    from: { type: 'string', required: true, choices: vendors, help: 'the vendor to read' },
    segment: { type: 'string', required: true, placeholder: 'ID', help: 'id or name of the segment there' },
    form: { type: 'string', choices: segmentForms, help: 'its form, where the vendor does not list it' },
    to: { type: 'string', required: true, choices: vendors, help: 'the vendor to write' },
    name: { type: 'string', help: 'its name at the other vendor (default: the same)' },
    among: {
      type: 'string',
      placeholder: 'FILE',
      help: 'userIds, one a line, to ask about where a vendor lists no members',
    },
    dryRun: { type: 'boolean', help: 'write nothing; tell who would enter and leave' },
  },
  examples: [
    'tripline segments copy --from hubspot --segment VIP --to braze --dry-run',
    'tripline segments copy --from mixpanel --segment 1234 --to intercom --name "Power users"',
  ],
  exitCodes: { 2: 'a dry run with changes, or a membership was not written' },
  async run({ args, config, terminal, folder, signal, host }): Promise<ExitCode> {
    const loaded = await config()
    const [source, target] = [loaded.connector(args.from), loaded.connector(args.to)]
    const among = await readAmong(args.among, folder)
    const segment = await findSegment({ connector: source, given: args.segment, form: args.form, signal })
    const ensured = await ensureSegment(target, args.name ?? segment.name ?? segment.id, args.dryRun, signal)
    const diff = await diffSegments(
      { connector: source, segment, among, signal },
      { connector: target, segment: ensured.segment, isNew: ensured.isNew, among, signal },
    )
    const progress = terminal.progress({
      label: `writing ${args.to}`,
      total: diff.entering.length + diff.leaving.length,
    })
    const at = new Date((host.clock ?? systemClock).now()).toISOString()
    const result = await copySegment({
      connector: target,
      segment: ensured.segment,
      diff,
      at,
      dryRun: args.dryRun,
      signal,
      onProgress: (done) => progress.update(done),
    })
    progress.end()
    terminal.result({ from: segment, to: ensured, dryRun: args.dryRun, ...diff, ...result }, () =>
      copyText({ from: args.from, to: args.to, ensured, diff, result }),
    )
    return result.failed.length > 0 || (args.dryRun && result.planned > 0) ? 2 : 0
  },
})
