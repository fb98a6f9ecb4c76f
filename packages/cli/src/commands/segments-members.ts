import { resolve } from 'node:path'
import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { openCursor } from '../read/cursor-file.ts'
import { chooseQuery, queryArguments } from '../read/query.ts'
import { findSegment, segmentForms } from '../segments/find-segment.ts'

export const command = defineCommand({
  name: 'segments members',
  summary: 'Read the members of a segment as NDJSON',
  description:
    'One line per person: {"who":{…},"member":true}. Without --ids, --since or --all everybody is read.',
  args: {
    from: { type: 'string', required: true, choices: vendors, help: 'the vendor to read' },
    segment: { type: 'string', required: true, placeholder: 'ID', help: 'id or name of the segment' },
    form: { type: 'string', choices: segmentForms, help: 'its form, where the vendor does not list it' },
    ...queryArguments,
    cursor: { type: 'string', placeholder: 'FILE', help: 'keep there where to go on' },
  },
  examples: [
    'tripline segments members --from hubspot --segment VIP',
    'tripline segments members --from braze --segment segment_vip --form attribute --ids u1,u2',
  ],
  async run({ args, config, terminal, folder, signal }) {
    const connector = (await config()).connector(args.from)
    const segment = await findSegment({ connector, given: args.segment, form: args.form, signal })
    const cursor = await openCursor(args.cursor && resolve(folder, args.cursor), args.from)
    const isNamed = args.ids !== undefined || args.id.length > 0 || args.since !== undefined
    const query = { fields: [], ...chooseQuery({ ...args, all: args.all || !isNamed }, cursor.saved) }
    let count = 0
    for await (const page of connector.segments.members(segment, query, { signal })) {
      for (const row of page.items) await terminal.row(row)
      count += page.items.length
      await cursor.save(page)
    }
    terminal.note(`${count} rows read from ${args.from}`)
    return 0
  },
})
