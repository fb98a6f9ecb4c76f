import type { Command } from './define-command.ts'

export interface CommandEntry {
  /** The same as the command's own, so that `tripline --help` loads none of them. */
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}
/** Every command by its name, in the order of `--help`. A module is loaded when its command runs. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  demo: {
    summary: 'Deliver a month of shop traffic to five local simulators and compare what they hold',
    load: () => import('./commands/demo.ts'),
  },
  sandbox: {
    summary: 'Start local simulators of the vendors and keep them up',
    load: () => import('./commands/sandbox.ts'),
  },
  send: {
    summary: 'Deliver events and profiles from files to the vendors',
    load: () => import('./commands/send.ts'),
  },
}
