import type { Mistake } from '@tripline/model'
import type { Comparison, Predicate } from '../comparison.ts'
import type { Definitions } from '../definition.ts'
import type { EventMatch } from '../event-match.ts'
import type { Data, DataSource, Step } from '../journey.ts'
import type { Occasion } from '../occasion.ts'
import type { PropertyTypes } from '../plan.ts'
import { declaredTraits, declaredType, typesOfEvent } from './declared.ts'
import { nearestName } from './nearest-name.ts'
import { visitDefinitions, type Scope } from './visit.ts'

/**
 * With a tracking plan, every track event, property and trait that a definition names must be in it. A plan without
 * events (or without traits) declares none and refuses none; events that count as engagement need no declaration.
 */
export function checkPlan(definitions: Definitions, mistakes: Mistake[]): void {
  const names = createNames(definitions, mistakes)
  visitDefinitions(definitions, {
    event(event, path, scope) {
      if (event.type === 'track') names.event(event.name, `${path}.name`)
      const types = typesOfEvent(event, definitions)
      if (event.where) checkPredicate(event.where, `${path}.where`, { types, scope }, names)
    },
    condition(condition, path, scope) {
      if (condition.kind === 'trait') names.trait(condition.trait, `${path}.trait`)
      if (condition.kind === 'total')
        names.property(condition.property, `${path}.property`, typesOfEvent(condition.event, definitions))
      if (condition.kind === 'trait' || condition.kind === 'total')
        checkOperand(condition, path, scope, names)
    },
    occasion(occasion, path, scope) {
      if (occasion.kind === 'changes' || occasion.kind === 'at') names.trait(occasion.trait, `${path}.trait`)
      if ('by' in occasion && occasion.by !== undefined) {
        for (const event of correlated(occasion, scope))
          names.property(occasion.by, `${path}.by`, typesOfEvent(event, definitions))
      }
    },
    step: (step, path, scope) => checkStep(step, path, scope, names),
  })
}

/** The events whose values of `by` are compared. */
function correlated(occasion: Occasion, { anchors = [] }: Scope): readonly EventMatch[] {
  if (occasion.kind === 'sequence') return occasion.steps.map(({ event }) => event)
  return occasion.kind === 'without' ? [...anchors, occasion.event] : anchors
}

interface Names {
  event(name: string, path: string): void
  trait(name: string, path: string): void
  property(name: string, path: string, types: PropertyTypes | undefined): void
  anchor(name: string, path: string, scope: Scope): void
  /** What an emitted event of the plan declares. */
  typesOf(event: string): PropertyTypes | undefined
}

function createNames(definitions: Definitions, mistakes: Mistake[]): Names {
  const events = Object.keys(definitions.plan.events)
  const { engagements } = definitions.policy
  const refuse = (path: string, name: string, allowed: readonly string[]) => {
    // `by` of a sequence is asked of each of its events.
    if (mistakes.some((mistake) => mistake.path === path)) return
    const meant = nearestName(name, allowed)
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    mistakes.push({ path, message: `is not in the tracking plan${hint}`, allowed })
  }
  const names: Names = {
    event(name, path) {
      if (events.length > 0 && !events.includes(name) && !engagements.includes(name))
        refuse(path, name, events)
    },
    trait: (name, path) => names.property(name, path, declaredTraits(definitions)),
    property(name, path, types) {
      if (types !== undefined && declaredType(name, types) === undefined)
        refuse(path, name, Object.keys(types))
    },
    anchor(name, path, { anchors = [] }) {
      for (const event of anchors) names.property(name, path, typesOfEvent(event, definitions))
    },
    typesOf: (event) => typesOfEvent({ type: 'track', name: event }, definitions),
  }
  return names
}

function checkOperand(comparison: Comparison, path: string, scope: Scope, names: Names): void {
  if ('anchor' in comparison) names.anchor(comparison.anchor, `${path}.anchor`, scope)
}

interface Bag {
  readonly types: PropertyTypes | undefined
  readonly scope: Scope
}
function checkPredicate(predicate: Predicate, path: string, bag: Bag, names: Names): void {
  if (predicate.kind === 'property') {
    names.property(predicate.property, `${path}.property`, bag.types)
    return checkOperand(predicate, path, bag.scope, names)
  }
  for (const [index, each] of predicate.predicates.entries())
    checkPredicate(each, `${path}.predicates[${index}]`, bag, names)
}

function checkStep(step: Step, path: string, scope: Scope, names: Names): void {
  const source = (from: DataSource, place: string) => {
    if ('anchor' in from) names.anchor(from.anchor, `${place}.anchor`, scope)
    if ('trait' in from) names.trait(from.trait, `${place}.trait`)
  }
  const data = (bag: Data, place: string) => {
    for (const [name, from] of Object.entries(bag)) source(from, memberPath(place, name))
  }
  if (step.kind === 'setTrait') {
    names.trait(step.trait, `${path}.trait`)
    source(step.value, `${path}.value`)
  } else if (step.kind === 'emit') {
    names.event(step.event, `${path}.event`)
    data(step.properties, `${path}.properties`)
    const types = names.typesOf(step.event)
    for (const name of Object.keys(step.properties))
      names.property(name, memberPath(`${path}.properties`, name), types)
  } else if (step.kind === 'send' || step.kind === 'webhook') data(step.data, `${path}.data`)
  else if (step.kind === 'fallback') {
    for (const [index, send] of step.sends.entries()) data(send.data, `${path}.sends[${index}].data`)
  }
}

/** `data` + `id` → `data.id`; a name with other letters is quoted. */
export function memberPath(path: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`
}
