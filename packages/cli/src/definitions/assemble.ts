import type { Mistake } from '@tripline/model'
import { collectParts, nothingCollected, type Collected } from './collect.ts'

/** What a file holds, for `parseDefinitions`, before it is checked. */
export interface OpenedDefinitions {
  readonly path: string
  readonly input: unknown
  /** What cannot be definitions at all. */
  readonly mistakes: readonly Mistake[]
  /** A path in `input` as a path in the file: `triggers[0].when` → `abandonedCart.when`. */
  place(path: string): string
}

/** The four parts of a config that are definitions. */
export function collectConfig(config: unknown): Collected {
  const found = nothingCollected()
  if (typeof config === 'object' && config !== null) collectParts({ ...config }, '', found, 'all')
  return found
}

/** The parts as one input, with one plan, one policy. */
export function assemble(path: string, found: Collected): OpenedDefinitions {
  const mistakes = [...found.mistakes]
  const only = (pieces: Collected['plans'], what: string) => {
    for (const { place } of pieces.slice(1)) mistakes.push({ path: place, message: `is a second ${what}` })
    return pieces[0]
  }
  const plan = only(found.plans, 'plan')
  const policy = only(found.policies, 'policy')
  const input = {
    specVersion: found.specVersions[0]?.value ?? 1,
    ...(plan && { plan: plan.value }),
    ...(policy && { policy: policy.value }),
    segments: found.segments.map(({ value }) => value),
    triggers: found.triggers.map(({ value }) => value),
  }
  return {
    path,
    input,
    mistakes,
    place: (at) => {
      const [start = '', name, index] =
        /^(plan|policy|specVersion|(?:segments|triggers)\[(\d+)\])/.exec(at) ?? []
      const single = { plan, policy, specVersion: found.specVersions[0] }[name ?? '']
      const list = name?.startsWith('segments') ? found.segments : found.triggers
      const piece = index === undefined ? single : list[Number(index)]
      if (piece === undefined) return at
      const rest = at.slice(start.length)
      return piece.place === '' ? rest.replace(/^\./, '') : `${piece.place}${rest}`
    },
  }
}
