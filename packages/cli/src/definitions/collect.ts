import type { Mistake } from '@tripline/model'

/** Something found, and where: `abandonedCart`, `triggers[0]`; `''` is the whole file. */
interface Piece {
  readonly value: unknown
  readonly place: string
}
/** What files say, before it is checked. */
export interface Collected {
  readonly specVersions: Piece[]
  readonly plans: Piece[]
  readonly policies: Piece[]
  readonly segments: Piece[]
  readonly triggers: Piece[]
  readonly mistakes: Mistake[]
}

const parts = ['specVersion', 'plan', 'segments', 'triggers', 'policy'] as const
const segmentKinds: readonly unknown[] = ['dynamic', 'static', 'mirrored']

export const nothingCollected = (): Collected => ({
  specVersions: [],
  plans: [],
  policies: [],
  segments: [],
  triggers: [],
  mistakes: [],
})

/**
 * Adds what a value is: definitions, a trigger, a segment, a plan (built or as JSON), or a list of these. `false`: it is
 * none of them.
 */
export function collect(value: unknown, place: string, into: Collected): boolean {
  if (Array.isArray(value)) {
    const known = value.map((each, index) => collect(each, `${place}[${index}]`, into))
    return known.length > 0 && known.every(Boolean)
  }
  if (!isObject(value)) return false
  const plan = planOf(value)
  if (plan !== undefined) return add(into.plans, { value: plan, place })
  if ('when' in value || ('id' in value && 'journey' in value)) return add(into.triggers, { value, place })
  if ('id' in value && segmentKinds.includes(value['kind'])) return add(into.segments, { value, place })
  if (!parts.some((part) => part !== 'specVersion' && part in value)) return false
  collectParts(value, place, into)
  return true
}

/** The parts of definitions, or of a config. Other names are mistakes, unless they are `known`. */
export function collectParts(
  value: Readonly<Record<string, unknown>>,
  place: string,
  into: Collected,
  known?: 'all',
): void {
  const at = (name: string) => (place === '' ? name : `${place}.${name}`)
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined || name === '$schema') continue
    if (name === 'specVersion') add(into.specVersions, { value: part, place: at(name) })
    else if (name === 'plan') add(into.plans, { value: planOf(part) ?? part, place: at(name) })
    else if (name === 'policy') add(into.policies, { value: part, place: at(name) })
    else if (name === 'segments' || name === 'triggers') {
      if (!Array.isArray(part)) into.mistakes.push({ path: at(name), message: 'is no list' })
      else {
        for (const [index, each] of part.entries())
          add(into[name], { value: each as unknown, place: `${at(name)}[${index}]` })
      }
    } else if (known === undefined) {
      into.mistakes.push({ path: at(name), message: 'is no field here', allowed: parts })
    }
  }
}

function add(pieces: Piece[], piece: Piece): true {
  // What a module exports twice (by name and in a list) is one.
  if (!pieces.some(({ value }) => value === piece.value)) pieces.push(piece)
  return true
}

/** The JSON of a plan that `definePlan` made, or that is JSON already. */
function planOf(value: unknown): unknown {
  if (!isObject(value)) return undefined
  if (isObject(value['definition']) && typeof value['event'] === 'function') return value['definition']
  return 'specVersion' in value && ('events' in value || 'traits' in value) ? value : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
