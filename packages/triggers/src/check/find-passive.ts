import { visitDefinitions } from '../definition/check/visit.ts'
import type { Definitions } from '../definition/definition.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Findings } from './finding.ts'

/** Inactivity of any event, where the plan has events that merely happen to the user. */
export function findPassive(definitions: Definitions, findings: Findings): void {
  const passive = Object.entries(definitions.plan.events).flatMap(([name, event]) =>
    event.class === 'passive' ? [name] : [],
  )
  const check = (of: EventMatch, path: string) => {
    if (of.type === 'any' && of.where === undefined && passive.length > 0)
      findings.warn('passive', path, message)
  }
  const message = `"${passive.join('", "')}" happen to the user and end this inactivity, too; name the events that users do, if they shall not`
  visitDefinitions(definitions, {
    condition(condition, path) {
      if (condition.kind === 'inactive') check(condition.of, `${path}.of`)
    },
    occasion(occasion, path) {
      if (occasion.kind === 'inactive') check(occasion.of, `${path}.of`)
    },
  })
}
