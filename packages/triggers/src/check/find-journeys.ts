import { waysOf } from '../definition/check/visit.ts'
import type { Definitions, TriggerDefinition } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { Step } from '../definition/journey.ts'
import type { Findings } from './finding.ts'
import { endsRun, runLength, soonest } from './run-length.ts'
import { sendDelayMs } from './sends.ts'
import { createJudge, type Judge } from './truth.ts'

/** Steps that no run can reach, and goals and exits that none can see. */
export function findJourneys(definitions: Definitions, findings: Findings): void {
  const judge = createJudge(definitions)
  for (const [index, trigger] of definitions.triggers.entries()) {
    const path = `triggers[${index}]`
    findSteps(trigger.journey, `${path}.journey`, judge, findings)
    findEndings(trigger, path, definitions, findings)
  }
}

function findSteps(steps: readonly Step[], path: string, judge: Judge, findings: Findings): void {
  const last = steps.findIndex(endsRun)
  if (last !== -1 && last < steps.length - 1) {
    const message = `no run comes here: ${path}[${last}] ends every run; leave this out, or let that end only some of them`
    findings.warn('unreachable', `${path}[${last + 1}]`, message)
  }
  for (const [index, step] of steps.entries()) {
    findWays(step, `${path}[${index}]`, judge, findings)
    for (const [name, inner] of waysOf(step)) findSteps(inner, `${path}[${index}].${name}`, judge, findings)
  }
}

function findWays(step: Step, path: string, judge: Judge, findings: Findings): void {
  const unreachable = (way: 'yes' | 'no', steps: readonly Step[], because: string) => {
    if (steps.length > 0) findings.warn('unreachable', `${path}.${way}`, `no run comes here: ${because}`)
  }
  if (step.kind === 'branch') {
    const truth = judge.condition(step.condition, '')
    if (truth === 'always') unreachable('no', step.no, 'the condition always holds')
    if (truth === 'never') unreachable('yes', step.yes, 'the condition never holds')
  }
  if (step.kind === 'waitFor' && soonest(step.occasion) > durationMs(step.timeout)) {
    const because = `the occasion takes longer than the timeout of ${step.timeout}; make the timeout longer`
    findings.warn('unreachable', `${path}.occasion`, `cannot come in time: ${because}`)
    unreachable('yes', step.yes, because)
  }
  if (step.kind !== 'split') return
  for (const [index, { weight }] of step.arms.entries()) {
    const message = 'no run takes this arm: its weight is 0; give it one, or leave the arm out'
    if (weight === 0) findings.warn('unreachable', `${path}.arms[${index}]`, message)
  }
}

function findEndings(
  trigger: TriggerDefinition,
  path: string,
  { policy }: Definitions,
  findings: Findings,
): void {
  if (runLength(trigger.journey).mostMs + sendDelayMs(trigger, policy) > 0) return
  for (const name of ['goals', 'exits'] as const) {
    for (const index of trigger[name].keys()) {
      const message =
        'cannot be reached: no step waits, so every run ends at the instant of its entry; add a wait, such as the time within which it shall count'
      findings.warn('unreachable', `${path}.${name}[${index}]`, message)
    }
  }
}
