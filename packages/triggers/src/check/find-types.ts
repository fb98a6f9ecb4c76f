import type { FieldType, Value } from '@tripline/model'
import { declaredTraits, declaredType, typesOfEvent } from '../definition/check/declared.ts'
import { memberPath } from '../definition/check/check-plan.ts'
import { visitDefinitions, type Scope } from '../definition/check/visit.ts'
import type { Comparison, Predicate } from '../definition/comparison.ts'
import type { TotalCondition } from '../definition/condition.ts'
import type { Definitions } from '../definition/definition.ts'
import type { DataSource, Step } from '../definition/journey.ts'
import type { Occasion } from '../definition/occasion.ts'
import type { PropertyTypes } from '../definition/plan.ts'
import type { Findings } from './finding.ts'
import { unsuited, unsuitedAnchor, unsuitedValue, type AnchorTypes } from './suits.ts'

/** Comparisons and writes that do not suit the type that the tracking plan declares. */
export function findTypes(definitions: Definitions, findings: Findings): void {
  const check = createTypeCheck(definitions, findings)
  visitDefinitions(definitions, {
    event(event, path, scope) {
      if (event.where) check.predicate(event.where, `${path}.where`, typesOfEvent(event, definitions), scope)
    },
    condition(condition, path, scope) {
      if (condition.kind === 'trait') check.comparison(condition, path, check.trait(condition.trait), scope)
      if (condition.kind === 'total') check.total(condition, path, scope)
    },
    occasion: (occasion, path) => checkOccasion(occasion, path, check, findings),
    step: (step, path, scope) => checkStep(step, path, scope, definitions, check),
  })
}

interface TypeCheck {
  trait(path: string): FieldType | undefined
  comparison(comparison: Comparison, path: string, type: FieldType | undefined, scope: Scope): void
  predicate(predicate: Predicate, path: string, types: PropertyTypes | undefined, scope: Scope): void
  total(condition: TotalCondition, path: string, scope: Scope): void
  value(value: Value, path: string, type: FieldType | undefined): void
  source(from: DataSource, path: string, type: FieldType | undefined, scope: Scope): void
}

function createTypeCheck(definitions: Definitions, findings: Findings): TypeCheck {
  const traits = declaredTraits(definitions)
  const known = (path: string, types: PropertyTypes | undefined): FieldType | undefined => {
    const type = types && declaredType(path, types)
    return type === 'unknown' ? undefined : type
  }
  const anchorTypes =
    ({ anchors = [] }: Scope): AnchorTypes =>
    (path) =>
      anchors.flatMap((event) => known(path, typesOfEvent(event, definitions)) ?? [])
  const check: TypeCheck = {
    trait: (path) => known(path, traits),
    comparison(comparison, path, type, scope) {
      for (const { at, message } of unsuited(comparison, type, anchorTypes(scope)))
        findings.error('type', `${path}${at}`, message)
    },
    predicate(predicate, path, types, scope) {
      if (predicate.kind === 'property')
        return check.comparison(predicate, path, known(predicate.property, types), scope)
      for (const [index, each] of predicate.predicates.entries())
        check.predicate(each, `${path}.predicates[${index}]`, types, scope)
      return undefined
    },
    total(condition, path, scope) {
      const { aggregate, property, event } = condition
      const type = known(property, typesOfEvent(event, definitions))
      const isValue = aggregate === 'first' || aggregate === 'latest'
      const counts = aggregate === 'distinct' || isValue
      if (!counts && type !== undefined && type !== 'number' && type !== 'integer') {
        const message = `is declared as ${type}; ${aggregate} is over numbers only`
        return findings.error('type', `${path}.property`, message)
      }
      check.comparison(condition, path, isValue ? type : 'number', scope)
    },
    value(value, path, type) {
      if (type === undefined || value === null) return
      for (const { message } of unsuitedValue(value, type, '')) findings.error('type', path, message)
    },
    source(from, path, type, scope) {
      if (type === undefined) return
      if ('value' in from) return check.value(from.value, `${path}.value`, type)
      const isAnchor = 'anchor' in from
      const types = isAnchor ? anchorTypes(scope) : (trait: string) => [check.trait(trait) ?? type]
      for (const { message } of unsuitedAnchor(isAnchor ? from.anchor : from.trait, type, types))
        findings.error('type', `${path}.${isAnchor ? 'anchor' : 'trait'}`, message)
    },
  }
  return check
}

function checkOccasion(occasion: Occasion, path: string, check: TypeCheck, findings: Findings): void {
  if (occasion.kind === 'at') {
    const type = check.trait(occasion.trait)
    if (type !== undefined && type !== 'date' && type !== 'instant')
      findings.error('type', `${path}.trait`, `is declared as ${type}; only a date or an instant names a day`)
  }
  if (occasion.kind !== 'changes') return
  const type = check.trait(occasion.trait)
  for (const name of ['from', 'to'] as const) {
    const value = occasion[name]
    if (value !== undefined) check.value(value, `${path}.${name}`, type)
  }
}

function checkStep(step: Step, path: string, scope: Scope, definitions: Definitions, check: TypeCheck): void {
  if (step.kind === 'setTrait') check.source(step.value, `${path}.value`, check.trait(step.trait), scope)
  if (step.kind !== 'emit') return
  const types = typesOfEvent({ type: 'track', name: step.event }, definitions)
  for (const [name, from] of Object.entries(step.properties)) {
    const type = types && declaredType(name, types)
    if (type !== 'unknown') check.source(from, memberPath(`${path}.properties`, name), type, scope)
  }
}
