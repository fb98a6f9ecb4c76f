import { isObject } from './ingest-input.ts'

export interface Selector {
  readonly operator: 'and' | 'or'
  readonly children: readonly (Selector | Leaf)[]
}
export type Leaf =
  | {
      readonly property: 'behaviors'
      readonly value: string
      readonly operator: '>=' | '<=' | '=='
      readonly operand: number
    }
  | {
      readonly property: 'user'
      readonly value: string
      readonly operator: UserOperator
      readonly operand?: unknown
      readonly type?: string
    }
  | { readonly property: 'cohort'; readonly value: number; readonly operator: 'in' | 'not in' }
const userOperators = ['==', '!=', 'in', 'not in', '>', '<', 'defined', 'not defined'] as const
type UserOperator = (typeof userOperators)[number]
const filterOperators = [
  'equals',
  'does not equal',
  'contains',
  'does not contain',
  'is greater than',
  'is less than',
  'is set',
  'is not set',
  'is between',
] as const
export interface EventFilter {
  readonly resourceType: 'events'
  readonly filterType: string
  readonly defaultType: string
  readonly value: string
  readonly filterOperator: (typeof filterOperators)[number]
  readonly filterValue?: unknown
}
export interface Behavior {
  readonly count: {
    readonly event_selector: {
      readonly event: string
      readonly selector?: { readonly operator: 'and' | 'or'; readonly children: readonly EventFilter[] }
    }
    readonly type: 'absolute'
    readonly aggregationOperator?: 'total' | 'unique' | 'average' | 'min' | 'max' | 'median'
    readonly property?: string
  }
  readonly window?: { readonly unit: 'day' | 'week' | 'month'; readonly value: number }
  readonly from_date?: string
  readonly to_date?: string
}
/** The legacy form: the only one whose JSON is known. jaredmcfarland/mixpanel_data:src/mixpanel_headless/types.py */
export interface CohortDefinition {
  readonly selector: Selector
  readonly behaviors: Readonly<Record<string, Behavior>>
}

const propertyTypes = ['string', 'number', 'boolean', 'datetime', 'list']
const aggregations = ['total', 'unique', 'average', 'min', 'max', 'median']
const datePattern = /^\d{4}-\d\d-\d\d$/

/** What is wrong with a definition; undefined when it can be evaluated. */
export function definitionFlaw(selector: unknown, behaviors: unknown): string | undefined {
  if (!isObject(behaviors)) return 'behaviors must be an object'
  for (const [name, behavior] of Object.entries(behaviors)) {
    const flaw = behaviorFlaw(behavior)
    if (flaw !== undefined) return `behaviors.${name}: ${flaw}`
  }
  return selectorFlaw(selector, new Set(Object.keys(behaviors)))
}

function selectorFlaw(node: unknown, behaviors: ReadonlySet<string>): string | undefined {
  if (!isObject(node)) return 'selector must be an object'
  if (!('children' in node)) return leafFlaw(node, behaviors)
  if (node['operator'] !== 'and' && node['operator'] !== 'or')
    return 'selector.operator must be "and" or "or"'
  const children: unknown = node['children']
  if (!Array.isArray(children) || children.length === 0)
    return 'selector.children must be a list with something in it'
  for (const child of children) {
    const flaw = selectorFlaw(child, behaviors)
    if (flaw !== undefined) return flaw
  }
  return undefined
}

function leafFlaw(leaf: Record<string, unknown>, behaviors: ReadonlySet<string>): string | undefined {
  const { property, value, operator, operand, type } = leaf
  if (property === 'behaviors') {
    if (typeof value !== 'string' || !behaviors.has(value)) return `behavior ${String(value)} is not defined`
    if (operator !== '>=' && operator !== '<=' && operator !== '==') return 'a behavior takes >=, <= or =='
    // The known builder writes whole numbers only; decimals are unverified.
    return Number.isInteger(operand) ? undefined : 'operand of a behavior must be a whole number'
  }
  if (property === 'cohort') {
    if (typeof value !== 'number') return 'value of a cohort leaf must be a cohort id'
    return operator === 'in' || operator === 'not in' ? undefined : 'a cohort takes "in" or "not in"'
  }
  if (property !== 'user') return `unknown leaf ${String(property)}`
  if (typeof value !== 'string' || value === '') return 'value of a user leaf must be a property name'
  if (!userOperators.some((name) => name === operator)) return `unknown operator ${String(operator)}`
  if (type !== undefined && !propertyTypes.some((name) => name === type)) return 'unknown type of a user leaf'
  if ((operator === 'in' || operator === 'not in') && !Array.isArray(operand))
    return `${operator} takes a list`
  return undefined
}

function behaviorFlaw(behavior: unknown): string | undefined {
  if (!isObject(behavior)) return 'must be an object'
  const { count } = behavior
  if (!isObject(count) || count['type'] !== 'absolute') return 'count.type must be "absolute"'
  const { event_selector: eventSelector, aggregationOperator, property } = count
  if (!isObject(eventSelector) || typeof eventSelector['event'] !== 'string')
    return 'count.event_selector.event is missing'
  if (aggregationOperator !== undefined && !aggregations.some((name) => name === aggregationOperator))
    return 'unknown aggregationOperator'
  if (aggregationOperator !== undefined && typeof property !== 'string')
    return 'an aggregation needs a property'
  return filtersFlaw(eventSelector['selector']) ?? timeFlaw(behavior)
}

function filtersFlaw(selector: unknown): string | undefined {
  if (selector === undefined || selector === null) return undefined
  const children: unknown = isObject(selector) ? selector['children'] : undefined
  if (!Array.isArray(children)) return 'event_selector.selector.children must be a list'
  for (const child of children as readonly unknown[]) {
    if (!isObject(child) || child['resourceType'] !== 'events' || typeof child['value'] !== 'string')
      return 'bad event filter'
    if (!filterOperators.some((name) => name === child['filterOperator']))
      return `unknown filterOperator ${String(child['filterOperator'])}`
    if (!propertyTypes.includes(String(child['filterType'])))
      return `unknown filterType ${String(child['filterType'])}`
  }
  return undefined
}

/** Exactly one of a window and a date range; a window knows days, weeks and months only. */
function timeFlaw(behavior: Record<string, unknown>): string | undefined {
  const { window, from_date: from, to_date: to } = behavior
  if (window === undefined) {
    return [from, to].every((date) => typeof date === 'string' && datePattern.test(date))
      ? undefined
      : 'needs a window or from_date and to_date'
  }
  if (from !== undefined || to !== undefined) return 'takes either a window or a date range'
  if (!isObject(window) || !['day', 'week', 'month'].includes(String(window['unit'])))
    return 'window.unit must be day, week or month'
  return Number.isInteger(window['value']) && Number(window['value']) > 0
    ? undefined
    : 'window.value must be a whole number above 0'
}
