import type { Mistake } from '@tripline/model'
import { checkPlan } from '../definition/check/check-plan.ts'
import type { Definitions } from '../definition/definition.ts'
import { parseStructure } from '../definition/normalise.ts'
import { findConditions } from './find-conditions.ts'
import { findContent } from './find-content.ts'
import { findJourneys } from './find-journeys.ts'
import { findLimits } from './find-limits.ts'
import { findLoops } from './find-loops.ts'
import { findNaming } from './find-naming.ts'
import { findOccasions } from './find-occasions.ts'
import { findPassive } from './find-passive.ts'
import { findTypes } from './find-types.ts'
import { findVendors } from './find-vendors.ts'
import { findZones } from './find-zones.ts'
import { createFindings, type Finding } from './finding.ts'

const searches = [
  findTypes,
  findConditions,
  findOccasions,
  findJourneys,
  findContent,
  findLimits,
  findLoops,
  findNaming,
  findPassive,
  findZones,
]

export interface ExamineOptions {
  /** Names of vendors; others in messages and mirrored segments are found. @default none are found */
  readonly vendors?: readonly string[]
}

/**
 * Everything that can be found wrong in definitions without data, errors first. Definitions whose structure is broken give only the mistakes of `parseDefinitions`.
 * @example examine({ specVersion: 1, triggers }).filter(({ severity }) => severity === 'error')
 */
export function examine(input: unknown, options: ExamineOptions = {}): readonly Finding[] {
  const parsed = parseStructure(input)
  if (!parsed.ok) return parsed.mistakes.map((mistake) => ofMistake('structure', mistake))
  const unknown: Mistake[] = []
  checkPlan(parsed.definition, unknown)
  const findings = [
    ...unknown.map((mistake) => ofMistake('unknown-name', mistake)),
    ...search(parsed.definition, options),
  ]
  return findings.toSorted((a, b) => severityOf(a) - severityOf(b))
}

function search(definitions: Definitions, { vendors }: ExamineOptions): readonly Finding[] {
  const findings = createFindings()
  for (const find of searches) find(definitions, findings)
  if (vendors !== undefined) findVendors(definitions, vendors, findings)
  return findings.found
}

function ofMistake(rule: 'structure' | 'unknown-name', { path, message, allowed }: Mistake): Finding {
  const choice =
    allowed === undefined || /did you mean/.test(message) ? '' : ` (allowed: ${allowed.join(', ')})`
  return { severity: 'error', rule, path, message: `${message}${choice}` }
}

function severityOf({ severity }: Finding): number {
  return severity === 'error' ? 0 : 1
}
