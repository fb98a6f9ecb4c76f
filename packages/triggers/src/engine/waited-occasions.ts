import type { MatcherEvent } from '../matcher/event.ts'
import type { WaitForNode } from './journey-node.ts'
import type { Run } from './run.ts'
import type { State } from './state.ts'

/** Runs whose `waitFor` happened at the place that is read. */
export type Waited = Set<Run>

const none: ReadonlySet<Run> = new Set()

/** Shows an event to what runs wait for. Must come right after the matcher read it. */
export function showEvent(state: State, event: MatcherEvent): ReadonlySet<Run> {
  let waited: Waited | undefined
  let [last, concerns]: [WaitForNode['occasion'] | undefined, boolean] = [undefined, false]
  for (const run of state.runs) {
    if (run.pause.kind !== 'occasion') continue
    const occasion = occasionOf(run)
    if (occasion !== last) [last, concerns] = [occasion, occasion.concerns(event)]
    if (!concerns) continue
    const { scope } = run.pause
    occasion.apply(scope, state.matcher, event, () => (waited ??= new Set()).add(run))
    state.nextRunMs = Math.min(state.nextRunMs, occasion.nextDueMs(scope))
  }
  return waited ?? none
}

/** A change of a set that a step made, right after the matcher took it. */
export function showChange(state: State, atMs: number): ReadonlySet<Run> {
  let waited: Waited | undefined
  for (const run of state.runs) {
    if (run.pause.kind !== 'occasion') continue
    const tell = () => (waited ??= new Set()).add(run)
    const occasion = occasionOf(run)
    occasion.hear(run.pause.scope, state.matcher, atMs, tell)
    state.nextRunMs = Math.min(state.nextRunMs, occasion.nextDueMs(run.pause.scope))
  }
  return waited ?? none
}

/** What is due then happens to what runs wait for, too. Must come right after the matcher was asked for it. */
export function showTime(state: State, atMs: number, before: ReadonlySet<Run>): ReadonlySet<Run> {
  let waited: Waited | undefined
  for (const run of state.runs) {
    if (run.pause.kind !== 'occasion') continue
    const tell = () => (waited ??= new Set(before)).add(run)
    const occasion = occasionOf(run)
    occasion.endDue(run.pause.scope, state.matcher, atMs, tell)
    state.nextRunMs = Math.min(state.nextRunMs, occasion.nextDueMs(run.pause.scope))
  }
  return waited ?? before
}

function occasionOf({ plan, node }: Run): WaitForNode['occasion'] {
  return (plan.journey.nodes[node] as WaitForNode).occasion
}
