import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { readAmong } from '../segments/among.ts'
import { diffSegments } from '../segments/diff-segments.ts'
import { diffText } from '../segments/diff-text.ts'
import { findSegment, segmentForms } from '../segments/find-segment.ts'

export const command = defineCommand({
  name: 'segments diff',
  summary: 'Show who would enter or leave a segment in another vendor',
  args: {
    from: { type: 'string', required: true, choices: vendors, help: 'the vendor to read' },
    segment: { type: 'string', required: true, placeholder: 'ID', help: 'id or name of the segment there' },
    form: { type: 'string', choices: segmentForms, help: 'its form, where the vendor does not list it' },
    to: { type: 'string', required: true, choices: vendors, help: 'the vendor to compare with' },
    toSegment: { type: 'string', required: true, placeholder: 'ID', help: 'id or name of the segment there' },
    toForm: { type: 'string', choices: segmentForms, help: 'its form, where the vendor does not list it' },
    among: {
      type: 'string',
      placeholder: 'FILE',
      help: 'userIds, one a line, to ask about where a vendor lists no members',
    },
  },
  examples: ['tripline segments diff --from hubspot --segment 12 --to intercom --to-segment VIP'],
  exitCodes: { 0: 'both have the same members', 2: 'they differ' },
  async run({ args, config, terminal, folder, signal }) {
    const loaded = await config()
    const among = await readAmong(args.among, folder)
    const side = async (vendor: string, given: string, form: (typeof segmentForms)[number] | undefined) => {
      const connector = loaded.connector(vendor)
      return { connector, segment: await findSegment({ connector, given, form, signal }), among, signal }
    }
    const from = await side(args.from, args.segment, args.form)
    const to = await side(args.to, args.toSegment, args.toForm)
    const diff = await diffSegments(from, to)
    terminal.result({ from: from.segment, to: to.segment, ...diff }, () => diffText(args.from, args.to, diff))
    return diff.entering.length + diff.leaving.length === 0 ? 0 : 2
  },
})
