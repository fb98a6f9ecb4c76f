import type { Note } from '../trace/note.ts'
import { lengthWords, momentWords } from './time-words.ts'

type GuardNote = Extract<Note, { readonly what: 'guard' }>
type GuardName = GuardNote['guard']

/** A fact of a guard in words, where the note has it. */
interface Facts {
  readonly number: (name: string) => number | undefined
  readonly text: (name: string) => string | undefined
  readonly flag: (name: string) => boolean | undefined
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
  reentry: () => 'not in the journey',
  cooldown: ({ moment, length }) => {
    const last = moment('lastMs')
    return last === undefined
      ? 'no entry before to cool down from'
      : `cool-down${of(length('cooldownMs'))} is over (last entry ${last})`
  },
  'at-most': (facts) => `entered${used(facts)}`,
  holdout: ({ number }) => `not held out${bucket(number('bucket'), number('share'))}`,
  ending: () => 'neither goal nor exit so far',
  reachability: ({ text }) => `${text('channel') ?? 'the channel'} reaches the user`,
  priority: () => 'nothing goes before it',
  cap: (facts) => `sent${used(facts)}`,
  backoff: ({ number }) => `the pause after ${counted(number('ignored') ?? 0, 'ignored message')} is over`,
  'quiet-hours': (facts) => `no quiet hours${clock(facts)}`,
}

const failedWords: Words = {
  enabled: () => 'switched off',
  who: ({ flag }) =>
    flag('undecidable') === true
      ? '"who" cannot be decided: a mirrored segment was not read yet'
      : '"who" does not hold',
  suppression: () => 'suppressed',
  consent: ({ text, flag }) =>
    flag('consent') === false
      ? `consent${purpose(text('purpose'))} is denied`
      : `there is no consent${purpose(text('purpose'))}`,
  reentry: () => 'in the journey already',
  cooldown: ({ moment, length }) => {
    const last = moment('lastMs')
    return `cool-down${of(length('cooldownMs'))} is not over${last === undefined ? '' : ` (last entry ${last})`}`
  },
  'at-most': (facts) => `entered as often as allowed:${used(facts)}`,
  holdout: ({ number }) => `held out${bucket(number('bucket'), number('share'))}`,
  ending: ({ text }) => (text('by') === 'goal' ? 'the goal is reached' : 'the journey was ended'),
  reachability: ({ text }) => `${text('channel') ?? 'the channel'} does not reach the user`,
  priority: ({ text }) => `${text('winner') ?? 'another message'} goes before it`,
  cap: (facts) => `cap full: sent${used(facts)}`,
  backoff: ({ number, moment }) => {
    const next = moment('nextMs')
    return `${counted(number('ignored') ?? 0, 'ignored message')} in a row${next === undefined ? '' : `, the next may go at ${next}`}`
  },
  'quiet-hours': (facts) => `quiet hours${clock(facts)}`,
}

const of = (length: string | undefined): string => (length === undefined ? '' : ` of ${length}`)
const purpose = (text: string | undefined): string => (text === undefined ? '' : ` for ${text}`)
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
const used = ({ number, length }: Facts): string => {
  const [count, limit, per] = [number('count'), number('limit'), length('perMs')]
  if (count === undefined || limit === undefined) return ''
  return ` ${count} of ${limit}${per === undefined ? '' : ` in ${per}`}`
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
    const value = facts[name]
    return typeof value === 'number' ? value : undefined
  }
  return {
    number,
    text: (name) => {
      const value = facts[name]
      return typeof value === 'string' ? value : undefined
    },
    flag: (name) => {
      const value = facts[name]
      return typeof value === 'boolean' ? value : undefined
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
