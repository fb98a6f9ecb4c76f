import type { Command } from './define-command.ts'

export interface CommandEntry {
  /** The same as the command's own, so that `tripline --help` loads none of them. */
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}
/** Every command by its name, in the order of `--help`. A module is loaded when its command runs. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  init: {
    summary: 'Write a tripline.config.ts and an .env.example for your vendors',
    load: () => import('./commands/init.ts'),
  },
  demo: {
    summary: 'Deliver a month of shop traffic to five local simulators and compare what they hold',
    load: () => import('./commands/demo.ts'),
  },
  sandbox: {
    summary: 'Start local simulators of the vendors and keep them up',
    load: () => import('./commands/sandbox.ts'),
  },
  doctor: {
    summary: 'Check the accounts: credentials, regions, abilities, scopes, limits, clocks',
    load: () => import('./commands/doctor.ts'),
  },
  'fields plan': {
    summary: 'Show which fields of the registry the vendors lack',
    load: () => import('./commands/fields-plan.ts'),
  },
  'fields apply': {
    summary: 'Create the fields of the registry that the vendors lack',
    load: () => import('./commands/fields-apply.ts'),
  },
  check: {
    summary: 'Find what is wrong in triggers, segments and the tracking plan before they run',
    load: () => import('./commands/check.ts'),
  },
  'tracking-plan import': {
    summary: 'Make a tracking plan from a Segment tracking plan or from JSON Schemas',
    load: () => import('./commands/tracking-plan-import.ts'),
  },
  send: {
    summary: 'Deliver events and profiles from files to the vendors',
    load: () => import('./commands/send.ts'),
  },
  backtest: {
    summary: 'Replay past events through triggers: what would have fired, been sent, been refused',
    load: () => import('./commands/backtest.ts'),
  },
  explain: {
    summary: 'Show for one user what each trigger saw, asked and did, and why',
    load: () => import('./commands/explain.ts'),
  },
  'profiles read': {
    summary: 'Read profiles from a vendor as NDJSON',
    load: () => import('./commands/profiles-read.ts'),
  },
  'segments list': {
    summary: 'List the segments, lists, cohorts, audiences and tags of the vendors',
    load: () => import('./commands/segments-list.ts'),
  },
  'segments members': {
    summary: 'Read the members of a segment as NDJSON, from a vendor or by its definition',
    load: () => import('./commands/segments-members.ts'),
  },
  'segments diff': {
    summary: 'Show who would enter or leave a segment in another vendor',
    load: () => import('./commands/segments-diff.ts'),
  },
  'segments copy': {
    summary: 'Write the members of a segment into another vendor, and take out who left',
    load: () => import('./commands/segments-copy.ts'),
  },
}
