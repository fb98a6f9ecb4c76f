import type { MatcherEvent } from '../matcher/event.ts'
import type { History } from './engine.ts'
import type { EnginePlan } from './engine-plan.ts'
import type { Fact } from './fact.ts'
import type { Instant } from './instant.ts'
import { placeAmong, type NamedPlace } from './place.ts'
import type { Run } from './run.ts'
import type { Sent } from './sent.ts'
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
export function settleEngagement(state: State, event: MatcherEvent): void {
  const send = sendOf(state, event)
  if (send !== undefined) settle(state, send.channel)
}

/** The goal of a run is an engagement in every channel in which it has sent. */
export function settleGoal({ millisecond, key }: Instant, { channels }: Run): void {
  const { state, atMs } = millisecond
  for (const channel of channels) {
    settle(state, channel)
    state.goals ??= new Map()
    state.goals.set(channel, { atMs, placeKey: key })
  }
}

function sendOf({ sends }: State, { properties }: MatcherEvent): Sent | undefined {
  return sends?.find(({ id }) => id === properties['send_id'])
}

function settle({ sends }: State, channel: string): void {
  for (const sent of sends ?? []) if (sent.channel === channel) sent.settled = true
}

/**
 * Settles over a time line that has changed, by the engagements in it and by the goals that were reached; the sends are
 * put in its order.
 */
export function settleAgain(engine: EnginePlan, state: State, { events, facts = [] }: History): void {
  if (state.sends === undefined) return
  const latest = new Map<string, number>()
  const engaged = (channel: string, place: number) =>
    latest.set(channel, Math.max(place, latest.get(channel) ?? 0))
  for (const [index, event] of events.entries()) {
    const send = isEngagement(engine, event) ? sendOf(state, event) : undefined
    if (send === undefined || placeAmong(send, events) > index || isDead(send, event.atMs, facts)) continue
    engaged(send.channel, index + 1)
  }
  for (const [channel, goal] of state.goals ?? []) engaged(channel, placeAmong(goal, events))
  const placed = state.sends.map((sent) => ({ sent, place: placeAmong(sent, events) }))
  // Of two users who became one, the sends of a millisecond may stand out of order.
  placed.sort((left, right) => left.sent.atMs - right.sent.atMs || left.place - right.place)
  for (const { sent, place } of placed) if (place < (latest.get(sent.channel) ?? 0)) sent.settled = true
  state.sends = placed.map(({ sent }) => sent)
}

/** Whether the outbox had given it up by then, after it went. */
function isDead({ id, atMs }: Sent, untilMs: number, facts: readonly Fact[]): boolean {
  return facts.some(
    (fact) => fact.kind === 'dead' && fact.send === id && fact.atMs > atMs && fact.atMs <= untilMs,
  )
}

/** The later of two goals of a channel. */
export function laterGoal(left: NamedPlace | undefined, right: NamedPlace): NamedPlace {
  return left !== undefined && left.atMs > right.atMs ? left : right
}
