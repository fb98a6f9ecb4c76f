import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { chooseVendors } from '../init/choose-vendors.ts'
import { configText, environmentExample } from '../init/config-text.ts'
import { writeNew } from '../init/write-new.ts'

export const command = defineCommand({
  name: 'init',
  summary: 'Write a tripline.config.ts and an .env.example for your vendors',
  args: {
    vendors: {
      type: 'string',
      positional: true,
      repeat: true,
      placeholder: 'vendor',
      choices: vendors,
      help: `which of ${vendors.join(', ')} (default: asked on a terminal, else all)`,
    },
    force: { type: 'boolean', help: 'overwrite files that exist' },
  },
  examples: ['tripline init braze hubspot', 'tripline init --force'],
  exitCodes: { 1: 'error, or a file exists already' },
  async run({ args, terminal, folder, stdin }) {
    const chosen = await chooseVendors(args.vendors, stdin, process.stderr)
    const files = [
      { path: join(folder, 'tripline.config.ts'), content: configText(chosen) },
      { path: join(folder, '.env.example'), content: environmentExample(chosen) },
    ]
    const [there] = files.filter(({ path }) => existsSync(path))
    if (there && !args.force) throw new CliError(`${there.path} exists; --force overwrites it`)
    for (const { path, content } of files) await writeNew(path, content, args.force)
    const written = files.map(({ path }) => path)
    terminal.result({ vendors: chosen, written }, () =>
      [
        ...written.map((path) => `${path} written`),
        'Next: copy .env.example to .env and fill it in, then "tripline doctor".',
        'Without accounts: "tripline sandbox --write-env .env" in another window.',
      ].join('\n'),
    )
    return 0
  },
})
