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
  for (const run of state.runs) {
    if (run.pause.kind !== 'occasion') continue
    const tell = () => (waited ??= new Set()).add(run)
    occasionOf(run).apply(run.pause.scope, state.matcher, event, tell)
  }
  return waited ?? none
}

/** A change of a set that a step made, right after the matcher took it. */
export function showChange(state: State, atMs: number): ReadonlySet<Run> {
  let waited: Waited | undefined
  for (const run of state.runs) {
    if (run.pause.kind !== 'occasion') continue
    const tell = () => (waited ??= new Set()).add(run)
    occasionOf(run).hear(run.pause.scope, state.matcher, atMs, tell)
  }
  return waited ?? none
}

/** What is due then happens to what runs wait for, too. Must come right after the matcher was asked for it. */
export function showTime(state: State, atMs: number, before: ReadonlySet<Run>): ReadonlySet<Run> {
  let waited: Waited | undefined
  for (const run of state.runs) {
    if (run.pause.kind !== 'occasion') continue
    const tell = () => (waited ??= new Set(before)).add(run)
    occasionOf(run).endDue(run.pause.scope, state.matcher, atMs, tell)
  }
  return waited ?? before
}

function occasionOf({ plan, node }: Run): WaitForNode['occasion'] {
  return (plan.journey.nodes[node] as WaitForNode).occasion
}
