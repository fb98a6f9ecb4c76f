import type { TriggerLine } from '../ledger/line.ts'
import type { Difference, Outcome } from './comparison.ts'
import { pairUp, type Pair } from './pair.ts'
import { runsOf, type Run, type StepResult } from './runs.ts'

/** The decisions that are taken differently for one user, entries first within each fire. */
export function differencesOf(
  before: readonly TriggerLine[],
  after: readonly TriggerLine[],
): readonly Difference[] {
  const pairs = pairUp(runsOf(before), runsOf(after), [
    ({ trigger, anchorKey }) => JSON.stringify([trigger, anchorKey]),
    // A fire of the same event by a timer that is due at another time.
    ({ trigger, anchorKey }) => JSON.stringify([trigger, withoutDue(anchorKey)]),
  ])
  return pairs.flatMap(differencesOfRun)
}

const withoutDue = (anchorKey: string): string =>
  anchorKey.startsWith('date:') ? anchorKey.replace(/:-?\d+$/, '') : anchorKey.replace(/@-?\d+$/, '')

function differencesOfRun([before, after]: Pair<Run>): readonly Difference[] {
  const run = before ?? after
  const common = {
    userId: run?.decision?.userId ?? run?.steps[0]?.line.userId ?? '',
    trigger: run?.trigger ?? '',
  }
  const entry = differenceOf(before?.decision, after?.decision)
  const steps = pairUp<StepResult>(before?.steps ?? [], after?.steps ?? [], [
    ({ path, channel }) => JSON.stringify([path, channel]),
    // A step that was put before it gave it another path.
    ({ channel }) => channel,
  ])
  return [
    ...(entry ? [{ ...common, stepPath: '', ...entry }] : []),
    ...steps.flatMap(([was, is]): readonly Difference[] => {
      const { path: stepPath = '', channel = '' } = was ?? is ?? {}
      const difference = differenceOf(was?.line, is?.line)
      return difference ? [{ ...common, stepPath, ...(channel !== '' && { channel }), ...difference }] : []
    }),
  ]
}

function differenceOf(
  before: TriggerLine | undefined,
  after: TriggerLine | undefined,
): Pick<Difference, 'what' | 'before' | 'after'> | undefined {
  const sides = {
    ...(before && { before: outcomeOf(before) }),
    ...(after && { after: outcomeOf(after) }),
  }
  const [went, goes] = [goesOut(before), goesOut(after)]
  if (went && goes) return before?.atMs === after?.atMs ? undefined : { what: 'moved', ...sides }
  if (went) return { what: 'removed', ...sides }
  if (goes) return { what: 'added', ...sides }
  if (sides.before === undefined || sides.after === undefined) return undefined
  return sides.before.outcome === sides.after.outcome ? undefined : { what: 'reason', ...sides }
}

const goesOut = (line: TriggerLine | undefined): boolean =>
  line !== undefined && line.kind !== 'refusal' && line.heldOut !== true

function outcomeOf(line: TriggerLine): Outcome {
  const at = new Date(line.atMs).toISOString()
  switch (line.kind) {
    case 'entry':
      return { at, outcome: line.heldOut ? 'held-out entry' : 'entry' }
    case 'refusal':
      return { at, outcome: line.reason }
    case 'send':
    case 'act':
      return { at, outcome: line.kind }
    case 'fire':
    case 'goal':
    case 'exit':
    case 'end':
      throw new RangeError(`a line "${line.kind}" decides about no entry and no step`)
  }
}
