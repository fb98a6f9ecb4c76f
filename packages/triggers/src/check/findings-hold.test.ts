import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { stream } from '../../fixtures/arbitrary/streams.ts'
import { readByEngine } from '../../fixtures/laws/ledger.ts'
import type { Definitions, TriggerDefinition } from '../definition/definition.ts'
import type { LedgerLine, TriggerLine } from '../ledger/line.ts'
import { examine } from './examine.ts'

/** Lines that there cannot be when the findings are right. */
function impossible(defined: Definitions, lines: readonly LedgerLine[]): readonly LedgerLine[] {
  const paths = new Set(examine(defined).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`))
  const decided = lines.filter((line): line is TriggerLine => 'trigger' in line)
  const idleCaps = defined.policy.caps.flatMap((_, index) =>
    paths.has(`warning idle-cap policy.caps[${index}]`) ? [index] : [],
  )
  const byCap = decided.filter(
    // A cap behind a stricter one can be full, too, but never alone.
    (line) => line.kind === 'refusal' && line.caps?.length === 1 && idleCaps.includes(line.caps[0] ?? -1),
  )
  return [
    ...byCap,
    ...defined.triggers.flatMap((trigger, index) => {
      const own = decided.filter((line) => line.trigger === trigger.id)
      return impossibleOf(trigger, `triggers[${index}]`, [...paths]).flatMap((is) => own.filter(is))
    }),
  ]
}

type Is = (line: TriggerLine) => boolean
function impossibleOf(trigger: TriggerDefinition, path: string, paths: readonly string[]): readonly Is[] {
  const has = (text: string) => paths.includes(text)
  const begins = (text: string) => paths.some((each) => each.startsWith(text))
  const { goals, exits, atMost, reentry } = trigger
  const never = `error never ${path}`
  const given = new RegExp(
    String.raw`^error never ${path.replace(/[[\]]/g, String.raw`\$&`)}\.when(?:\.base)*\.condition`,
  )
  const isRefused =
    (reason: string): Is =>
    (line) =>
      line.kind === 'refusal' && line.reason === reason
  return [
    ...(begins(`${never}.who`) ? [(line: TriggerLine) => line.kind === 'entry'] : []),
    ...(paths.some((each) => given.test(each)) ? [(line: TriggerLine) => line.kind === 'fire'] : []),
    ...(goals.length > 0 && has(`warning unreachable ${path}.goals[0]`)
      ? [(line: TriggerLine) => line.kind === 'goal']
      : []),
    ...(exits.length > 0 && has(`warning unreachable ${path}.exits[0]`)
      ? [(line: TriggerLine) => line.kind === 'exit' && line.stepPath === '' && trigger.journey.length === 0]
      : []),
    ...(reentry === 'single' && has(`warning reentry ${path}.cooldown`) ? [isRefused('cooldown')] : []),
    ...(atMost.length > 0 && atMost.every((_, index) => has(`warning reentry ${path}.atMost[${index}]`))
      ? [isRefused('at-most')]
      : []),
    ...paths.flatMap((each) => unreachedSteps(each, `warning unreachable ${path}.journey`)),
  ]
}

/** Steps at or inside an unreachable place: `[2].yes` is `2/yes/…`, `[2]` is the second and all after it. */
function unreachedSteps(found: string, start: string): readonly Is[] {
  if (!found.startsWith(`${start}[`) || found.endsWith('.occasion')) return []
  const place = found
    .slice(start.length)
    .replaceAll(/\.arms\[(\d+)\](?:\.steps)?/g, '/$1/')
    .replaceAll(/\.(yes|no)/g, '/$1/')
    .replaceAll(/\[(\d+)\]/g, '$1')
  if (place.endsWith('/')) return [(line) => line.stepPath.startsWith(place)]
  const [, list = '', first = ''] = /^(.*?)(\d+)$/.exec(place) ?? []
  return [
    ({ stepPath }) =>
      stepPath.startsWith(list) && Number.parseInt(stepPath.slice(list.length), 10) >= Number(first),
  ]
}

describe('what is found holds in every ledger', () => {
  fcTest.prop([definitions, stream], { numRuns: 700 })(
    'no line that a finding says there cannot be',
    (defined, given) => {
      fc.pre(examine(defined).length > 0)
      const { lines } = readByEngine(defined, given)
      expect(impossible(defined, lines)).toEqual([])
    },
    600_000,
  )
})
