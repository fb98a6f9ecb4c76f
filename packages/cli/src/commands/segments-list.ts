import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { isUnsupported, listAll } from '../segments/find-segment.ts'
import { renderTable } from '../table/table.ts'

export const command = defineCommand({
  name: 'segments list',
  summary: 'List the segments, lists, cohorts, audiences and tags of the vendors',
  args: {
    from: {
      type: 'string',
      repeat: true,
      choices: vendors,
      help: 'only this vendor; may be given several times',
    },
  },
  examples: ['tripline segments list', 'tripline segments list --from hubspot --json'],
  async run({ args, config, terminal, signal }) {
    const loaded = await config()
    const named = args.from.map((name) => loaded.vendor(name))
    const chosen = loaded.vendors.filter((vendor) => named.length === 0 || named.includes(vendor))
    const read = chosen.map(async (vendor) => {
      const listed = await listAll(loaded.connector(vendor), signal).catch((error: unknown) => {
        if (!isUnsupported(error)) throw error
        terminal.note((error as Error).message)
        return []
      })
      return listed.map((segment) => ({ vendor, ...segment }))
    })
    const segments = (await Promise.all(read)).flat()
    const table = await renderTable(
      ['vendor', 'form', 'id', 'name', 'size', 'writable'],
      segments.map(({ vendor, form, id, name = '', size = '', writable }) => {
        return [vendor, form, id, name, size, writable ? 'yes' : 'no']
      }),
    )
    terminal.result({ segments }, () => (segments.length === 0 ? 'no segments' : table))
    return 0
  },
})
