import type { Mistake } from '@tripline/model'
import type { Definitions } from '../definition.ts'
import type { SegmentDefinition } from '../segment.ts'
import { checkPlan } from './check-plan.ts'
import { checkTrigger, refuseAnchors } from './check-trigger.ts'
import { walk } from './walk.ts'

/** Checks over more than one definition, and against the tracking plan. */
export function checkDefinitions(definitions: Definitions, mistakes: Mistake[]): void {
  checkStructure(definitions, mistakes)
  checkPlan(definitions, mistakes)
}

/** Checks over more than one definition. */
export function checkStructure(definitions: Definitions, mistakes: Mistake[]): void {
  checkUnique(definitions.triggers, 'triggers', mistakes)
  checkUnique(definitions.segments, 'segments', mistakes)
  for (const [index, trigger] of definitions.triggers.entries()) {
    checkTrigger(trigger, `triggers[${index}]`, mistakes)
  }
  for (const [index, segment] of definitions.segments.entries()) {
    const path = `segments[${index}]`
    refuseAnchors(segment, path, 'names an anchor event; a segment has none', mistakes)
    const cycle = findCycle(segment.id, definitions.segments)
    if (cycle) mistakes.push({ path, message: `refers to itself: ${cycle.join(' → ')}` })
  }
  checkReferences(definitions, mistakes)
}

function checkUnique(all: readonly { readonly id: string }[], path: string, mistakes: Mistake[]): void {
  for (const [index, { id }] of all.entries()) {
    const first = all.findIndex((each) => each.id === id)
    if (first < index)
      mistakes.push({ path: `${path}[${index}].id`, message: `is the id of ${path}[${first}] too` })
  }
}

const naming: readonly unknown[] = ['inSegment', 'enters', 'leaves', 'schedule', 'addTo', 'removeFrom']

function checkReferences({ segments, triggers }: Definitions, mistakes: Mistake[]): void {
  const known = new Map(segments.map((segment) => [segment.id, segment.kind]))
  const check = (value: unknown, path: string) =>
    walk(value, path, (node, place) => {
      const { kind, segment } = node
      if (!naming.includes(kind) || typeof segment !== 'string') return
      if (!known.has(segment)) {
        mistakes.push({ path: `${place}.segment`, message: 'names no segment', allowed: [...known.keys()] })
      } else if ((kind === 'addTo' || kind === 'removeFrom') && known.get(segment) !== 'static') {
        mistakes.push({
          path: `${place}.segment`,
          message: 'is no static segment; nothing else can be written',
        })
      }
    })
  check(segments, 'segments')
  check(triggers, 'triggers')
}

/** The ids from a segment back to itself, or `undefined`. */
function findCycle(id: string, segments: readonly SegmentDefinition[]): readonly string[] | undefined {
  const named = new Map(segments.map((segment) => [segment.id, segmentsNamedBy(segment)]))
  const visit = (path: readonly string[]): readonly string[] | undefined => {
    for (const next of named.get(path.at(-1) ?? '') ?? []) {
      if (next === id) return [...path, id]
      const cycle = path.includes(next) ? undefined : visit([...path, next])
      if (cycle) return cycle
    }
    return undefined
  }
  return visit([id])
}

function segmentsNamedBy(segment: SegmentDefinition): readonly string[] {
  const found: string[] = []
  walk(segment, '', (node) => {
    if (node['kind'] === 'inSegment') found.push(String(node['segment']))
  })
  return found
}
