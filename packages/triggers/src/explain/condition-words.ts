import type { CountComparison } from '../definition/comparison.ts'
import type { Condition, DidCondition, InSessionCondition, TotalCondition } from '../definition/condition.ts'
import { comparisonWords, matchWords } from './event-words.ts'
import { durationWords } from './time-words.ts'
import { timesWords } from './value-words.ts'

/** A condition as a clause about the user: `did Order Completed at least 2 times in the last 30 days`. */
export function conditionWords(condition: Condition): string {
  switch (condition.kind) {
    case 'trait':
      return `trait ${condition.trait} ${comparisonWords(condition, condition.trait)}`
    case 'did':
    case 'total':
      return `${overEventsWords(condition)}${windowWords(condition)}`
    case 'inactive':
      return `no ${matchWords(condition.of).replace(/^any /, '')} for ${durationWords(condition.for)}, but one before`
    case 'inSession':
      return `${overEventsWords(condition.condition)} in this session`
    case 'inSegment':
      return `is in segment ${condition.segment}`
    case 'and':
    case 'or':
      return condition.conditions.map(partWords).join(` ${condition.kind} `)
    case 'not':
      return `not ${negatedWords(condition.condition)}`
  }
}

/** In brackets where it is made of several. */
function partWords(condition: Condition): string {
  const text = conditionWords(condition)
  return condition.kind === 'and' || condition.kind === 'or' ? `(${text})` : text
}

/** Also in brackets where its own words begin with a `no`. */
function negatedWords(condition: Condition): string {
  const text = partWords(condition)
  return condition.kind === 'inactive' ? `(${text})` : text
}

function overEventsWords(condition: InSessionCondition['condition']): string {
  const event = matchWords(condition.event)
  if (condition.kind === 'did') return didWords(event, (condition as DidCondition).count)
  const total = condition as TotalCondition
  return `${aggregateWords[total.aggregate]} ${total.property} over ${event} ${comparisonWords(total, total.property)}`
}

const aggregateWords = {
  sum: 'the sum of',
  average: 'the average of',
  min: 'the lowest',
  max: 'the highest',
  distinct: 'the number of different',
  first: 'the first',
  latest: 'the latest',
} as const satisfies { readonly [aggregate in TotalCondition['aggregate']]: string }

function didWords(event: string, { op, value }: CountComparison): string {
  if (op === 'gte' && value === 1) return `did ${event}`
  if ((op === 'eq' && value === 0) || (op === 'lt' && value === 1))
    return `did no ${event.replace(/^any /, '')}`
  return `did ${event} ${countWords[op]}${timesWords(value)}`
}
const countWords = {
  eq: 'exactly ',
  neq: 'not ',
  gt: 'more than ',
  gte: 'at least ',
  lt: 'less than ',
  lte: 'at most ',
} as const satisfies { readonly [op in CountComparison['op']]: string }

const windowWords = ({ within }: DidCondition | TotalCondition): string =>
  within === undefined ? '' : ` in the last ${durationWords(within)}`
