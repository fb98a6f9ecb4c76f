import type { Mistake } from '@tripline/model'
import type { Occasion } from '../occasion.ts'
import type { TriggerDefinition } from '../definition.ts'
import { walk } from './walk.ts'

const ownEvents: Readonly<Record<string, readonly string[]>> = {
  on: ['event'],
  times: ['event'],
  sequence: ['steps'],
  inactive: ['of'],
}

/** What the form alone cannot refuse: an anchor or a correlation where there is no event to take it from. */
export function checkTrigger(trigger: TriggerDefinition, path: string, mistakes: Mistake[]): void {
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`)
  checkOccasion(trigger.when, inside('when'), mistakes)
  walk(trigger.journey, inside('journey'), (node, place) => {
    if (node['kind'] === 'waitFor') checkOccasion(node['occasion'] as Occasion, `${place}.occasion`, mistakes)
    if (node['kind'] === 'split') checkArms(node['arms'], `${place}.arms`, mistakes)
  })
}

/** No anchor event in a condition that is not asked for an occasion. */
export function refuseAnchors(value: unknown, path: string, because: string, mistakes: Mistake[]): void {
  walk(value, path, (node, place) => {
    if ('op' in node && 'anchor' in node) mistakes.push({ path: `${place}.anchor`, message: because })
  })
}

function checkOccasion(occasion: Occasion, path: string, mistakes: Mistake[]): void {
  walk(occasion, path, (node, place) => {
    for (const name of ownEvents[String(node['kind'])] ?? []) {
      // A condition inside, such as `did` in `given`, is asked for the occasion and may name its anchor.
      if (isCondition(place)) continue
      const because = 'names the anchor event in what makes it one; `by` says "the same"'
      refuseAnchors(node[name], `${place}.${name}`, because, mistakes)
    }
    if (typeof node['by'] === 'string' && !hasEvent(node as unknown as Occasion)) {
      mistakes.push({ path: `${place}.by`, message: 'has no event to take the value from' })
    }
  })
}

function isCondition(path: string): boolean {
  return /\.condition(?:\.|s?\[|$)/.test(path)
}

function hasEvent(occasion: Occasion): boolean {
  if (occasion.kind === 'without' || occasion.kind === 'given') return hasEvent(occasion.base)
  return ['on', 'times', 'sequence', 'inactive'].includes(occasion.kind)
}

function checkArms(arms: unknown, path: string, mistakes: Mistake[]): void {
  const weights = (arms as readonly { readonly weight: number }[]).map(({ weight }) => weight)
  if (!weights.some((weight) => weight > 0)) mistakes.push({ path, message: 'have no weight > 0' })
}
