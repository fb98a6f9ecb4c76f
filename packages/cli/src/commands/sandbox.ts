import { defineCommand } from '../define-command.ts'

export const command = defineCommand({
  name: 'sandbox',
  summary: 'Start local simulators of the vendors and keep them up',
  args: {
    vendors: {
      type: 'string',
      positional: true,
      repeat: true,
      help: 'which',
      choices: ['segment', 'mixpanel', 'hubspot', 'braze', 'intercom'],
    },
    rate: { type: 'number', default: 1, min: 1, help: 'seconds of sandbox time in one real second' },
  },
  examples: ['tripline sandbox braze intercom'],
  async run({ args, terminal }) {
    terminal.note(args.vendors.join())
    return 0
  },
})
