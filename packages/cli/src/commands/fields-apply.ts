import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { applyFields } from '../fields/apply-fields.ts'
import { fieldsForVendors, fieldTitle } from '../fields/for-vendors.ts'
import { renderTable } from '../table/table.ts'

export const command = defineCommand({
  name: 'fields apply',
  summary: 'Create the fields of the registry that the vendors lack',
  description: 'Creates what is missing. Never changes the type of a field, and never removes one.',
  args: {
    only: {
      type: 'string',
      repeat: true,
      choices: vendors,
      help: 'only this vendor; may be given several times',
    },
  },
  examples: ['tripline fields apply', 'tripline fields apply --only intercom'],
  exitCodes: { 2: 'a field has to be made by hand' },
  async run({ args, config, terminal, signal }) {
    const targets = fieldsForVendors(await config(), args.only, signal)
    const fields = (await Promise.all(targets.map(applyFields))).flat()
    const table = await renderTable(
      ['field', 'type', 'vendor', 'result', 'note'],
      fields.map(({ vendor, field, did, note }) => [fieldTitle(field), field.type, vendor, did, note]),
    )
    const created = fields.filter(({ did }) => did === 'created').length
    terminal.result({ fields }, () =>
      fields.length === 0 ? 'the config declares no fields' : `${table}\n\n${created} created`,
    )
    return fields.some(({ did }) => did === 'manual') ? 2 : 0
  },
})
