import type { FieldType } from '@tripline/model'
import { declaredTraits, typesOfEvent } from '../definition/check/declared.ts'
import type { Comparison, Predicate } from '../definition/comparison.ts'
import type { Condition, DidCondition, TotalCondition } from '../definition/condition.ts'
import type { Definitions } from '../definition/definition.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { PropertyTypes } from '../definition/plan.ts'
import { allowsZero, countsConflict, opposite, truthOfCount } from './counts.ts'
import { areContradictory } from './facts.ts'
import { unsuited } from './suits.ts'

/** Whether a condition holds for every user at every instant, for none at any, or that depends. */
export type Truth = 'always' | 'never' | 'depends'
/** Told where the cause of an answer lies, and what it is. */
export type TellCause = (path: string, truth: 'always' | 'never', because: string) => void

export interface Judge {
  condition(condition: Condition, path: string, tell?: TellCause): Truth
  /** `never`: no event can fit. */
  event(event: EventMatch, path: string, tell?: TellCause): 'never' | 'depends'
}

/** Judges what can be known without data. `depends` may hide what is too deep to see; the other answers are certain. */
export function createJudge(definitions: Definitions): Judge {
  const context: Context = { definitions, visiting: new Set() }
  const silent: TellCause = () => undefined
  return {
    condition: (condition, path, tell = silent) => judge(condition, path, tell, context),
    event: (event, path, tell = silent) => judgeEvent(event, path, tell, context),
  }
}

interface Context {
  readonly definitions: Definitions
  /** Segments that are being judged. */
  readonly visiting: Set<string>
}

function judge(condition: Condition, path: string, tell: TellCause, context: Context): Truth {
  switch (condition.kind) {
    case 'did':
      return judgeDid(condition, path, tell, context)
    case 'total':
      return judgeTotal(condition, path, tell, context)
    case 'inactive':
      return judgeEvent(condition.of, `${path}.of`, tell, context)
    case 'inSession':
      return judge(condition.condition as Condition, `${path}.condition`, tell, context)
    case 'inSegment':
      return judgeSegment(condition.segment, path, tell, context)
    case 'not': {
      const inner = judge(condition.condition, `${path}.condition`, tell, context)
      return inner === 'depends' ? inner : inner === 'always' ? 'never' : 'always'
    }
    case 'and':
    case 'or':
      return judgeLogic(condition, path, tell, context)
    case 'trait': {
      const traits = declaredTraits(context.definitions)
      return isUnsuited(condition, typeAt(condition.trait, traits)) ? 'never' : 'depends'
    }
  }
}

function judgeDid({ event, count }: DidCondition, path: string, tell: TellCause, context: Context): Truth {
  const truth = truthOfCount(count)
  if (truth !== undefined) {
    const advice = truth === 'always' ? 'every count is' : 'no count is'
    tell(`${path}.count`, truth, `${advice} ${words[count.op]} ${count.value}`)
    return truth
  }
  if (judgeEvent(event, `${path}.event`, tell, context) === 'depends') return 'depends'
  return allowsZero(count) ? 'always' : 'never'
}

function judgeTotal(condition: TotalCondition, path: string, tell: TellCause, context: Context): Truth {
  if (condition.op === 'exists') return 'depends'
  if (judgeEvent(condition.event, `${path}.event`, tell, context) === 'never') return 'never'
  const { aggregate, property, event } = condition
  const isValue = aggregate === 'first' || aggregate === 'latest'
  const types = typesOfEvent(event, context.definitions)
  const type = isValue ? typeAt(property, types) : 'number'
  if (isUnsuited(condition, type)) return 'never'
  const distinct: readonly Comparison[] = [condition, { op: 'gte', value: 1 }]
  if (aggregate !== 'distinct' || !areContradictory(distinct, 'integer')) return 'depends'
  tell(path, 'never', 'the number of distinct values is at least 1, or there is no value')
  return 'never'
}

function judgeSegment(id: string, path: string, tell: TellCause, context: Context): Truth {
  const segment = context.definitions.segments.find((each) => each.id === id)
  if (segment?.kind !== 'dynamic' || context.visiting.has(id)) return 'depends'
  context.visiting.add(id)
  const truth = judge(segment.condition, '', () => undefined, context)
  context.visiting.delete(id)
  if (truth === 'always') tell(path, truth, `everyone is in segment "${id}"`)
  if (truth === 'never') tell(path, truth, `nobody can be in segment "${id}"`)
  return truth
}

type Logic = Extract<Condition, { readonly kind: 'and' | 'or' }>
function judgeLogic(logic: Logic, path: string, tell: TellCause, context: Context): Truth {
  const { kind } = logic
  const all = flat(logic, '')
  const parts = all.map(({ part, at }) => judge(part, `${path}.${at}`, tell, context))
  const decisive = kind === 'and' ? 'never' : 'always'
  if (parts.includes(decisive)) return decisive
  if (parts.every((part) => part !== 'depends')) return kind === 'and' ? 'always' : 'never'
  // Any of several always holds when it is a contradiction that none does.
  const conditions = all.map(({ part }) => (kind === 'and' ? part : opposite(part)))
  const conflict = findConflict(conditions, context)
  if (conflict === undefined) return 'depends'
  const places = conflict.map((index) => all[index]?.at).join(' and ')
  const because = kind === 'and' ? `${places} cannot hold together` : `one of ${places} always holds`
  tell(path, decisive, because)
  return decisive
}

