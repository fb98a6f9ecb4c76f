import { compareText } from '../matcher/order.ts'
import type { Instant } from './instant.ts'
import type { SendNode } from './journey-node.ts'
import { compareAnchors, compareRuns, type Contender, type Run } from './run.ts'
import {
  askedOf,
  contendsIn,
  passQuietHours,
  refusalBeforePriority,
  refusalByVolume,
  refuse,
  type Asking,
  type Onward,
} from './send.ts'
import { noteGuard } from './guards.ts'
import { goOn } from './walk.ts'

/**
 * Decides the sends that compete at this instant, one after another: by priority, due time, trigger id, anchor place,
 * step path, and after a merge the user id at entry. Then their runs go on; what becomes due by that is a further round.
 */
export function decideSends(instant: Instant, timers: boolean): void {
  const { state, atMs } = instant.millisecond
  for (;;) {
    instant.millisecond.isContended = false
    const due = state.runs.filter((run): run is Contender => isDue(run, instant, timers))
    if (due.length === 0) return
    due.sort(compareContenders)
    const winners = new Map<string, Run>()
    const onward = due.map((run): [Run, Onward] => [run, decide(instant, run, winners)])
    // They contend no more: what these runs send next finds no window of theirs.
    for (const [run, next] of onward) {
      if (next !== undefined) run.pause = { kind: 'timer', dueMs: atMs }
    }
    onward.sort(([left], [right]) => compareRuns(left, right))
    for (const [run, next] of onward) goOn(instant, run, next)
  }
}

/** Without a window a send is decided at the instant it is due; a window ends with the timers of its millisecond. */
function isDue({ pause }: Run, { millisecond }: Instant, timers: boolean): boolean {
  if (pause.kind !== 'contending' || pause.dueMs > millisecond.atMs) return false
  return timers || !pause.isTimed
}

function compareContenders(left: Contender, right: Contender): number {
  return (
    right.plan.definition.priority - left.plan.definition.priority ||
    left.pause.sinceMs - right.pause.sinceMs ||
    compareAnchors(left, right) ||
    compareText(sendOf(left).path, sendOf(right).path) ||
    compareText(left.userId, right.userId)
  )
}

function sendOf({ plan, node }: Contender): SendNode {
  return plan.journey.nodes[node] as SendNode
}

function decide(instant: Instant, run: Contender, winners: Map<string, Run>): Onward {
  const node = sendOf(run)
  const { isTimed, deferrals } = run.pause
  const asking: Asking = { instant, run, node, deferrals }
  const reason = isTimed ? refusalBeforePriority(asking) : undefined
  if (reason !== undefined) return refuse(asking, reason)
  const winner = winners.get(node.channel) ?? (run.heldOut ? higherWaiting(instant, run, node) : undefined)
  noteGuard(askedOf(asking), 'priority', winner === undefined, {
    priority: run.plan.definition.priority,
    ...(winner && { winner: winner.plan.definition.id }),
  })
  if (winner !== undefined) return refuse(asking, 'outranked')
  const full = refusalByVolume(asking)
  if (full !== undefined) return refuse(asking, full.reason, full.caps)
  if (!run.heldOut) winners.set(node.channel, run)
  return passQuietHours(asking)
}

/** A real send that still waits in its window and would win against this one of a hold-out run. */
function higherWaiting(instant: Instant, run: Contender, { channel }: SendNode): Run | undefined {
  const { millisecond } = instant
  const { state, atMs, engine } = millisecond
  const unobserved = {
    ...instant,
    millisecond: { ...millisecond, engine: { ...engine, observer: undefined } },
  }
  const waiting = state.runs.filter(
    (each): each is Contender => !each.heldOut && contendsIn(each, channel) && each.pause.dueMs > atMs,
  )
  return waiting.toSorted(compareContenders).find((each) => {
    if (compareContenders(each, run) > 0) return false
    const node = sendOf(each)
    const asking: Asking = { instant: unobserved, run: each, node, deferrals: each.pause.deferrals }
    return refusalBeforePriority(asking) === undefined && refusalByVolume(asking) === undefined
  })
}
