import { CliError } from '../cli-error.ts'
import { checkRule } from './check-routes.ts'
import { createChecker } from './checker.ts'
import type { RouteRule, Routes } from './route-rule.ts'
import { isVendor, vendors } from './vendors.ts'

/**
 * Changes routes by one line of the command line: `vendor:part=value`. Lists are separated by commas; `off` and
 * `on` stand alone.
 * @throws {CliError} it cannot be read, or the rule it makes has a mistake
 * @example overrideRoute({}, 'intercom:lastDays=90') // => { intercom: { lastDays: 90 } }
 * overrideRoute({}, 'intercom:events.only=Order Completed,Signed Up')
 * overrideRoute({}, 'mixpanel:off')
 */
export function overrideRoute(routes: Routes, text: string): Routes {
  const [, vendor = '', part = '', value] = /^([^:]+):([^=]+)(?:=(.*))?$/s.exec(text) ?? []
  if (!isVendor(vendor)) throw unreadable(text, `"${vendor || text}" is no vendor (${vendors.join(', ')})`)
  const old = routes[vendor] ?? {}
  const list = (value ?? '').split(',').filter((name) => name !== '')
  const [choice, side] = part.split('.')
  const changed: Readonly<Record<string, unknown>> =
    part === 'off' || part === 'on'
      ? { off: part === 'off' }
      : part === 'lastDays'
        ? { lastDays: Number(value) }
        : choice === 'events' || choice === 'fields'
          ? { [choice]: { [side ?? '']: list } }
          : { [part]: list }
  const rule = { ...old, ...changed } as RouteRule
  const checker = createChecker()
  checkRule(checker, `routes.${vendor}`, rule)
  const [mistake] = checker.mistakes
  if (mistake) {
    const allowed = mistake.allowed ? ` (allowed: ${mistake.allowed.join(', ')})` : ''
    throw unreadable(text, `${mistake.path} ${mistake.message}${allowed}`)
  }
  return { ...routes, [vendor]: rule }
}

function unreadable(text: string, why: string): CliError {
  return new CliError(`--route ${text}: ${why}`)
}
