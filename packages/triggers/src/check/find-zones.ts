import { declaredTraits } from '../definition/check/declared.ts'
import { visitDefinitions } from '../definition/check/visit.ts'
import type { Definitions } from '../definition/definition.ts'
import type { Findings } from './finding.ts'

/** Local times of users, when the plan does not declare the trait that holds their zone. */
export function findZones(definitions: Definitions, findings: Findings): void {
  const { policy, triggers } = definitions
  const traits = declaredTraits(definitions)
  if (traits === undefined || Object.hasOwn(traits, policy.zoneTrait)) return
  let isAsked = [policy, ...triggers].some(({ quietHours }) => quietHours !== undefined)
  visitDefinitions(definitions, {
    occasion: ({ kind }) => void (isAsked ||= kind === 'at'),
    step: (step) => void (isAsked ||= step.kind === 'waitUntil' && step.zone === undefined),
  })
  const message = `is "${policy.zoneTrait}", which is not in the tracking plan: local times of every user are those of ${policy.defaultZone}; declare it, or name the trait that holds the zone`
  if (isAsked) findings.warn('unknown-name', 'policy.zoneTrait', message)
}
