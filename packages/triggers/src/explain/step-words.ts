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
  const until = facts['untilMs'] ?? facts['dueMs']
  const untilWords = typeof until === 'number' ? `, until ${momentWords(until, atMs)}` : ''
  const what = step === undefined ? 'is reached' : stepWords(step)
  return `step ${path}: ${what}${untilWords}${wayWords(step, facts)}`
}

function wayWords(step: Step | undefined, facts: StepNote['facts']): string {
  const { way, arm, bucket, engaged } = facts
  if (typeof arm === 'number') {
    const chance = typeof bucket === 'number' ? ` (chance ${bucket.toFixed(4)})` : ''
    return `: takes arm ${arm}${chance}`
  }
  if (typeof engaged === 'boolean') return engaged ? ': answered' : ': no answer'
  if (way !== 'yes' && way !== 'no') return ''
  if (step?.kind === 'waitFor') return way === 'yes' ? ': it happened' : ': it did not happen in time'
  return `: goes on with "${way}"`
}