/** The parts of a list, of lists of the same kind inside it, too, with their places. */
function flat(
  { kind, conditions }: Logic,
  prefix: string,
): readonly { readonly part: Condition; readonly at: string }[] {
  return conditions.flatMap((part, index) => {
    const at = `${prefix}conditions[${index}]`
    return part.kind === kind ? flat(part, `${at}.`) : [{ part, at }]
  })
}

/** The indexes of conditions that cannot hold together. */
function findConflict(conditions: readonly Condition[], context: Context): readonly number[] | undefined {
  for (const [index, a] of conditions.entries()) {
    for (const [other, b] of conditions.slice(0, index).entries()) {
      const denied = JSON.stringify(opposite(a)) === JSON.stringify(b)
      const counted = a.kind === 'did' && b.kind === 'did' && countsConflict(a, b)
      if (denied || counted) return [other, index]
    }
  }
  const traits = declaredTraits(context.definitions) ?? {}
  return conflictByPath(
    conditions.map((each) => (each.kind === 'trait' ? { path: each.trait, comparison: each } : undefined)),
    (path) => typeAt(path, traits),
  )
}

interface Compared {
  readonly path: string
  readonly comparison: Comparison
}
/** The indexes of comparisons of one path that no value fits. Paths with `[]` have several values. */
function conflictByPath(
  compared: readonly (Compared | undefined)[],
  typeOf: (path: string) => FieldType | undefined,
): readonly number[] | undefined {
  const indexes = new Map<string, number[]>()
  for (const [index, each] of compared.entries()) {
    if (each === undefined || each.path.includes('[]')) continue
    indexes.set(each.path, [...(indexes.get(each.path) ?? []), index])
  }
  for (const [path, list] of indexes) {
    const comparisons = list.flatMap((index) => compared[index]?.comparison ?? [])
    if (list.length > 1 && areContradictory(comparisons, typeOf(path))) return list
  }
  return undefined
}

function judgeEvent(event: EventMatch, path: string, tell: TellCause, context: Context): 'never' | 'depends' {
  if (event.where === undefined) return 'depends'
  const types = typesOfEvent(event, context.definitions) ?? {}
  return judgePredicate(event.where, `${path}.where`, tell, (name) => typeAt(name, types))
}

function judgePredicate(
  predicate: Predicate,
  path: string,
  tell: TellCause,
  typeOf: (path: string) => FieldType | undefined,
): 'never' | 'depends' {
  if (predicate.kind === 'property') {
    return isUnsuited(predicate, typeOf(predicate.property)) ? 'never' : 'depends'
  }
  const all = flatPredicates(predicate, '')
  const parts = all.map(({ part, at }) => judgePredicate(part, `${path}.${at}`, tell, typeOf))
  if (predicate.kind === 'or') return parts.every((part) => part === 'never') ? 'never' : 'depends'
  if (parts.includes('never')) return 'never'
  const compared = all.map(({ part }) =>
    part.kind === 'property' ? { path: part.property, comparison: part } : undefined,
  )
  const conflict = conflictByPath(compared, typeOf)
  if (conflict === undefined) return 'depends'
  tell(path, 'never', `no value fits ${conflict.map((index) => all[index]?.at).join(' and ')}`)
  return 'never'
}

type LogicOfPredicates = Extract<Predicate, { readonly kind: 'and' | 'or' }>
function flatPredicates(
  { kind, predicates }: LogicOfPredicates,
  prefix: string,
): readonly { readonly part: Predicate; readonly at: string }[] {
  return predicates.flatMap((part, index) => {
    const at = `${prefix}predicates[${index}]`
    return part.kind === kind ? flatPredicates(part, `${at}.`) : [{ part, at }]
  })
}

/**
 * Whether the value compared with is of another type, so that nothing fits. The type rule names it itself: no cause is
 * told here. An operator that is not for the type says nothing: text can be a day.
 */
function isUnsuited(comparison: Comparison, type: FieldType | undefined): boolean {
  const wrong = unsuited(comparison, type, () => []).filter(({ at }) => at !== '.op')
  return wrong.length >= (comparison.op === 'in' ? comparison.values.length : 1)
}

/** As whose type a value is compared: only what is declared at this very path. */
function typeAt(path: string, types: PropertyTypes | undefined): FieldType | undefined {
  return types !== undefined && Object.hasOwn(types, path) ? types[path] : undefined
}

const words = {
  eq: 'equal to',
  neq: 'other than',
  gt: 'above',
  gte: 'at least',
  lt: 'below',
  lte: 'at most',
} as const
