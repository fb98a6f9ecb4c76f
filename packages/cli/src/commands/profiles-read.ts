import { resolve } from 'node:path'
import { openCursor } from '../read/cursor-file.ts'
import { readFieldNames } from '../read/field-names.ts'
import { chooseQuery, queryArguments } from '../read/query.ts'
import { defineCommand } from '../define-command.ts'
import { vendors } from '../config/vendors.ts'

export const command = defineCommand({
  name: 'profiles read',
  summary: 'Read profiles from a vendor as NDJSON',
  description: [
    'One line per person: {"kind":"profile","who":{…},"traits":{…}}, or gone, missing, ambiguous. Names are canonical.',
    'With --cursor a read that was cut off goes on where it was, and one with --since goes on from its end next time.',
  ].join('\n'),
  args: {
    from: { type: 'string', required: true, choices: vendors, help: 'the vendor to read' },
    ...queryArguments,
    fields: {
      type: 'string',
      placeholder: 'a,b',
      help: 'canonical names (default: the user fields of the config)',
    },
    cursor: { type: 'string', placeholder: 'FILE', help: 'keep there where to go on' },
  },
  examples: [
    'tripline profiles read --from braze --ids u1,u2 --fields email,plan',
    'tripline profiles read --from hubspot --since 2026-11-01T00:00:00Z --cursor hubspot.cursor',
    'tripline profiles read --from mixpanel --all > profiles.ndjson',
  ],
  async run({ args, config, terminal, folder, signal }) {
    const loaded = await config()
    const connector = loaded.connector(args.from)
    const cursor = await openCursor(args.cursor && resolve(folder, args.cursor), args.from)
    const fields = readFieldNames(args.fields, loaded.config.fields)
    const progress = terminal.progress({ label: `reading ${args.from}` })
    let count = 0
    for await (const page of connector.readProfiles(
      { fields, ...chooseQuery(args, cursor.saved) },
      { signal },
    )) {
      for (const row of page.items) await terminal.row(row)
      count += page.items.length
      progress.update(count, `${count} profiles`)
      await cursor.save(page)
    }
    progress.end()
    terminal.note(`${count} profiles read from ${args.from}`)
    return 0
  },
})
