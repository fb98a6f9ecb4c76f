import { itemKinds } from './item-kinds.ts'
import { join, kindOf, type Checker } from './checker.ts'
import type { RouteRule } from './route-rule.ts'
import { vendors } from './vendors.ts'

const keys = ['off', 'items', 'events', 'fields', 'lastDays'] as const satisfies readonly (keyof RouteRule)[]

export function checkRoutes(checker: Checker, given: unknown, connectors: unknown): void {
  for (const [vendor, rule] of Object.entries(checker.known('routes', given, vendors) ?? {})) {
    const path = join('routes', vendor)
    checkRule(checker, path, rule)
    const configured = typeof connectors === 'object' && connectors !== null && vendor in connectors
    if (!configured && (vendors as readonly string[]).includes(vendor))
      checker.add(path, `leads nowhere: connectors has no ${vendor}`)
  }
}

export function checkRule(checker: Checker, path: string, given: unknown): void {
  const rule = checker.known(path, given, keys)
  if (rule === undefined) return
  checker.flag(join(path, 'off'), rule['off'])
  checker.texts(join(path, 'items'), rule['items'], itemKinds)
  for (const name of ['events', 'fields']) checkChoice(checker, join(path, name), rule[name])
  const lastDays = rule['lastDays']
  if (lastDays === undefined) return
  if (typeof lastDays !== 'number' || !(lastDays > 0) || !Number.isFinite(lastDays))
    checker.add(join(path, 'lastDays'), `is ${typeof lastDays === 'number' ? lastDays : kindOf(lastDays)}`, [
      'days, more than 0',
    ])
}

function checkChoice(checker: Checker, path: string, given: unknown): void {
  const choice = checker.known(path, given, ['only', 'except'])
  if (choice === undefined) return
  checker.texts(join(path, 'only'), choice['only'])
  checker.texts(join(path, 'except'), choice['except'])
  if (choice['only'] !== undefined && choice['except'] !== undefined)
    checker.add(path, 'has both "only" and "except": keep one')
}
