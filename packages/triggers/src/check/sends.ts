import { visitDefinitions, waysOf } from '../definition/check/visit.ts'
import type { Definitions, Policy, TriggerDefinition } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { SendStep, Step } from '../definition/journey.ts'
import { mostInRun, runLength } from './run-length.ts'

/** Channels in which steps send. */
export function channelsOf(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(
    steps.flatMap((step) => [...sendsIn(step), ...waysOf(step).flatMap(([, way]) => [...channelsOf(way)])]),
  )
}

/** The most sends that one run can make in a channel, or over all. */
function mostSends(steps: readonly Step[], channel: string | undefined): number {
  return mostInRun(
    steps,
    (step) => sendsIn(step).filter((each) => channel === undefined || each === channel).length,
  )
}

function sendsIn(step: Step): readonly string[] {
  if (step.kind === 'send') return [step.channel]
  return step.kind === 'fallback' ? step.sends.map(({ channel }) => channel) : []
}

/** The shortest time from one entry of a user to the next, in ms; 0 when nothing keeps them apart. */
export function entriesApart(trigger: TriggerDefinition): number {
  const { reentry, cooldown, goals, exits } = trigger
  const inside = reentry === 'single' && goals.length + exits.length === 0
  return Math.max(
    cooldown === undefined ? 0 : durationMs(cooldown),
    inside ? runLength(trigger.journey).leastMs : 0,
  )
}

/** The most entries of a user in a trailing window, by what the guards allow. Infinity when nothing limits them. */
function mostEntries(trigger: TriggerDefinition, windowMs: number): number {
  const apartMs = entriesApart(trigger)
  const byLimits = trigger.atMost.map(({ count, per }) => count * Math.ceil(windowMs / durationMs(per)))
  return Math.min(apartMs === 0 ? Infinity : Math.ceil(windowMs / apartMs), ...byLimits)
}

const dayMs = 25 * 3_600_000
/** The longest time by which the sends of one run can be put off: three times by quiet hours, and by arbitration. */
export function sendDelayMs({ quietHours, journey }: TriggerDefinition, policy: Policy): number {
  const defers = (quietHours ?? policy.quietHours)?.action === 'defer' ? 3 : 0
  const windowMs = policy.arbitrationWindow === undefined ? 0 : durationMs(policy.arbitrationWindow)
  return mostSends(journey, undefined) * (defers * dayMs + (defers + 1) * windowMs)
}

/** What a cap counts: sends in a trailing window, of one channel or of all. */
export interface Counted {
  readonly policy: Policy
  readonly windowMs: number
  readonly channel: string | undefined
}
/** The most sends that caps count which a trigger can make to one user in a trailing window; Infinity: no bound. */
export function mostSendsIn(trigger: TriggerDefinition, { policy, windowMs, channel }: Counted): number {
  if (!trigger.enabled || trigger.transactional) return 0
  const perRun = mostSends(trigger.journey, channel)
  if (perRun === 0) return 0
  // A run that began before the window can send in it.
  const earlierMs = runLength(trigger.journey).mostMs + sendDelayMs(trigger, policy)
  return perRun * mostEntries(trigger, windowMs + earlierMs)
}

/** Every send of every journey, those of a fallback too, with its path. */
export function placedSends(definitions: Definitions): readonly PlacedSend[] {
  const sends: PlacedSend[] = []
  visitDefinitions(definitions, {
    step(step, path) {
      if (step.kind === 'send') sends.push({ ...step, path })
      if (step.kind !== 'fallback') return
      for (const [index, send] of step.sends.entries())
        sends.push({ ...send, path: `${path}.sends[${index}]` })
    },
  })
  return sends
}
type PlacedSend = Omit<SendStep, 'kind'> & { readonly path: string }
