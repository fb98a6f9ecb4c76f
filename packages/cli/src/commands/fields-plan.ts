import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { fieldsForVendors, fieldTitle } from '../fields/for-vendors.ts'
import { planFields } from '../fields/plan-fields.ts'
import { renderTable } from '../table/table.ts'

export const command = defineCommand({
  name: 'fields plan',
  summary: 'Show which fields of the registry the vendors lack',
  args: {
    only: {
      type: 'string',
      repeat: true,
      choices: vendors,
      help: 'only this vendor; may be given several times',
    },
  },
  examples: ['tripline fields plan', 'tripline fields plan --only hubspot --json'],
  exitCodes: { 2: 'something to create, or a type that cannot hold ours' },
  async run({ args, config, terminal, signal }) {
    const targets = fieldsForVendors(await config(), args.only, signal)
    const fields = (await Promise.all(targets.map(planFields))).flat()
    const table = await renderTable(
      ['field', 'type', 'vendor', 'state', 'there', 'note'],
      fields.map(({ vendor, field, state, vendorName = '', note }) => [
        fieldTitle(field),
        field.type,
        vendor,
        state,
        vendorName,
        note,
      ]),
    )
    const open = fields.filter(({ state }) => state === 'create' || state === 'differs')
    terminal.result({ fields }, () =>
      fields.length === 0
        ? 'the config declares no fields'
        : `${table}\n\n${open.length === 0 ? 'nothing to apply' : `${open.length} to do: "tripline fields apply"`}`,
    )
    return open.length === 0 ? 0 : 2
  },
})
