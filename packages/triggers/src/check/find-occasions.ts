import { visitDefinitions } from '../definition/check/visit.ts'
import { parseCron } from '../definition/cron.ts'
import type { Definitions } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { Occasion } from '../definition/occasion.ts'
import type { Findings } from './finding.ts'
import { createJudge, type Judge } from './truth.ts'

/** Occasions that can never happen, and limits inside them that never refuse a chain. */
export function findOccasions(definitions: Definitions, findings: Findings): void {
  const judge = createJudge(definitions)
  visitDefinitions(definitions, {
    occasion(occasion, path) {
      if (occasion.kind === 'changes') findNoChange(occasion, path, findings)
      if (occasion.kind === 'schedule') findNoTick(occasion, path, findings)
      if (occasion.kind === 'sequence') findIdleGaps(occasion, path, findings)
      if (occasion.kind === 'enters' || occasion.kind === 'leaves' || occasion.kind === 'schedule')
        findConstant(occasion, path, judge, findings)
    },
  })
}

type Kind<Name extends Occasion['kind']> = Extract<Occasion, { readonly kind: Name }>

function findNoChange({ from, to }: Kind<'changes'>, path: string, findings: Findings): void {
  if (from === undefined || JSON.stringify(from) !== JSON.stringify(to)) return
  findings.error(
    'never',
    `${path}.to`,
    'is the value that it changes from: that is no change; correct one of them',
  )
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days that none of the months has; each date comes on every weekday in some year. */
function findNoTick({ cron }: Kind<'schedule'>, path: string, findings: Findings): void {
  const { days, months } = parseCron(cron) ?? {}
  if (days === undefined || months === undefined) return
  const firstDay = Math.min(...days)
  if ([...months].some((month) => firstDay <= (longestMonths[month - 1] ?? 0))) return
  const message = `never comes: none of its months has a day ${firstDay}; correct the day or the month`
  findings.error('never', `${path}.cron`, message)
}

function findIdleGaps({ steps, within }: Kind<'sequence'>, path: string, findings: Findings): void {
  for (const [index, { gap }] of steps.entries()) {
    if (gap === undefined || durationMs(gap) < durationMs(within)) continue
    const message = `is ${gap}, but the whole chain takes at most ${within}; make it shorter, or leave it out`
    findings.warn('redundant', `${path}.steps[${index}].gap`, message)
  }
}

function findConstant(
  { kind, segment }: Kind<'enters' | 'leaves' | 'schedule'>,
  path: string,
  judge: Judge,
  findings: Findings,
): void {
  const truth = judge.condition({ kind: 'inSegment', segment }, '')
  const because = truth === 'never' ? `nobody can be in "${segment}"` : `nobody can leave "${segment}"`
  const isIdle = kind === 'leaves' ? truth !== 'depends' : truth === 'never'
  if (isIdle) findings.error('never', `${path}.segment`, `never happens: ${because}; correct its condition`)
}
