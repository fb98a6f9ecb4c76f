import { eventNamesOf, fieldNamesOf, toField } from '../config/connector-options.ts'
import { overrideRoute } from '../config/route-override.ts'
import { vendors } from '../config/vendors.ts'
import { defineCommand } from '../define-command.ts'
import { demoText, isEqual } from '../demo/demo-text.ts'
import { describeRoutes } from '../demo/describe-routes.ts'
import { runDemo } from '../demo/run-demo.ts'
import { environmentText } from '../sandbox/accounts.ts'
import { waitForAbort } from '../wait-for-abort.ts'
import { demoFields, demoRoutes } from '../demo/settings.ts'

export const command = defineCommand({
  name: 'demo',
  summary: 'Deliver a month of shop traffic to five local simulators and compare what they hold',
  description:
    'Starts the five simulators on free ports, delivers by the routes, writes a segment, reads everything back and ' +
    'compares it with values worked out from what was given and what was said to be lost. Needs no account.',
  args: {
    users: { type: 'number', default: 2_000, min: 1, integer: true, help: 'people of the made-up shop' },
    events: {
      type: 'string',
      placeholder: 'FILE',
      help: 'NDJSON of Segment messages instead (.gz is unpacked)',
    },
    route: {
      type: 'string',
      repeat: true,
      placeholder: 'VENDOR:PART',
      help: 'changes a route, e.g. intercom:lastDays=90 or mixpanel:off',
    },
    only: { type: 'string', repeat: true, choices: vendors, help: 'this vendor; may be repeated' },
    useConfig: { type: 'boolean', help: 'take fields, routes and renames from tripline.config.ts' },
    chaos: { type: 'boolean', help: 'let 5 % of the requests fail' },
    keep: { type: 'boolean', help: 'leave the simulators up until Ctrl-C, and print their addresses' },
  },
  examples: [
    'tripline demo',
    'tripline demo --chaos',
    'tripline demo --events events.ndjson.gz --route intercom:lastDays=90',
  ],
  exitCodes: {
    0: 'all vendors hold what they have to',
    1: 'an error, or a difference that nothing explains',
  },
  async run({ args, terminal, config, folder, signal }) {
    const { config: given } = args.useConfig ? await config() : { config: undefined }
    const chosen = args.only.length > 0 ? vendors.filter((vendor) => args.only.includes(vendor)) : vendors
    const routes = args.route.reduce(overrideRoute, given?.routes ?? (given ? {} : demoRoutes))
    for (const line of describeRoutes(routes, chosen)) terminal.note(line)
    const result = await runDemo({
      vendors: chosen,
      users: args.users,
      events: args.events,
      folder,
      routes,
      fields: given ? (given.fields ?? []).map(toField) : demoFields,
      eventNames: (vendor) => (given ? eventNamesOf(vendor, given) : {}),
      fieldNames: (vendor) => (given ? fieldNamesOf(vendor, given.fields ?? []) : {}),
      chaos: args.chaos,
      signal,
      terminal,
      async beforeClose(done, { places }) {
        const kept = Object.fromEntries(places.map(({ vendor, sandbox }) => [vendor, sandbox.url]))
        terminal.result({ ...done, ...(args.keep && { kept }) }, () => demoText(done))
        if (!args.keep) return
        for (const { environment } of places) terminal.note(environmentText(environment).trimEnd())
        terminal.note('The simulators stay up; Ctrl-C ends them.')
        await waitForAbort(signal)
      },
    })
    return isEqual(result) ? 0 : 1
  },
})
