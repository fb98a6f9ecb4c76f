import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { doctorText } from '../doctor/doctor-text.ts'
import { examine } from '../doctor/examine.ts'

export const command = defineCommand({
  name: 'doctor',
  summary: 'Check the accounts: credentials, regions, abilities, scopes, limits, clocks',
  description:
    'Asks every configured account what it may do. Reads only, apart from probes that a vendor refuses.',
  args: {
    only: {
      type: 'string',
      repeat: true,
      choices: vendors,
      help: 'only this vendor; may be given several times',
    },
  },
  examples: ['tripline doctor', 'tripline doctor --only braze --json'],
  exitCodes: {
    0: 'all accounts answer',
    1: 'error, or an account refuses the credential or cannot be reached',
  },
  async run({ args, config, terminal, signal }) {
    const loaded = await config()
    const named = args.only.map((name) => loaded.vendor(name))
    const chosen = loaded.vendors.filter((vendor) => named.length === 0 || named.includes(vendor))
    const accounts = await Promise.all(
      chosen.map((vendor) => examine(vendor, loaded.connector(vendor), signal)),
    )
    const text = await doctorText(accounts)
    terminal.result({ accounts }, () => text)
    return accounts.some(({ state }) => state === 'refused' || state === 'unreachable') ? 1 : 0
  },
})
