import type { Reason } from '../ledger/reason.ts'
import { noteGuard, refusalByConsent, refusalByWho, type Asked } from './guards.ts'
import { idOf, writeLine, type Instant } from './instant.ts'
import type { SendNode } from './journey-node.ts'
import { readData } from './journey-plan.ts'
import { clockAt, quietUntil } from './quiet-hours.ts'
import { noteStep } from './note-step.ts'
import type { Contender, Run } from './run.ts'
import { pause } from './state.ts'

const mostDeferrals = 3

/** A send as it is asked: its run, its step, and how often quiet hours put it off. */
export interface Asking {
  readonly instant: Instant
  readonly run: Run
  readonly node: SendNode
  readonly deferrals: number
}
/** Where the run goes on at once; `undefined`: it waits. */
export type Onward = number | undefined

/** A send is due, at its step or again after quiet hours. It then waits for the end of its instant or window. */
export function offerSend(asking: Asking): Onward {
  const { instant, run, node, deferrals } = asking
  const { engine, state, atMs } = instant.millisecond
  const again = deferrals > 0 ? refusalByWho(askedOf(asking)) : undefined
  const reason = again ?? refusalBeforePriority(asking)
  if (reason !== undefined) return refuse(asking, reason)
  if (run.plan.definition.transactional) return passQuietHours(asking)
  const open = openWindow(state.runs, node.channel)
  const dueMs = open?.dueMs ?? atMs + engine.arbitrationMs
  const isTimed = open?.isTimed ?? engine.arbitrationMs > 0
  if (dueMs > atMs) noteStep(instant, run, node.path, { decidedMs: dueMs })
  pause(state, run, { kind: 'contending', dueMs, sinceMs: atMs, isTimed, deferrals })
  if (!isTimed) instant.millisecond.isContended = true
  return undefined
}

/** A send in the open arbitration window of a channel. Those of hold-out runs are their own. */
function openWindow(runs: readonly Run[], channel: string): Contender['pause'] | undefined {
  return runs.find((run): run is Contender => !run.heldOut && contendsIn(run, channel))?.pause
}

export function contendsIn({ pause, plan, node }: Run, channel: string): boolean {
  if (pause.kind !== 'contending') return false
  const step = plan.journey.nodes[node]
  return step?.kind === 'send' && step.channel === channel
}

/** Guards 3, 6 and 7. */
export function refusalBeforePriority(asking: Asking): Reason | undefined {
  const { run, node, instant } = asking
  const asked = askedOf(asking)
  const reason = refusalByConsent(asked)
  if (reason !== undefined) return reason
  noteGuard(asked, 'ending', run.ended === undefined, run.ended === undefined ? {} : { by: run.ended })
  if (run.ended !== undefined) return run.ended === 'goal' ? 'goal-reached' : 'exit'
  const unreachable = instant.millisecond.state.known?.unreachable.has(node.channel) === true
  noteGuard(asked, 'reachability', !unreachable, { channel: node.channel })
  return unreachable ? 'unreachable' : undefined
}

/** Guard 9: all caps that are full, else back-off. */
export function refusalByVolume(
  asking: Asking,
): { readonly reason: Reason; readonly caps?: readonly number[] } | undefined {
  const { instant, node } = asking
  const { engine, state, atMs } = instant.millisecond
  const sends = state.sends ?? []
  const caps = engine.rules.capsOf(sends, node.channel, atMs)
  const asked = askedOf(asking)
  for (const { cap, count, limit, perMs } of caps) {
    noteGuard(asked, 'cap', count < limit, { cap, count, limit, perMs })
  }
  const full = caps.filter(({ count, limit }) => count >= limit).map(({ cap }) => cap)
  if (full.length > 0) return { reason: 'capped', caps: full }
  const backoff = engine.rules.backoffOf(sends, node.channel, atMs)
  if (backoff === undefined) return undefined
  const { ignored, lastMs, nextMs } = backoff
  noteGuard(asked, 'backoff', atMs >= nextMs, { ignored, lastMs, nextMs })
  return atMs >= nextMs ? undefined : { reason: 'ignored-backoff' }
}

/** Guard 10, and then the send goes; in a hold-out run that is what is recorded. */
export function passQuietHours(asking: Asking): Onward {
  const { instant, run, node, deferrals } = asking
  const { engine, state, atMs } = instant.millisecond
  const hours = run.plan.quietHours
  if (hours !== undefined) {
    const zone = engine.core.zoneOf(state.matcher)
    const untilMs = quietUntil(hours, atMs, zone)
    const { from, to } = hours
    noteGuard(askedOf(asking), 'quiet-hours', untilMs === undefined, {
      local: clockAt(atMs, zone),
      from,
      to,
      zone,
    })
    if (untilMs !== undefined) {
      if (hours.action === 'drop' || deferrals >= mostDeferrals) return refuse(asking, 'quiet-dropped')
      const { channel } = node
      writeLine(instant, run, node.path, { kind: 'refusal', reason: 'quiet-deferred', channel, untilMs })
      pause(state, run, { kind: 'deferred', dueMs: untilMs, deferrals: deferrals + 1 })
      return undefined
    }
  }
  if (run.heldOut) {
    refuse(asking, 'holdout')
    return node.went
  }
  return go(asking)
}

function go({ instant, run, node }: Asking): Onward {
  const { engine, state, atMs } = instant.millisecond
  const { channel, content } = node
  const { transactional } = run.plan.definition
  const data = readData(node.data, state.matcher, run.values)
  const { id } = writeLine(instant, run, node.path, { kind: 'send', channel, content, data, transactional })
  if (!transactional) {
    if (!run.channels.includes(channel)) run.channels = [...run.channels, channel]
    state.sends ??= []
    engine.rules.add(state.sends, { atMs, channel, id, placeKey: instant.key, settled: false })
  }
  return node.went
}

/** A refused send does not end its journey. */
export function refuse({ instant, run, node }: Asking, reason: Reason, caps?: readonly number[]): number {
  const { channel } = node
  writeLine(instant, run, node.path, { kind: 'refusal', reason, channel, ...(caps && { caps }) })
  return node.refused
}

export function askedOf({ instant, run, node }: Asking): Asked {
  return { instant, plan: run.plan, values: run.values, node: node.path }
}

/** The id that the send has, or will have. */
export function sendId(run: Run, node: { readonly path: string }): string {
  return idOf(run, node.path)
}
