import { isRough, smallestLift, testOfLift } from './lift.ts'
import type { HoldoutSummary, OverlapSummary, Reading, Summary, TriggerSummary } from './summary.ts'
import type { TriggerTally } from './trigger-tally.ts'
import { noArms, type ArmCounts, type ArmsOfTrigger, type UserTable } from './user-table.ts'

export function triggerResult(tally: TriggerTally, arms: ArmsOfTrigger = noArms): TriggerSummary {
  const { definition, fires, entries, heldOutEntries, goals, heldOutGoals, exits, ends, acts } = tally
  const { treated, heldOut } = arms
  const holdout = holdoutResult(tally, treated, heldOut)
  return {
    trigger: definition.id,
    fires,
    entries,
    heldOutEntries,
    users: treated.users + heldOut.users,
    goals,
    heldOutGoals,
    exits,
    ends,
    sends: tally.sends,
    acts,
    refusedFires: tally.refusedFires,
    refusedSteps: tally.refusedSteps,
    heldOutSteps: tally.heldOutSteps,
    ...(holdout && { holdout }),
  }
}

function holdoutResult(
  { definition }: TriggerTally,
  treated: ArmCounts,
  heldOut: ArmCounts,
): HoldoutSummary | undefined {
  if (definition.holdout === undefined) return undefined
  const { experiment, share } = definition.holdout
  const size = { experiment, share, treatedUsers: treated.users, heldOutUsers: heldOut.users }
  const users = treated.users + heldOut.users
  if (definition.goals.length === 0) return { ...size, because: 'no-goal', rough: false, ...testOfLift }
  if (users === 0) return { ...size, because: 'empty-arm', rough: false, ...testOfLift }
  const baseline = (treated.goalUsers + heldOut.goalUsers) / users
  if (treated.users === 0 || heldOut.users === 0)
    return { ...size, baseline, because: 'empty-arm', rough: false, ...testOfLift }
  const arms = { baseline, treated: treated.users, heldOut: heldOut.users }
  const lift = smallestLift(arms)
  const found = lift === undefined ? ({ because: 'too-few' } as const) : { smallestLift: lift }
  return { ...size, baseline, ...found, rough: isRough(arms), ...testOfLift }
}

export function readingResult({ users, events, firstMs, lastMs }: Reading): Summary['reading'] {
  return {
    users,
    events,
    ...(firstMs !== undefined && { first: new Date(firstMs).toISOString() }),
    ...(lastMs !== undefined && { last: new Date(lastMs).toISOString() }),
  }
}

/** Day number in UTC → channel → sends. */
export type SendDays = ReadonlyMap<number, ReadonlyMap<string, number>>
export const dayMs = 86_400_000

export function perDayResult(days: SendDays): Summary['sends']['perDay'] {
  return [...days]
    .sort(([first], [second]) => first - second)
    .flatMap(([day, channels]) =>
      [...channels]
        .sort(([first], [second]) => compareNames(first, second))
        .map(([channel, count]) => ({
          day: new Date(day * dayMs).toISOString().slice(0, 10),
          channel,
          count,
        })),
    )
}

const buckets = [
  { from: 0, to: 0 },
  { from: 1, to: 1 },
  { from: 2, to: 2 },
  { from: 3, to: 3 },
  { from: 4, to: 4 },
  { from: 5, to: 9 },
  { from: 10, to: 19 },
  { from: 20, to: 49 },
  { from: 50 },
] as const satisfies readonly { readonly from: number; readonly to?: number }[]

/** @param counts users by number of messages, none without */
export function messagesResult(
  counts: ReadonlyMap<number, number>,
  usersWithout: number,
): Summary['messagesPerUser'] {
  return buckets.map((bucket) => {
    const { from, to } = { to: Infinity, ...bucket }
    const users = [...counts].reduce(
      (sum, [messages, count]) => (messages >= from && messages <= to ? sum + count : sum),
      from === 0 ? usersWithout : 0,
    )
    return { ...bucket, users }
  })
}

export function overlapResult(
  triggers: readonly TriggerSummary[],
  users: UserTable,
): readonly OverlapSummary[] {
  const overlaps: OverlapSummary[] = []
  for (const [low, row] of users.shared()) {
    for (const [high, shared] of row) {
      const [first, second] = [triggers[low], triggers[high]]
      if (first === undefined || second === undefined) continue
      overlaps.push({
        triggers: [first.trigger, second.trigger],
        users: shared.users,
        jaccard: shared.users / (first.users + second.users - shared.users),
        within24h: shared.near,
      })
    }
  }
  return overlaps.sort(
    (first, second) =>
      second.users - first.users ||
      compareNames(first.triggers[0], second.triggers[0]) ||
      compareNames(first.triggers[1], second.triggers[1]),
  )
}

export const compareNames = (first: string, second: string): number =>
  first === second ? 0 : first < second ? -1 : 1
