import type { Value } from '@tripline/model'
import type { TriggerDefinition } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { Note } from '../trace/note.ts'
import { matchWords } from './event-words.ts'
import { guardWords } from './guard-words.ts'
import { occasionAt, stepAt } from './node-at.ts'
import { stepNoteWords } from './step-words.ts'
import { durationWords, momentWords } from './time-words.ts'
import { traceWords } from './trace-words.ts'
import { valueWords } from './value-words.ts'

/** What a note of a trigger says; below it the parts of a condition, one to a line. */
export interface Wording {
  readonly text: string
  readonly details: readonly string[]
}

type TriggerNote = Exclude<Note, { readonly what: 'event' | 'fact' }>

/** A note in words. `trigger` is the definition that it belongs to. */
export function noteWords(note: TriggerNote, trigger: TriggerDefinition): Wording {
  const condition = 'condition' in note ? note.condition : undefined
  return { text: textOf(note, trigger), details: condition === undefined ? [] : traceWords(condition) }
}

function textOf(note: TriggerNote, trigger: TriggerDefinition): string {
  switch (note.what) {
    case 'counted':
      return `${countedWords(note)}${windowWords(note, trigger)}${keyWords(note, trigger)}`
    case 'wait-started':
      return `starts to wait ${waitWords(note, trigger)}, until ${momentWords(note.dueMs, note.atMs)}`
    case 'wait-restarted':
      return `starts the wait anew: ${waitWords(note, trigger)}, until ${momentWords(note.dueMs, note.atMs)}`
    case 'wait-ignored':
      return `starts no wait${keyWords(note, trigger)}: one is under way until ${momentWords(note.dueMs, note.atMs)}`
    case 'wait-cancelled':
      return `ends the wait${keyWords(note, trigger)}${sinceWords(note, trigger)}: no fire`
    case 'wait-ended':
      return `the wait is over: ${waitWords(note, trigger)}`
    case 'step-seen':
      return `step ${note.step + 1} of ${note.of} of the sequence${keyWords(note, trigger)}`
    case 'chain-completed':
      return `completes the sequence${keyWords(note, trigger)}`
    case 'given':
      return note.condition.holds
        ? 'counts, as the condition holds'
        : 'does not count, as the condition does not hold'
    case 'guard':
      return guardWords(note)
    case 'step':
      return stepNoteWords(note, stepAt(trigger.journey, note.path))
  }
}

/** Beyond `of` the matcher counts no further: only the event that makes the count rise to `of` fires. */
const countedWords = ({ count, of }: Extract<Note, { readonly what: 'counted' }>): string =>
  count > of ? `more than ${of} already` : `number ${count} of ${of}`

/** Where a note of an occasion stands. */
interface Placed {
  readonly node: string
  readonly key?: Value
}

/** What a node waits for: `1 h without Order Completed`. */
export function waitWords(note: Placed, trigger: TriggerDefinition): string {
  const key = keyWords(note, trigger)
  const occasion = occasionAt(trigger, note.node)
  if (occasion?.kind === 'without')
    return `${durationWords(occasion.for)} without ${matchWords(occasion.event)}${key}`
  if (occasion?.kind === 'inactive')
    return `${durationWords(occasion.for)} without ${matchWords(occasion.of)}${key}`
  return `its time${key}`
}

/** ` for product_id "p1"`, where the node keeps its state by a property. */
function keyWords({ node, key }: Placed, trigger: TriggerDefinition): string {
  const occasion = occasionAt(trigger, node)
  if (key === undefined || occasion === undefined || !('by' in occasion) || occasion.by === undefined)
    return ''
  return ` for ${occasion.by} ${valueWords(key)}`
}

/** Since when a wait that is due at `dueMs` went on. */
function sinceWords(
  { node, dueMs, atMs }: Extract<Note, { readonly what: 'wait-cancelled' }>,
  trigger: TriggerDefinition,
): string {
  const occasion = occasionAt(trigger, node)
  if (occasion?.kind !== 'without' && occasion?.kind !== 'inactive') return ''
  return ` that began ${momentWords(dueMs - durationMs(occasion.for), atMs)}`
}

function windowWords({ node }: Placed, trigger: TriggerDefinition): string {
  const occasion = occasionAt(trigger, node)
  return occasion?.kind === 'times' ? ` within ${durationWords(occasion.within)}` : ''
}
