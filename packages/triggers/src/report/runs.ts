import type { TriggerLine } from '../ledger/line.ts'

/** A step of a run and the last word on it. */
export interface StepResult {
  readonly path: string
  /** `''` for steps that are no sends. */
  readonly channel: string
  readonly line: TriggerLine
}
/** One fire and what came of it. */
export interface Run {
  readonly trigger: string
  readonly anchorKey: string
  readonly atMs: number
  /** The entry, or the refusal of the fire. */
  readonly decision: TriggerLine | undefined
  readonly steps: readonly StepResult[]
}

/** The lines of one user, by fire, in the order of the fires. */
export function runsOf(lines: readonly TriggerLine[]): readonly Run[] {
  const runs = new Map<
    string,
    { fire: TriggerLine; decision?: TriggerLine; steps: Map<string, StepResult> }
  >()
  for (const line of lines) {
    const key = JSON.stringify([line.trigger, line.anchorKey])
    const run = runs.get(key) ?? { fire: line, steps: new Map<string, StepResult>() }
    runs.set(key, run)
    if (line.stepPath === '') {
      if (line.kind === 'entry' || line.kind === 'refusal') run.decision ??= line
    } else if (line.kind === 'send' || line.kind === 'act' || line.kind === 'refusal') {
      const channel = 'channel' in line ? (line.channel ?? '') : ''
      run.steps.set(line.stepPath, { path: line.stepPath, channel, line })
    }
  }
  return [...runs.values()].map(({ fire, decision, steps }) => ({
    trigger: fire.trigger,
    anchorKey: fire.anchorKey,
    atMs: fire.atMs,
    decision,
    steps: [...steps.values()],
  }))
}
