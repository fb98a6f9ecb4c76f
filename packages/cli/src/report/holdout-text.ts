import type { HoldoutSummary, TriggerSummary } from '@tripline/triggers'
import { renderTable } from '../table/table.ts'
import { percentage } from './words.ts'

/** How large each hold-out is, and the smallest lift that a test could see with it. */
export async function holdoutText(triggers: readonly TriggerSummary[]): Promise<string> {
  const rows = triggers.flatMap(({ trigger, holdout }) =>
    holdout === undefined ? [] : [{ trigger, holdout }],
  )
  const [first] = rows
  if (first === undefined) return ''
  const table = await renderTable(
    ['trigger', 'share', 'held out', 'others', 'reach the goal', 'smallest lift that would show'],
    rows.map(({ trigger, holdout }) => [
      trigger,
      percentage(holdout.share),
      holdout.heldOutUsers,
      holdout.treatedUsers,
      holdout.baseline === undefined ? 'unknown' : percentage(holdout.baseline),
      liftText(holdout),
    ]),
  )
  const { test, alpha, power } = first.holdout
  return [
    table,
    `Of a ${test}, alpha ${alpha}, power ${power}; the baseline is the share of all users entered that reached the goal.`,
    ...(rows.some(({ holdout }) => holdout.rough)
      ? ['(rough): an arm expects fewer than 5 users with or without the goal; wait for more users.']
      : []),
  ].join('\n')
}

function liftText({ smallestLift, baseline, because, rough }: HoldoutSummary): string {
  if (because !== undefined) return whyNone[because]
  if (smallestLift === undefined || baseline === undefined) return ''
  const to = `from ${percentage(baseline)} to ${percentage(baseline + smallestLift)}`
  return rough ? `${to} (rough)` : to
}

const whyNone = {
  'no-goal': 'none: the trigger has no goal',
  'empty-arm': 'none: an arm has no users',
  'too-few': 'none: too few users',
} as const satisfies { readonly [because in NonNullable<HoldoutSummary['because']>]: string }
