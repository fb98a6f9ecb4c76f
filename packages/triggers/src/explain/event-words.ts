import type { Comparison, Predicate } from '../definition/comparison.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import { durationWords } from './time-words.ts'
import { valueWords } from './value-words.ts'

/** Which events: `Product Added where price is above 20`. */
export function matchWords(match: EventMatch): string {
  const name = matchName(match)
  return match.where === undefined ? name : `${name} where ${predicateWords(match.where)}`
}

/** The same without what is asked of its properties. */
export function matchName(match: EventMatch): string {
  switch (match.type) {
    case 'track':
      return match.name
    case 'page':
    case 'screen':
      return match.name === undefined ? `any ${match.type}` : `${match.type} ${JSON.stringify(match.name)}`
    case 'identify':
      return 'a profile update'
    case 'any':
      return 'any event'
  }
}

/** The same behind an ordinal: `3rd Product Viewed`, `5th event of any kind`. */
export function numberedWords(match: EventMatch): string {
  const words = matchWords(match)
  if (match.type === 'any') return words.replace('any event', 'event of any kind')
  return words.replace(/^(?:any|a) /, '')
}

function predicateWords(predicate: Predicate): string {
  if (predicate.kind === 'property')
    return `${predicate.property} ${comparisonWords(predicate, predicate.property)}`
  const parts = predicate.predicates.map((each) => {
    const text = predicateWords(each)
    return each.kind === 'property' ? text : `(${text})`
  })
  return parts.join(` ${predicate.kind} `)
}

const comparisons = {
  eq: 'is',
  neq: 'is not',
  gt: 'is above',
  gte: 'is at least',
  lt: 'is below',
  lte: 'is at most',
  contains: 'contains',
  startsWith: 'starts with',
  before: 'is before',
  after: 'is after',
} as const

/** What is said of a property or trait: `is at least 20`. `path` is that of what is compared. */
export function comparisonWords(comparison: Comparison, path: string): string {
  switch (comparison.op) {
    case 'in':
      return `is one of ${comparison.values.map(valueWords).join(', ')}`
    case 'exists':
      return comparison.value ? 'has a value' : 'has no value'
    case 'withinLast':
      return `lies in the last ${durationWords(comparison.duration)}`
    case 'withinNext':
      return `lies in the next ${durationWords(comparison.duration)}`
    case 'eq':
    case 'neq':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'contains':
    case 'startsWith':
    case 'before':
    case 'after': {
      const word = comparisons[comparison.op]
      if ('value' in comparison) return `${word} ${valueWords(comparison.value)}`
      if (comparison.anchor !== path) return `${word} ${comparison.anchor} of the starting event`
      return comparison.op === 'eq'
        ? 'is the same as in the starting event'
        : `${word} that of the starting event`
    }
  }
}

/** An event of the user: its name, or what it is. */
export function eventWords({ type, name, source }: Pick<MatcherEvent, 'type' | 'name' | 'source'>): string {
  const from =
    source === 'vendor' ? ' (reported by a vendor)' : source === 'tripline' ? ' (made by a journey)' : ''
  return `${eventName(type, name)}${from}`
}

function eventName(type: MatcherEvent['type'], name: string | undefined): string {
  switch (type) {
    case 'track':
      return name ?? 'an event without a name'
    case 'page':
    case 'screen':
      return name === undefined ? `a ${type}` : `${type} ${JSON.stringify(name)}`
    case 'identify':
      return 'a profile update'
    case 'group':
      return 'a group call'
    case 'alias':
      return 'a link to another id'
  }
}
