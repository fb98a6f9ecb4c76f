import type { Step } from '../definition/journey.ts'
import type { Note } from '../trace/note.ts'
import { occasionWords } from './occasion-words.ts'
import { durationWords, momentWords } from './time-words.ts'

/** What a step does, as a clause: `waits 1 day`. */
export function stepWords(step: Step): string {
  switch (step.kind) {
    case 'send':
      return `sends ${step.channel}`
    case 'fallback':
      return `sends ${step.sends.map(({ channel }) => channel).join(', then ')} until there is an answer within ${durationWords(step.ifNotEngagedIn)}`
    case 'wait':
      return `waits ${durationWords(step.for)}`
    case 'waitUntil':
      return `waits until ${step.time} ${step.zone ?? "on the user's clock"}`
    case 'waitFor':
      return `waits at most ${durationWords(step.timeout)} for what happens ${occasionWords(step.occasion)}`
    case 'branch':
      return 'branches'
    case 'split':
      return 'is split by chance'
    case 'setTrait':
      return `sets trait ${step.trait}`
    case 'addTo':
      return `adds the user to segment ${step.segment}`
    case 'removeFrom':
      return `takes the user out of segment ${step.segment}`
    case 'emit':
      return `makes an event ${step.event}`
    case 'webhook':
      return `calls ${step.url}`
    case 'exit':
      return 'leaves the journey'
  }
}

type StepNote = Extract<Note, { readonly what: 'step' }>
/** What the journey did at a step, with what the note tells of it. */
export function stepNoteWords({ path, facts, atMs }: StepNote, step: Step | undefined): string {
  return `step ${path}: ${wayWords(step, facts) ?? beginWords(step, facts, atMs)}`
}

/** A step that holds the journey; of a fallback the wait that follows each send. */
function beginWords(step: Step | undefined, { untilMs }: StepNote['facts'], atMs: number): string {
  const is = step?.kind === 'waitUntil' ? 'which is' : 'until'
  const until = typeof untilMs === 'number' ? `, ${is} ${momentWords(untilMs, atMs)}` : ''
  if (step === undefined) return `is reached${until}`
  return step.kind === 'send'
    ? `waits for an answer to ${step.channel}${until}`
    : `${stepWords(step)}${until}`
}

/** Where it went on; `undefined` where it only begins. */
function wayWords(
  step: Step | undefined,
  { way, arm, bucket, engaged }: StepNote['facts'],
): string | undefined {
  if (typeof arm === 'number') {
    const chance = typeof bucket === 'number' ? ` (chance ${bucket.toFixed(4)})` : ''
    return `takes arm ${arm}${chance}`
  }
  if (typeof engaged === 'boolean') {
    const message = step?.kind === 'send' ? step.channel : 'the message'
    return engaged ? `${message} was answered` : `${message} was not answered`
  }
  if (way !== 'yes' && way !== 'no') return undefined
  if (step?.kind !== 'waitFor') return `goes on with "${way}"`
  return way === 'yes' ? 'what it waited for happened' : 'what it waited for did not happen in time'
}
