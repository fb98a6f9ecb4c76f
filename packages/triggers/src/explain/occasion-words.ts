import type {
  AtOccasion,
  ChangesOccasion,
  Occasion,
  SequenceOccasion,
  WithoutOccasion,
} from '../definition/occasion.ts'
import { conditionWords } from './condition-words.ts'
import { matchWords, numberedWords } from './event-words.ts'
import { durationWords } from './time-words.ts'
import { ordinalWords, valueWords } from './value-words.ts'

/** When a trigger fires, as the rest of "it fires …": `1 h after Product Added without Order Completed`. */
export function occasionWords(occasion: Occasion): string {
  const by = 'by' in occasion && occasion.by !== undefined ? ` (for each ${occasion.by} on its own)` : ''
  return `${nodeWords(occasion)}${by}`
}

function nodeWords(occasion: Occasion): string {
  switch (occasion.kind) {
    case 'on':
      return `at ${matchWords(occasion.event)}`
    case 'times':
      return `at the ${ordinalWords(occasion.count)} ${numberedWords(occasion.event)} within ${durationWords(occasion.within)}`
    case 'sequence':
      return `at ${chainWords(occasion)}`
    case 'without':
      return withoutWords(occasion)
    case 'given':
      return `${nodeWords(occasion.base)}, if the user then ${conditionWords(occasion.condition)}`
    case 'inactive':
      return `after ${durationWords(occasion.for)} without ${matchWords(occasion.of)}, once per pause`
    case 'enters':
      return `when the user enters segment ${occasion.segment}`
    case 'leaves':
      return `when the user leaves segment ${occasion.segment}`
    case 'changes':
      return changesWords(occasion)
    case 'at':
      return atWords(occasion)
    case 'schedule':
      return `at each tick of "${occasion.cron}" (${occasion.zone}) while the user is in segment ${occasion.segment}`
  }
}

/** `Product Viewed, then Product Added, within 30 min in all`. */
function chainWords({ steps, within }: SequenceOccasion): string {
  const parts = steps.map(({ event, gap }) =>
    gap === undefined ? matchWords(event) : `${matchWords(event)} at most ${durationWords(gap)} later`,
  )
  return `${parts.join(', then ')}, within ${durationWords(within)} in all`
}

function withoutWords({ base, event, for: wait, anchor }: WithoutOccasion): string {
  const note =
    anchor === 'every' ? ', for each of them' : anchor === 'first' ? ', counted from the first' : ''
  const start = nodeWords(base).replace(/^(at|when) /, '')
  const after =
    base.kind === 'without' || base.kind === 'inactive' ? `later than "${nodeWords(base)}"` : `after ${start}`
  return `${durationWords(wait)} ${after} without ${matchWords(event)}${note}`
}

function changesWords({ trait, from, to }: ChangesOccasion): string {
  const value = (given: NonNullable<ChangesOccasion['from']> | null): string =>
    given === null ? 'no value' : valueWords(given)
  const parts = [
    ...(from === undefined ? [] : [`from ${value(from)}`]),
    ...(to === undefined ? [] : [`to ${value(to)}`]),
  ]
  return ['when trait', trait, 'changes', ...parts].join(' ')
}

function atWords({ trait, offsetDays, time, repeat }: AtOccasion): string {
  const days = Math.abs(offsetDays) === 1 ? '1 day' : `${Math.abs(offsetDays)} days`
  const day = offsetDays === 0 ? 'on' : `${days} ${offsetDays < 0 ? 'before' : 'after'}`
  return `${day} the date in trait ${trait} at ${time} local time${repeat === 'yearly' ? ', every year' : ''}`
}
