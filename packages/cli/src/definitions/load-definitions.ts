import type { Mistake } from '@tripline/model'
import { parseDefinitions, type Definitions } from '@tripline/triggers'
import { refuseMistakes } from '../config/refuse-mistakes.ts'
import type { OpenedDefinitions } from './assemble.ts'
import { openDefinitions, type DefinitionsChoice } from './open-definitions.ts'

export interface LoadedDefinitions {
  /** The file they come from. */
  readonly path: string
  readonly definitions: Definitions
}

/**
 * The definitions of a file in their normal form.
 * @throws {CliError} as `openDefinitions`; or they have mistakes: all are named with their paths in the file
 * @example await loadDefinitions({ definitions: 'triggers.ts', folder })
 */
export async function loadDefinitions(choice: DefinitionsChoice): Promise<LoadedDefinitions> {
  const opened = await openDefinitions(choice)
  const parsed = parseDefinitions(opened.input)
  refuseMistakes(opened.path, [...opened.mistakes, ...(parsed.ok ? [] : placed(opened, parsed.mistakes))])
  if (!parsed.ok) throw new TypeError('definitions with mistakes were not refused')
  return { path: opened.path, definitions: parsed.definition }
}

/** Mistakes or findings with the paths that they have in the file, also where their messages name others. */
export function placed<Told extends Pick<Mistake, 'path' | 'message'>>(
  opened: OpenedDefinitions,
  told: readonly Told[],
): readonly Told[] {
  return told.map((each) => ({
    ...each,
    path: opened.place(each.path),
    message: each.message.replaceAll(/\b(?:triggers|segments)\[\d+\](?:\.\w+|\[\d+\])*/g, (path) =>
      opened.place(path),
    ),
  }))
}
