import { memberPath } from '../definition/check/check-plan.ts'
import { visitDefinitions } from '../definition/check/visit.ts'
import type { Definitions } from '../definition/definition.ts'
import type { NamingRule, PropertyTypes } from '../definition/plan.ts'
import { isNamedBy, renamed } from '../plan/naming.ts'
import type { Findings } from './finding.ts'

/** Names that break the plan's own rule: in the plan, and what definitions name that it does not declare. */
export function findNaming(definitions: Definitions, findings: Findings): void {
  const { plan } = definitions
  const { events: eventRule, properties: propertyRule, traits: traitRule } = plan.naming ?? {}
  for (const [name, { properties }] of Object.entries(plan.events)) {
    const path = memberPath('plan.events', name)
    checkName(name, eventRule, path, findings)
    checkPaths(properties, propertyRule, `${path}.properties`, findings)
  }
  checkPaths(plan.traits, traitRule, 'plan.traits', findings)
  const isPlanned = (name: string) =>
    Object.hasOwn(plan.events, name) || definitions.policy.engagements.includes(name)
  visitDefinitions(definitions, {
    event(event, path) {
      if (event.type === 'track' && !isPlanned(event.name))
        checkName(event.name, eventRule, `${path}.name`, findings)
    },
    step(step, path) {
      if (step.kind === 'emit' && !isPlanned(step.event))
        checkName(step.event, eventRule, `${path}.event`, findings)
      if (step.kind === 'setTrait' && !Object.hasOwn(plan.traits, step.trait))
        checkName(step.trait, traitRule, `${path}.trait`, findings)
    },
  })
}

function checkPaths(
  types: PropertyTypes,
  rule: NamingRule | undefined,
  path: string,
  findings: Findings,
): void {
  for (const each of Object.keys(types)) {
    const wrong = each
      .split('.')
      .map((name) => name.replace(/\[\]$/, ''))
      .find((name) => rule !== undefined && !isNamedBy(rule, name))
    if (wrong !== undefined) checkName(wrong, rule, memberPath(path, each), findings)
  }
}

function checkName(name: string, rule: NamingRule | undefined, path: string, findings: Findings): void {
  if (rule === undefined || isNamedBy(rule, name)) return
  const what = typeof rule === 'string' ? rule : `the pattern ${rule.pattern}`
  const better = renamed(rule, name)
  const advice = better === undefined ? 'rename it' : `write "${better}"`
  findings.warn('naming', path, `"${name}" is not ${what}; ${advice}`)
}
