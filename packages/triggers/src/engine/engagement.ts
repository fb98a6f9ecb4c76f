import type { MatcherEvent } from '../matcher/event.ts'
import type { EnginePlan } from './engine-plan.ts'
import type { Run } from './run.ts'
import { settle } from './sent.ts'
import type { State } from './state.ts'

/** Whether a vendor tells by this event that the user opened, clicked or answered one of our sends. */
export function isEngagement({ engagements }: EnginePlan, event: MatcherEvent): boolean {
  return (
    event.source === 'vendor' &&
    event.type === 'track' &&
    event.name !== undefined &&
    engagements.has(event.name)
  )
}

/** What went in the channel of that send before is ignored no more. */
export function settleEngagement({ sends }: State, { properties }: MatcherEvent): void {
  const send = sends?.find(({ id }) => id === properties['send_id'])
  if (sends !== undefined && send !== undefined) settle(sends, send.channel)
}

/** The goal of a run is an engagement in every channel in which it has sent. */
export function settleGoal({ sends }: State, { channels }: Run): void {
  if (sends !== undefined) for (const channel of channels) settle(sends, channel)
}
