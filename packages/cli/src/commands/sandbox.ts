import { resolve } from 'node:path'
import { createSharedClock, startSandboxProcess, type SandboxProcess } from '@tripline/sandbox'
import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { environmentText, sandboxEnvironment } from '../sandbox/accounts.ts'
import { writeEnvironment } from '../sandbox/write-environment.ts'
import { waitForAbort } from '../wait-for-abort.ts'

export const command = defineCommand({
  name: 'sandbox',
  summary: 'Start local simulators of the vendors and keep them up',
  description: [
    'Each simulator is a process of its own on a port of this machine, with a ready account. The variables it prints',
    'are those that a config of "tripline init" reads. Everything is kept in memory and gone after Ctrl-C.',
  ].join('\n'),
  args: {
    vendors: {
      type: 'string',
      positional: true,
      repeat: true,
      placeholder: 'vendor',
      choices: vendors,
      help: `which of ${vendors.join(', ')} (default: all)`,
    },
    port: {
      type: 'number',
      integer: true,
      min: 1,
      max: 65_000,
      help: 'port of the first; the others follow (default: free ones)',
    },
    rate: {
      type: 'number',
      default: 1,
      min: 0.001,
      help: 'seconds that pass in the sandbox in one real second',
    },
    chaos: {
      type: 'number',
      min: 0,
      max: 1,
      help: 'share of the requests that fail, e.g. 0.05 (default: none)',
    },
    seed: { type: 'number', integer: true, default: 1, help: 'which requests fail' },
    writeEnv: { type: 'string', placeholder: 'FILE', help: 'also write the variables there, for --env-file' },
  },
  examples: [
    'tripline sandbox braze intercom --write-env .env.sandbox',
    'tripline sandbox --port 4001 --chaos 0.05',
    'tripline doctor --env-file .env.sandbox',
  ],
  exitCodes: { 0: 'ended by Ctrl-C' },
  async run({ args, terminal, folder, signal }) {
    const chosen =
      args.vendors.length > 0 ? vendors.filter((vendor) => args.vendors.includes(vendor)) : vendors
    const running: SandboxProcess[] = []
    const shared = createSharedClock({ rate: args.rate })
    try {
      for (const [index, vendor] of chosen.entries()) {
        const port = args.port === undefined ? {} : { port: args.port + index }
        running.push(await startSandboxProcess(vendor, { ...port, clock: shared.settings }))
      }
      if (args.chaos)
        await Promise.all(running.map((each) => each.chaos({ rate: args.chaos ?? 0, seed: args.seed })))
      const parts = await Promise.all(running.map(({ vendor, url }) => sandboxEnvironment(vendor, url)))
      const environment = Object.assign({}, ...parts) as Readonly<Record<string, string>>
      if (args.writeEnv !== undefined) await writeEnvironment(resolve(folder, args.writeEnv), environment)
      const sandboxes = running.map(({ vendor, url }) => ({ vendor, url }))
      terminal.result({ sandboxes, environment }, () =>
        [...sandboxes.map(({ vendor, url }) => `# ${vendor} at ${url}`), environmentText(environment)].join(
          '\n',
        ),
      )
      terminal.note('Ctrl-C ends them')
      await waitForAbort(signal)
      return 0
    } finally {
      await Promise.all(running.map((each) => each.close()))
    }
  },
})
