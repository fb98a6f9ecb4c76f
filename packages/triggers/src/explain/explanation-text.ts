import type { Value } from '@tripline/model'
import type { MatcherEvent } from '../matcher/event.ts'
import { eventWords } from './event-words.ts'
import type { Explanation, Moment, Said, StateAt } from './explanation.ts'
import { clockWords, dayWords, momentWords } from './time-words.ts'
import { traceWords } from './trace-words.ts'
import { valueWords } from './value-words.ts'

/** An explanation as people read it, times in UTC. */
export function explanationText(explanation: Explanation): string {
  const { triggers, state, moments, span, named } = explanation
  return [
    headWords(explanation),
    ...triggers.flatMap(({ trigger, fires, verdict }) => [
      '',
      `${trigger} fires ${fires}`,
      ...verdict.map((line) => `  ${line}`),
    ]),
    ...(state ? ['', ...stateWords(state)] : []),
    ...(span ? ['', `The time line from ${shortWords(span.from)} to ${shortWords(span.to)}`] : []),
    ...timeLine(moments, named),
  ].join('\n')
}

const msOf = (instant: string): number => Date.parse(instant)
const shortWords = (instant: string): string => `${dayWords(msOf(instant))} ${clockWords(msOf(instant))}`

function headWords({ userId, events, first, last }: Explanation): string {
  if (first === undefined || last === undefined) return `User ${userId}: no event`
  const span = events === 1 ? shortWords(first) : `${shortWords(first)} to ${shortWords(last)}`
  return `User ${userId}: ${events.toLocaleString('en-US')} event${events === 1 ? '' : 's'}, ${span} (times in UTC)`
}

function stateWords({ at, known, segments, waits, runs, who }: StateAt): readonly string[] {
  if (!known) return [`At ${shortWords(at)}`, '  nothing was known of the user yet']
  const seenFrom = msOf(at)
  const moment = (instant: string): string => momentWords(msOf(instant), seenFrom)
  const lines = [
    ...segments.flatMap(({ segment, member, condition }) => [
      `${member ? 'in' : 'not in'} segment ${segment}`,
      ...(condition ? traceWords(condition).map((line) => `  ${line}`) : []),
    ]),
    ...who.flatMap(({ trigger, condition }) => [
      `${trigger}: "who" ${condition.holds ? 'holds' : 'does not hold'}`,
      ...traceWords(condition).map((line) => `  ${line}`),
    ]),
    ...waits.map(
      ({ trigger, text, since, due }) =>
        `${trigger}: waits ${text} since ${moment(since)}, until ${moment(due)}`,
    ),
    ...runs.map(({ trigger, entered, heldOut, step }) => {
      return `${trigger}: in the journey since ${moment(entered)}${heldOut ? ', held out' : ''}${step === undefined ? '' : `; ${step}`}`
    }),
  ]
  return [
    `At ${shortWords(at)}`,
    ...(lines.length > 0 ? lines : ['nothing waits, nothing runs']).map((line) => `  ${line}`),
  ]
}

/** Moments under their days; events that nothing is said of are counted, not shown. */
function timeLine(moments: readonly Moment[], named: readonly string[]): readonly string[] {
  const lines: string[] = []
  let day = ''
  let silent = 0
  const tellSilent = (): void => {
    if (silent > 0 && lines.length === 0) lines.push('')
    if (silent > 0)
      lines.push(
        `       ${silent === 1 ? '1 other event' : `${silent.toLocaleString('en-US')} other events`}`,
      )
    silent = 0
  }
  for (const moment of moments) {
    const { at, said } = moment
    if (said.length === 0) {
      silent++
      continue
    }
    tellSilent()
    const atMs = msOf(at)
    if (dayWords(atMs) !== day) {
      day = dayWords(atMs)
      lines.push('', day)
    }
    lines.push(`${clockWords(atMs).padEnd(5)}  ${titleWords(moment, named)}`)
    lines.push(...folded(said).map((line) => `         ${line}`))
  }
  tellSilent()
  return lines
}

function titleWords({ event, said }: Moment, named: readonly string[]): string {
  if (event !== undefined) return `${eventWords(event)}${propertyWords(event, named)}`
  if (said.every(({ note }) => note?.what === 'fact')) return '(from the records)'
  return said.some(isLate) ? '(by an event that came late)' : '(time goes by)'
}

/** Only what is asked about: a time line needs no e-mail address. */
function propertyWords({ properties }: MatcherEvent, named: readonly string[]): string {
  const names = named.filter((name) => Object.hasOwn(properties, name))
  const words = names.slice(0, mostProperties).map((name) => {
    return `${name} ${valueWords((properties[name] ?? null) as Value)}`
  })
  if (names.length > mostProperties) words.push('…')
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}
const mostProperties = 5

/** What is said in one line: guards that let pass together, and guards that refuse with the refusal that follows. */
function folded(said: readonly Said[]): readonly string[] {
  const lines: string[] = []
  let guards: Said[] = []
  const tell = (about: Said, text: string, details: readonly Said[]): void => {
    const from = about.trigger === undefined ? '' : `${about.trigger}: `
    lines.push(`${from}${text}`)
    for (const each of details) lines.push(...each.details.map((line) => `  ${line}`))
  }
  const tellGuards = (): void => {
    const [first] = guards
    if (first === undefined) return
    const text = guards.map((each) => each.text).join('; ')
    tell(first, isPassed(first) ? `passed: ${text}` : text, guards)
    guards = []
  }
  for (const each of said) {
    const [first] = guards
    if (each.note?.what === 'guard') {
      if (first !== undefined && (first.trigger !== each.trigger || isPassed(first) !== isPassed(each)))
        tellGuards()
      guards.push(each)
    } else if (first !== undefined && !isPassed(first) && isRefusal(each) && first.trigger === each.trigger) {
      // The guard knows more about why than the refusal.
      const [what] = each.text.split(': ')
      tell(each, `${what}: ${guards.map(({ text }) => text).join('; ')}`, guards)
      guards = []
    } else {
      tellGuards()
      tell(each, each.text, [each])
    }
  }
  tellGuards()
  return lines
}

const isLate = ({ line }: Said): boolean =>
  line !== undefined &&
  (('reason' in line && line.reason === 'late') || ('because' in line && line.because === 'late'))
const isPassed = ({ note }: Said): boolean => note?.what === 'guard' && note.passed
const isRefusal = ({ line }: Said): boolean => line?.kind === 'refusal'
