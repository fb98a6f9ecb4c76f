import { defineCommand } from '../define-command.ts'
import { importPlan } from '../definitions/import-plan.ts'
import { counted } from '../report/words.ts'

export const command = defineCommand({
  name: 'tracking-plan import',
  summary: 'Make a tracking plan from a Segment tracking plan or from JSON Schemas',
  description: [
    'Prints the plan as JSON: the "plan" of definitions, or the argument of definePlan. What a plan cannot hold (permitted',
    'values, patterns, ranges, PAGE and SCREEN rules) is listed on stderr, each with its place in the source.',
  ].join('\n'),
  args: {
    segment: {
      type: 'string',
      repeat: true,
      placeholder: 'FILE',
      help: 'what GET /tracking-plans/{id}/rules of the Public API answered; once for each page',
    },
    schemas: {
      type: 'string',
      placeholder: 'FILE',
      help: 'JSON Schemas: { "events": { "Signed Up": SCHEMA of its properties }, "traits": SCHEMA }',
    },
  },
  examples: [
    'tripline tracking-plan import --segment rules.json > plan.json',
    'tripline tracking-plan import --schemas schemas.json',
  ],
  exitCodes: { 0: 'a plan, also when it does not hold all of the source' },
  async run({ args, folder, terminal }) {
    const { plan, notes } = await importPlan({ ...args, folder })
    terminal.result({ plan, notes }, () => JSON.stringify(plan, null, 2))
    if (terminal.json) return 0
    for (const { path, because } of notes) terminal.note(`not in the plan: ${path}: ${because}`)
    const events = counted(Object.keys(plan.events).length, 'event')
    terminal.note(`${events} and ${counted(Object.keys(plan.traits).length, 'trait')}`)
    return 0
  },
})
