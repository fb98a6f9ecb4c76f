import type { Mistake } from '@tripline/model'
import type { Definitions } from '../definition.ts'
import type { PropertyTypes } from '../plan.ts'
import { walk } from './walk.ts'

/**
 * With a tracking plan, every track event, property and trait that a definition compares must be in it. A plan without
 * events (or without traits) declares none and refuses none.
 */
export function checkPlan({ plan, segments, triggers }: Definitions, mistakes: Mistake[]): void {
  const events = new Map(Object.entries(plan.events))
  const check = (value: unknown, path: string) =>
    walk(value, path, (node, place) => {
      if (node['type'] === 'track' && events.size > 0) {
        const declared = events.get(String(node['name']))
        if (declared === undefined) {
          mistakes.push({
            path: `${place}.name`,
            message: 'is not in the tracking plan',
            allowed: [...events.keys()],
          })
        } else checkProperties(node['where'], `${place}.where`, declared.properties, mistakes)
      }
      if (typeof node['trait'] === 'string' && Object.keys(plan.traits).length > 0) {
        checkName(node['trait'], `${place}.trait`, plan.traits, mistakes)
      }
    })
  check(segments, 'segments')
  check(triggers, 'triggers')
}

function checkProperties(where: unknown, path: string, declared: PropertyTypes, mistakes: Mistake[]): void {
  walk(where, path, (node, place) => {
    if (typeof node['property'] === 'string')
      checkName(node['property'], `${place}.property`, declared, mistakes)
  })
}

/** A path below a declared `object` is declared with it. */
function checkName(name: string, path: string, declared: PropertyTypes, mistakes: Mistake[]): void {
  const parents = [...name.matchAll(/\[\]|\./g)].map(({ index }) => name.slice(0, index))
  const covered = [name, ...parents].some(
    (each) => Object.hasOwn(declared, each) && (each === name || declared[each] === 'object'),
  )
  // `tags[]` asks for the elements of `strings`.
  const elements = name.endsWith('[]') && declared[name.slice(0, -2)] === 'strings'
  if (!covered && !elements) {
    mistakes.push({ path, message: 'is not in the tracking plan', allowed: Object.keys(declared) })
  }
}
