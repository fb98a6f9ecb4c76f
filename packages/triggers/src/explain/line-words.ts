import type { Step } from '../definition/journey.ts'
import type { Effect, LedgerLine, TriggerLine } from '../ledger/line.ts'
import { reasonWords } from './reason-words.ts'
import { stepWords } from './step-words.ts'
import { momentWords } from './time-words.ts'
import { valueWords } from './value-words.ts'

/** What a line of the ledger says, as a clause: `sends email (braze: canvas c1)`. `step` is the one it is about. */
export function lineWords(line: LedgerLine, step?: Step): string {
  return 'segment' in line ? membershipWords(line) : triggerWords(line, step)
}

function membershipWords({
  kind,
  segment,
  because,
}: Extract<LedgerLine, { readonly segment: string }>): string {
  const what = `${kind === 'member' ? 'enters' : 'leaves'} segment ${segment}`
  if (because === undefined) return what
  return `${what} (by ${because === 'late' ? 'an event that came late' : 'a new definition'}: nothing fires)`
}

function triggerWords(line: TriggerLine, step: Step | undefined): string {
  switch (line.kind) {
    case 'fire':
      return 'fires'
    case 'entry':
      return line.heldOut ? 'enters the journey, held out: nothing goes' : 'enters the journey'
    case 'send':
      return `sends ${messageWords(line)}`
    case 'act':
      return effectWords(line.effect)
    case 'goal':
      return 'goal reached: the journey ends'
    case 'exit':
      return 'the journey is left'
    case 'end':
      return 'the journey is at its end'
    case 'refusal':
      return refusalWords(line, step)
  }
}

type Sent = Extract<TriggerLine, { readonly kind: 'send' }>
function messageWords({ channel, content, data, transactional }: Sent): string {
  const vendors = Object.entries(content).map(([vendor, { kind, id }]) => `${vendor}: ${kind} ${id}`)
  const values = Object.entries(data).map(([name, value]) => `${name} ${valueWords(value)}`)
  return [
    transactional ? `transactional ${channel}` : channel,
    ...(vendors.length > 0 ? [`(${vendors.join('; ')})`] : []),
    ...(values.length > 0 ? [`with ${values.join(', ')}`] : []),
  ].join(' ')
}

function effectWords(effect: Effect): string {
  switch (effect.kind) {
    case 'setTrait':
      return `sets trait ${effect.trait} to ${valueWords(effect.value)}`
    case 'addTo':
      return `adds the user to segment ${effect.segment}`
    case 'removeFrom':
      return `takes the user out of segment ${effect.segment}`
    case 'emit':
      return `makes an event ${effect.event}`
    case 'webhook':
      return `calls ${effect.url}`
  }
}

type Refusal = Extract<TriggerLine, { readonly kind: 'refusal' }>
function refusalWords(
  { reason, stepPath, channel, untilMs, atMs, heldOut }: Refusal,
  step: Step | undefined,
): string {
  if (stepPath === '') return `not entered: ${reasonWords[reason]}`
  const what = channel ?? (step === undefined ? 'the step' : `the step "${stepWords(step)}"`)
  if (reason === 'holdout') return `${what} would have gone; the user is held out`
  if (reason === 'quiet-deferred') {
    const until = untilMs === undefined ? '' : ` until ${momentWords(untilMs, atMs)}`
    return `${what} put off${until}: quiet hours`
  }
  return `${what} ${heldOut ? 'would not have gone' : 'not sent'}: ${reasonWords[reason]}`
}
