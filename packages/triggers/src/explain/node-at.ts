import type { TriggerDefinition } from '../definition/definition.ts'
import type { FallbackStep, SendStep, Step } from '../definition/journey.ts'
import type { Occasion } from '../definition/occasion.ts'

/** The occasion at a place such as `when.base`; of a `waitFor` below its step: `2/yes/0.base`. */
export function occasionAt(trigger: TriggerDefinition, node: string): Occasion | undefined {
  const [first = '', ...rest] = node.split('.')
  const step = first === 'when' ? undefined : stepAt(trigger.journey, first)
  let found: Occasion | undefined =
    first === 'when' ? trigger.when : step?.kind === 'waitFor' ? step.occasion : undefined
  for (const name of rest) {
    if (name !== 'base') continue
    found = found !== undefined && 'base' in found ? found.base : undefined
  }
  return found
}

/** The step at a path such as `2/yes/0`; of a fallback one of its sends: `1/0`. */
export function stepAt(journey: readonly Step[], path: string): Step | undefined {
  let steps: readonly Step[] = journey
  let found: Step | undefined
  for (const name of path.split('/')) {
    if (/^\d+$/.test(name) && found === undefined) found = steps[Number(name)]
    else if (found !== undefined) {
      if (found.kind === 'fallback') return sendOf(found, Number(name))
      steps = stepsBelow(found, name)
      found = undefined
    }
  }
  return found
}

function stepsBelow(step: Step, name: string): readonly Step[] {
  if (step.kind === 'branch' || step.kind === 'waitFor') return name === 'yes' ? step.yes : step.no
  return step.kind === 'split' ? (step.arms[Number(name)]?.steps ?? []) : []
}

function sendOf({ sends }: FallbackStep, index: number): SendStep | undefined {
  const send = sends[index]
  return send && { kind: 'send', ...send }
}
