import type { Mistake } from '@tripline/model'
import { checkConnectors } from './check-connectors.ts'
import { checkEventNames } from './check-event-names.ts'
import { checkFields } from './check-fields.ts'
import { checkRoutes } from './check-routes.ts'
import { createChecker, kindOf } from './checker.ts'
import { configDefinitionMistakes } from '../definitions/config-definitions.ts'
import type { TriplineConfig } from './config.ts'

const parts = [
  'connectors',
  'fields',
  'routes',
  'events',
  'plan',
  'segments',
  'triggers',
  'policy',
  'groupType',
  'identityTraits',
  'isAnonymousId',
] as const satisfies readonly (keyof TriplineConfig)[]

/**
 * Every mistake of a config, each with its path and, where there is a choice, what is allowed. What only an adapter can
 * know (its folds, its reserved names) it says itself when it is created.
 * @param config what the file exports by default
 * @param environment a secret whose text is in here counts as read from it
 */
export function checkConfig(config: unknown, environment: NodeJS.ProcessEnv): readonly Mistake[] {
  const checker = createChecker()
  if (config === undefined) {
    checker.add('default', 'the file exports nothing by default; write export default defineConfig({ … })')
    return checker.mistakes
  }
  const given = checker.known('', config, parts)
  if (given === undefined) return [{ path: 'default', message: `is ${kindOf(config)}`, allowed: ['object'] }]
  if (given['connectors'] === undefined) checker.add('connectors', 'is missing; name at least one vendor')
  checkConnectors(checker, given['connectors'], environment)
  checkFields(checker, 'fields', given['fields'])
  checkEventNames(checker, given['events'], given['connectors'])
  checkRoutes(checker, given['routes'], given['connectors'])
  for (const { path, message, allowed } of configDefinitionMistakes(config))
    checker.add(path, message, allowed)
  checker.text('groupType', given['groupType'])
  checker.flag('identityTraits', given['identityTraits'])
  const isAnonymousId = given['isAnonymousId']
  if (isAnonymousId !== undefined && typeof isAnonymousId !== 'function')
    checker.add('isAnonymousId', `is ${kindOf(isAnonymousId)}`, ['function'])
  return checker.mistakes
}
