import type { Reason } from '../ledger/reason.ts'
import type { GuardName } from '../trace/note.ts'
import type { Value } from '@tripline/model'
import type { CompiledCondition } from '../matcher/core.ts'
import { bucketOf } from './chance.ts'
import type { Instant } from './instant.ts'
import type { TriggerPlan } from './trigger-plan.ts'

/** Who is asked, where: at the fire (`entry`), or at a step. */
export interface Asked {
  readonly instant: Instant
  readonly plan: TriggerPlan
  /** Of the anchor. */
  readonly values: readonly unknown[]
  readonly node: string
}

/** Guards 1 to 4, in their order: the first that refuses the fire. */
export function refusalOfFire(asked: Asked): Reason | undefined {
  const { enabled } = asked.plan.definition
  noteGuard(asked, 'enabled', enabled, {})
  if (!enabled) return 'disabled'
  return refusalByWho(asked) ?? refusalByConsent(asked) ?? refusalByEntries(asked)
}

/** Guard 2. */
export function refusalByWho(asked: Asked): Reason | undefined {
  const { who } = asked.plan
  if (who === undefined) return undefined
  const { state, atMs } = asked.instant.millisecond
  const unknown = who.undecidable(state.matcher, atMs, asked.values)
  const holds = who.ask(state.matcher, atMs, asked.values)
  noteGuard(asked, 'who', holds && !unknown, unknown ? { undecidable: true } : {}, who)
  if (unknown) return 'not-decidable'
  return holds ? undefined : 'not-eligible'
}

/** Guard 3, asked at the fire and again at each send. */
export function refusalByConsent(asked: Asked): Reason | undefined {
  const { engine, state } = asked.instant.millisecond
  const { purpose } = asked.plan.definition
  const suppressed = state.known?.suppressed === true
  noteGuard(asked, 'suppression', !suppressed, {})
  if (suppressed) return 'suppressed'
  if (!engine.consentsKnown) return undefined
  const consent = state.known?.consents.get(purpose)
  noteGuard(asked, 'consent', consent === true, { purpose, ...(consent !== undefined && { consent }) })
  return consent === true ? undefined : 'no-consent'
}

const noEntries: readonly number[] = []

/** Guard 4: re-entry, then cool-down, then `atMost`. */
function refusalByEntries(asked: Asked): Reason | undefined {
  const { plan, instant } = asked
  const { state, atMs } = instant.millisecond
  const { id, reentry } = plan.definition
  if (reentry === 'single') {
    const inside = state.runs.some((run) => run.plan.definition.id === id && run.ended === undefined)
    noteGuard(asked, 'reentry', !inside, {})
    if (inside) return 'reentry'
  }
  const entries = state.entries?.get(id) ?? noEntries
  const lastMs = entries.at(-1)
  const { cooldownMs } = plan
  if (cooldownMs !== undefined && lastMs !== undefined) {
    const passed = atMs - lastMs >= cooldownMs
    noteGuard(asked, 'cooldown', passed, { lastMs, cooldownMs })
    if (!passed) return 'cooldown'
  }
  for (const { count: limit, perMs } of plan.atMost) {
    const count = countAfter(entries, atMs - perMs)
    noteGuard(asked, 'at-most', count < limit, { count, limit, perMs })
    if (count >= limit) return 'at-most'
  }
  return undefined
}

/** How many of the ascending times are later. */
function countAfter(times: readonly number[], atMs: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) > atMs) high = middle
    else low = middle + 1
  }
  return times.length - low
}

/** Guard 5: whether an entry is held out. */
export function isHeldOut(asked: Asked): boolean {
  const { holdout } = asked.plan.definition
  if (holdout === undefined) return false
  const { experiment, share } = holdout
  const bucket = bucketOf(experiment, asked.instant.millisecond.state.userId)
  noteGuard(asked, 'holdout', bucket >= share, { bucket, share, experiment })
  return bucket < share
}

/** Tells the observer what a guard answered; a condition is explained only for it. */
export function noteGuard(
  { instant, plan, values, node }: Asked,
  guard: GuardName,
  passed: boolean,
  facts: { readonly [name: string]: Value },
  condition?: CompiledCondition,
): void {
  const { engine, state, atMs } = instant.millisecond
  if (engine.observer === undefined) return
  const trigger = plan.definition.id
  const explained = condition && { condition: condition.explain(state.matcher, atMs, values) }
  engine.observer(state.userId, { what: 'guard', atMs, trigger, node, guard, passed, facts, ...explained })
}
