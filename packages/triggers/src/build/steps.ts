import type { Duration } from '../definition/duration.ts'
import type { ConditionInput, TriggerInput } from '../definition/input.ts'
import type { Content, Data, DataSource } from '../definition/journey.ts'
import type { OccasionChoice } from './occasions.ts'

export type StepInput = NonNullable<TriggerInput['journey']>[number]
type Ways = { readonly yes?: readonly StepInput[]; readonly no?: readonly StepInput[] }

/** @example send('email', { braze: { kind: 'canvas', id: 'c1' } }, { items: anchor('products') }) */
export function send(
  channel: string,
  content: { readonly [vendor: string]: Content },
  data?: Data,
): Extract<StepInput, { readonly kind: 'send' }> {
  return { kind: 'send', channel, content, ...(data && { data }) }
}
/** The sends one after another, until the user engages with one in time. */
export function fallback(
  sends: readonly Extract<StepInput, { readonly kind: 'send' }>[],
  options: { readonly ifNotEngagedIn: Duration },
): StepInput {
  return { kind: 'fallback', sends: sends.map(withoutKind), ...options }
}
function withoutKind({ channel, content, data }: Extract<StepInput, { readonly kind: 'send' }>) {
  return { channel, content, ...(data && { data }) }
}
export function wait(duration: Duration): StepInput {
  return { kind: 'wait', for: duration }
}
/** Until the next such local time strictly later. `zone`: @default the user's */
export function waitUntil(time: string, zone?: string): StepInput {
  return { kind: 'waitUntil', time, ...(zone !== undefined && { zone }) }
}
export function waitFor(
  { occasion }: OccasionChoice<never>,
  options: { readonly timeout: Duration } & Ways,
): StepInput {
  return { kind: 'waitFor', occasion, ...options }
}
export function branch(condition: ConditionInput, ways: Ways): StepInput {
  return { kind: 'branch', condition, ...ways }
}
/** Arms as pairs of a weight and steps. `experiment`: @default trigger id + '/' + step path */
export function split(
  arms: readonly (readonly [weight: number, steps: readonly StepInput[]])[],
  experiment?: string,
): StepInput {
  const written = arms.map(([weight, steps]) => ({ weight, steps }))
  return { kind: 'split', arms: written, ...(experiment !== undefined && { experiment }) }
}
export function setTrait(trait: string, value: DataSource): StepInput {
  return { kind: 'setTrait', trait, value }
}
export function addTo(segment: string): StepInput {
  return { kind: 'addTo', segment }
}
export function removeFrom(segment: string): StepInput {
  return { kind: 'removeFrom', segment }
}
export function emit(event: string, properties?: Data): StepInput {
  return { kind: 'emit', event, ...(properties && { properties }) }
}
export function webhook(url: string, data?: Data): StepInput {
  return { kind: 'webhook', url, ...(data && { data }) }
}
export function exit(): StepInput {
  return { kind: 'exit' }
}
