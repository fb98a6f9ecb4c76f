import type { Condition } from '../condition.ts'
import type { Definitions, TriggerDefinition } from '../definition.ts'
import type { EventMatch } from '../event-match.ts'
import type { Step } from '../journey.ts'
import type { Occasion } from '../occasion.ts'

/** What a node may name of the anchor event: the events that it can be. Absent: there is no anchor event. */
export interface Scope {
  readonly anchors?: readonly EventMatch[]
}
/** Called for every node of its kind with its path, outer ones first. */
export interface Visitor {
  readonly event?: (event: EventMatch, path: string, scope: Scope) => void
  readonly condition?: (condition: Condition, path: string, scope: Scope) => void
  readonly occasion?: (occasion: Occasion, path: string, scope: Scope) => void
  readonly step?: (step: Step, path: string, scope: Scope) => void
  /** A condition that stands alone: of a segment, `who`, `given`, `branch`. */
  readonly whole?: (condition: Condition, path: string) => void
}

/** The events that the anchor of an occasion can be. */
export function anchorsOf(occasion: Occasion): readonly EventMatch[] | undefined {
  switch (occasion.kind) {
    case 'on':
    case 'times':
      return [occasion.event]
    case 'sequence':
      return occasion.steps.slice(-1).map(({ event }) => event)
    case 'inactive':
      return [occasion.of]
    case 'without':
    case 'given':
      return anchorsOf(occasion.base)
    default:
      return undefined
  }
}

export function visitDefinitions({ segments, triggers }: Definitions, visitor: Visitor): void {
  for (const [index, segment] of segments.entries()) {
    const path = `segments[${index}].condition`
    if (segment.kind === 'dynamic') visitWhole(segment.condition, path, {}, visitor)
  }
  for (const [index, trigger] of triggers.entries()) visitTrigger(trigger, `triggers[${index}]`, visitor)
}

function visitTrigger(trigger: TriggerDefinition, path: string, visitor: Visitor): void {
  const scope = scopeOf(trigger.when)
  visitOccasion(trigger.when, `${path}.when`, visitor)
  if (trigger.who) visitWhole(trigger.who, `${path}.who`, scope, visitor)
  for (const name of ['goals', 'exits'] as const) {
    for (const [index, { event }] of trigger[name].entries())
      visitor.event?.(event, `${path}.${name}[${index}].event`, scope)
  }
  visitSteps(trigger.journey, `${path}.journey`, scope, visitor)
}

function scopeOf(occasion: Occasion): Scope {
  const anchors = anchorsOf(occasion)
  return anchors === undefined ? {} : { anchors }
}

function visitWhole(condition: Condition, path: string, scope: Scope, visitor: Visitor): void {
  visitor.whole?.(condition, path)
  visitCondition(condition, path, scope, visitor)
}

function visitCondition(condition: Condition, path: string, scope: Scope, visitor: Visitor): void {
  visitor.condition?.(condition, path, scope)
  switch (condition.kind) {
    case 'did':
    case 'total':
      return visitor.event?.(condition.event, `${path}.event`, scope)
    case 'inactive':
      return visitor.event?.(condition.of, `${path}.of`, scope)
    case 'inSession':
      return visitCondition(condition.condition as Condition, `${path}.condition`, scope, visitor)
    case 'and':
    case 'or':
      for (const [index, each] of condition.conditions.entries())
        visitCondition(each, `${path}.conditions[${index}]`, scope, visitor)
      return undefined
    case 'not':
      return visitCondition(condition.condition, `${path}.condition`, scope, visitor)
    case 'trait':
    case 'inSegment':
      return undefined
  }
}

function visitOccasion(occasion: Occasion, path: string, visitor: Visitor): void {
  const scope = scopeOf(occasion)
  visitor.occasion?.(occasion, path, scope)
  switch (occasion.kind) {
    case 'on':
    case 'times':
      return visitor.event?.(occasion.event, `${path}.event`, {})
    case 'inactive':
      return visitor.event?.(occasion.of, `${path}.of`, {})
    case 'sequence':
      for (const [index, { event }] of occasion.steps.entries())
        visitor.event?.(event, `${path}.steps[${index}].event`, {})
      return undefined
    case 'without':
      visitOccasion(occasion.base, `${path}.base`, visitor)
      return visitor.event?.(occasion.event, `${path}.event`, scope)
    case 'given':
      visitOccasion(occasion.base, `${path}.base`, visitor)
      return visitWhole(occasion.condition, `${path}.condition`, scope, visitor)
    default:
      return undefined
  }
}

function visitSteps(steps: readonly Step[], path: string, scope: Scope, visitor: Visitor): void {
  for (const [index, step] of steps.entries()) {
    const place = `${path}[${index}]`
    visitor.step?.(step, place, scope)
    if (step.kind === 'waitFor') visitOccasion(step.occasion, `${place}.occasion`, visitor)
    if (step.kind === 'branch') visitWhole(step.condition, `${place}.condition`, scope, visitor)
    for (const [name, inner] of waysOf(step)) visitSteps(inner, `${place}.${name}`, scope, visitor)
  }
}

/** The lists of steps inside a step, with their places. */
export function waysOf(step: Step): readonly (readonly [name: string, steps: readonly Step[]])[] {
  if (step.kind === 'waitFor' || step.kind === 'branch')
    return [
      ['yes', step.yes],
      ['no', step.no],
    ]
  if (step.kind !== 'split') return []
  return step.arms.map((arm, index) => [`arms[${index}].steps`, arm.steps] as const)
}
