import type { MatcherEvent } from '../matcher/event.ts'
import { settleGoal } from './engagement.ts'
import { writeLine, type Instant } from './instant.ts'
import { compareRuns, type Run } from './run.ts'
import { remove } from './walk.ts'

/** Goals and exits at an event: they end every run they concern, whatever step it waits at. Of both the goal is it. */
export function reachedEndings(instant: Instant, event: MatcherEvent): void {
  const { engine, state, atMs } = instant.millisecond
  const endings = engine.endingsOf(event)
  if (endings.length === 0) return
  const reached: (readonly [Run, 'goal' | 'exit'])[] = []
  for (const run of state.runs) {
    if (run.ended !== undefined) continue
    const found = endings.find(
      ({ plan, ending }) =>
        plan === run.plan && atMs <= run.entryMs + ending.withinMs && ending.accepts(event, run.values),
    )
    if (found !== undefined) reached.push([run, found.kind])
  }
  reached.sort(([left], [right]) => compareRuns(left, right))
  for (const [run, kind] of reached) end(instant, run, kind)
}

/** A send that waits is refused when it would have been asked again; until then it stays with the run. */
function end(instant: Instant, run: Run, kind: 'goal' | 'exit'): void {
  writeLine(instant, run, '', { kind })
  if (kind === 'goal') settleGoal(instant, run)
  if (run.pause.kind === 'contending' || run.pause.kind === 'deferred') run.ended = kind
  else remove(instant, run)
}
