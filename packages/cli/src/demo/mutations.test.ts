import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Mutation } from '../../fixtures/mutate-source.ts'
import { vendors, type Vendor } from '../config/vendors.ts'
import type { DemoResult } from './summary.ts'

/*
 * The demo is worth its verdict only if it sees a mistake. Here mistakes are made in the adapters on purpose, one at a time:
 * a row of a mapping table leads elsewhere, or a loss is not told.
 */
type Mistake = Mutation & { readonly is: string }
const row = (file: string, from: string, to: string): Mistake => ({
  is: `${from} → ${to}`,
  file,
  change: { from, to },
})
const swapped = (file: string, first: string, second: string): Mistake => ({
  is: `${first} and ${second} swapped`,
  file,
  change: { swap: [first, second] },
})
const untold = (file: string): Mistake => ({ is: 'losses are not told', file, change: 'no-losses' })

const mistakes: Readonly<Record<Vendor, readonly Mistake[]>> = {
  segment: [
    row('segment/src/mapping/segments.ts', '[trait]: member', '[trait]: true'),
    row('segment/src/mapping/segments.ts', "state === 'granted'", "state === 'denied'"),
    row('segment/src/mapping/events.ts', 'timestamp: at,', 'timestamp: at.slice(0, 19) + ".000Z",'),
    row(
      'segment/src/mapping/profiles.ts',
      'traits[names.to(name)] = value',
      "if (name !== 'plan') traits[names.to(name)] = value",
    ),
  ],
  mixpanel: [
    swapped('mixpanel/src/mapping/profiles.ts', "'$first_name'", "'$last_name'"),
    swapped('mixpanel/src/mapping/profiles.ts', "'$city'", "'$country_code'"),
    row('mixpanel/src/mapping/segments.ts', 'unset: [segment.id]', 'unset: []'),
    untold('mixpanel/src/mapping/values.ts'),
  ],
  hubspot: [
    swapped('hubspot/src/mapping/profiles.ts', "'firstname'", "'lastname'"),
    swapped('hubspot/src/mapping/profiles.ts', "'city'", "'country'"),
    untold('hubspot/src/mapping/orders.ts'),
    untold('hubspot/src/send-events.ts'),
  ],
  braze: [
    row('braze/src/mapping/profiles.ts', "'first_name'", "'nick_name'"),
    swapped('braze/src/mapping/profiles.ts', "'home_city'", "'language'"),
    row('braze/src/mapping/segments.ts', ': item.member', ': true'),
    row('braze/src/mapping/orders.ts', 'quantity,\n    price,\n    ...', 'quantity: 1,\n    price,\n    ...'),
    untold('braze/src/mapping/values.ts'),
    untold('braze/src/mapping/orders.ts'),
  ],
  intercom: [
    swapped('intercom/src/mapping/profiles.ts', "to: 'phone'", "to: 'name'"),
    row('intercom/src/mapping/segments.ts', "item.state === 'denied'", "item.state === 'granted'"),
    untold('intercom/src/mapping/attributes.ts'),
    untold('intercom/src/mapping/orders.ts'),
  ],
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const hook = new URL('../../fixtures/mutate-source.ts', import.meta.url).href

interface Run {
  readonly code: number | null
  readonly result: DemoResult
}
function runDemo(mutations: readonly Mutation[]): Promise<Run> {
  const argv = ['-C', 'development', '--import', hook, main, 'demo', '--users', '60', '--json']
  const env = { ...process.env, TRIPLINE_MUTATIONS: JSON.stringify(mutations) }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code) => {
      // An error is no difference: without a result the mistake was not seen, it only got in the way.
      if (!stdout.startsWith('{')) reject(new Error(stderr))
      else resolve({ code, result: JSON.parse(stdout) as DemoResult })
    })
  })
}

test('without a mistake all are equal', async () => {
  const { code, result } = await runDemo([])
  expect(result.vendors.flatMap(({ differences }) => differences)).toEqual([])
  expect(code).toBe(0)
})

/** One mistake in each adapter at a time: they share no code of theirs, so each has to be seen at its own vendor. */
const rounds = Array.from({ length: Math.max(...Object.values(mistakes).map((list) => list.length)) })
describe.each(rounds.map((_, index) => index))('round %i', (index) => {
  const made = vendors.flatMap((vendor) => {
    const mistake = mistakes[vendor][index]
    return mistake ? [{ vendor, ...mistake }] : []
  })
  let run: Run
  beforeAll(async () => {
    run = await runDemo(made)
  })

  test.each(made)('$file: $is', ({ vendor }) => {
    const row = run.result.vendors.find((each) => each.vendor === vendor)
    expect(row?.equal).toBe(false)
    expect(row?.differences.length).toBeGreaterThan(0)
  })

  test('ends with 1, and finds nothing elsewhere', () => {
    expect(run.code).toBe(1)
    const different = run.result.vendors.flatMap(({ vendor, equal }) => (equal ? [] : vendor))
    expect(different).toEqual(made.map(({ vendor }) => vendor))
  })
})
