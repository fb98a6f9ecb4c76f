import type { Value } from '@tripline/model'
import type { ConditionTrace } from '../trace/note.ts'
import type { Instant } from './instant.ts'
import type { Run } from './run.ts'

/** Tells the observer that a run reached a step, took a way or waits. */
export function noteStep(
  { millisecond }: Instant,
  run: Run,
  path: string,
  facts: { readonly [name: string]: Value },
  condition?: ConditionTrace,
): void {
  const { engine, state, atMs } = millisecond
  if (engine.observer === undefined) return
  const trigger = run.plan.definition.id
  const explained = condition && { condition }
  engine.observer(state.userId, { what: 'step', atMs, trigger, node: path, path, facts, ...explained })
}
