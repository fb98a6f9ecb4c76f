import type { Value } from '@tripline/model'
import type { Note } from '../trace/note.ts'
import { lengthWords, momentWords } from './time-words.ts'
import { timesWords } from './value-words.ts'

type GuardNote = Extract<Note, { readonly what: 'guard' }>
type GuardName = GuardNote['guard']

/** A fact of a guard in words, where the note has it. */
interface Facts {
  readonly number: (name: string) => number | undefined
  readonly text: (name: string) => string | undefined
  /** A time of the note, as seen from the instant of the guard. */
  readonly moment: (name: string) => string | undefined
  readonly length: (name: string) => string | undefined
}

/** What a guard answered: `entered 1 of 2 times in 7 days`. */
export function guardWords(note: GuardNote): string {
  const words = note.passed ? passedWords : failedWords
  return words[note.guard](factsOf(note))
}

type Words = { readonly [guard in GuardName]: (facts: Facts) => string }

const passedWords: Words = {
  enabled: () => 'switched on',
  who: () => '"who" holds',
  suppression: () => 'not suppressed',
  consent: ({ text }) => `consent${purpose(text('purpose'))} is there`,
  reentry: ({ number }) =>
    (number('inside') ?? 0) > 0 ? 'in the journey already, which is allowed' : 'not in the journey',
  cooldown: ({ moment, length }) => {
    const last = moment('lastMs')
    return last === undefined
      ? 'no entry before to cool down from'
      : `cool-down${of(length('forMs'))} is over (last entry ${last})`
  },
  'at-most': (facts) => `entered ${used(facts)}`,
  holdout: ({ number }) => `not held out${bucket(number('bucket'), number('share'))}`,
  ending: () => 'neither goal nor exit so far',
  reachability: ({ text }) => `${text('channel') ?? 'the channel'} reaches the user`,
  priority: ({ text }) => `nothing goes before it${inChannel(text('channel'))}`,
  cap: (facts) => `${used(facts)} sent${inChannel(facts.text('channel'))}`,
  backoff: ({ number }) => `${timesWords(number('ignored') ?? 0)} ignored, no pause needed`,
  'quiet-hours': (facts) => `no quiet hours${clock(facts)}`,
}

const failedWords: Words = {
  enabled: () => 'switched off',
  who: () => '"who" does not hold',
  suppression: () => 'suppressed',
  consent: ({ text }) => {
    const denied = text('state') === 'denied'
    return denied
      ? `consent${purpose(text('purpose'))} is denied`
      : `there is no consent${purpose(text('purpose'))}`
  },
  reentry: () => 'in the journey already',
  cooldown: ({ moment, length }) => {
    const last = moment('lastMs')
    return `cool-down${of(length('forMs'))} is not over${last === undefined ? '' : ` (last entry ${last})`}`
  },
  'at-most': (facts) => `entered as often as allowed: ${used(facts)}`,
  holdout: ({ number }) => `held out${bucket(number('bucket'), number('share'))}`,
  ending: ({ text }) => (text('by') === 'goal' ? 'the goal is reached' : 'the journey was ended'),
  reachability: ({ text }) => `${text('channel') ?? 'the channel'} does not reach the user`,
  priority: ({ text }) => {
    const winner = text('winner')
    return `${winner ?? 'another message'} goes before it${inChannel(text('channel'))}`
  },
  cap: (facts) => `cap full: ${used(facts)} sent${inChannel(facts.text('channel'))}`,
  backoff: ({ number, moment }) => {
    const next = moment('nextMs')
    return `${timesWords(number('ignored') ?? 0)} ignored in a row${next === undefined ? '' : `, the next may go at ${next}`}`
  },
  'quiet-hours': (facts) => `quiet hours${clock(facts)}`,
}

const of = (length: string | undefined): string => (length === undefined ? '' : ` of ${length}`)
const purpose = (text: string | undefined): string => (text === undefined ? '' : ` for ${text}`)
const inChannel = (text: string | undefined): string => (text === undefined ? '' : ` in ${text}`)
const used = ({ number, length }: Facts): string => {
  const [count, limit, per] = [number('count'), number('limit'), length('perMs')]
  if (count === undefined || limit === undefined) return 'within the limit'
  return `${count} of ${limit}${per === undefined ? '' : ` in ${per}`}`
}
const bucket = (value: number | undefined, share: number | undefined): string =>
  value === undefined || share === undefined ? '' : ` (chance ${value.toFixed(4)}, held out below ${share})`
function clock({ text }: Facts): string {
  const [local, from, to, zone] = ['local', 'from', 'to', 'zone'].map((name) => text(name))
  if (from === undefined || to === undefined) return ''
  const now = local === undefined ? '' : `it is ${local}${zone === undefined ? '' : ` in ${zone}`}, `
  return ` (${now}quiet from ${from} to ${to})`
}

function factsOf({ facts, atMs }: GuardNote): Facts {
  const number = (name: string): number | undefined => {
    const value: Value | undefined = facts[name]
    if (typeof value === 'boolean') return value ? 1 : 0
    return typeof value === 'number' ? value : undefined
  }
  return {
    number,
    text: (name) => {
      const value = facts[name]
      return typeof value === 'string' ? value : undefined
    },
    moment: (name) => {
      const value = number(name)
      return value === undefined ? undefined : momentWords(value, atMs)
    },
    length: (name) => {
      const value = number(name)
      return value === undefined ? undefined : lengthWords(value)
    },
  }
}
