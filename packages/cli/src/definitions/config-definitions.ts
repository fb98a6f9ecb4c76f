import type { Mistake } from '@tripline/model'
import { parseDefinitions } from '@tripline/triggers'
import { assemble, collectConfig } from './assemble.ts'

/** The mistakes in what a config says of plan, segments, triggers and policy. */
export function configDefinitionMistakes(config: unknown): readonly Mistake[] {
  const opened = assemble('', collectConfig(config))
  const parsed = parseDefinitions(opened.input)
  const mistakes = parsed.ok ? [] : parsed.mistakes
  return [
    ...opened.mistakes,
    ...mistakes.map((mistake) => ({ ...mistake, path: opened.place(mistake.path) })),
  ]
}
