import type { Secret } from '@tripline/kit'
import type { Field } from '@tripline/model'
import type { Terminal } from '../terminal/terminal.ts'
import type { FieldConfig, TriplineConfig } from './config.ts'
import type { ConnectorsConfig } from './connectors.ts'
import { rulesOf, type OptionRules } from './option-rules.ts'
import type { Vendor } from './vendors.ts'

/** The adapter's options: the connector's own, with the common registry and renames of the config under them. */
export function connectorOptions<V extends Vendor>(
  vendor: V,
  config: TriplineConfig,
  watch: Watch,
): NonNullable<ConnectorsConfig[V]> {
  const own = config.connectors[vendor] as NonNullable<ConnectorsConfig[V]>
  const fields = [...(own.fields ?? []), ...(config.fields ?? []).map(toField)]
  const eventNames = { ...eventNamesOf(vendor, config), ...own.eventNames }
  const fieldNames = { ...fieldNamesOf(vendor, config.fields ?? []), ...own.fieldNames }
  return { ...watchSecrets(own, rulesOf(vendor), watch), fields, eventNames, fieldNames }
}

/** The entry as the adapters know it: vendor names travel apart. */
export function toField({ of, event, name, type, unique }: FieldConfig): Field {
  return {
    of,
    name,
    type,
    ...(event !== undefined && { event }),
    ...(unique !== undefined && { unique }),
  }
}

export function eventNamesOf(vendor: Vendor, config: TriplineConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config.events ?? {}).flatMap(([event, names]) => {
      const name = typeof names === 'string' ? names : names[vendor]
      return name === undefined ? [] : [[event, name]]
    }),
  )
}

export function fieldNamesOf(vendor: Vendor, fields: readonly FieldConfig[]): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name, names }) => (names?.[vendor] === undefined ? [] : [[name, names[vendor]]])),
  )
}

/** Every secret that passes by is told to the terminal, which then never prints it. */
function watchSecrets<Options extends object>(options: Options, rules: OptionRules, watch: Watch): Options {
  const watched = { ...(options as Record<string, unknown>) }
  for (const [name, rule] of Object.entries(rules)) {
    const value = watched[name]
    if (rule.is === 'object' && typeof value === 'object' && value !== null)
      watched[name] = watchSecrets(value, rule.of, watch)
    if (rule.is !== 'secret') continue
    const fromEnvironment = watch.environment[rule.environment]
    if (fromEnvironment !== undefined) watch.terminal.hide(fromEnvironment)
    if (value !== undefined) watched[name] = watchSecret(value as Secret, watch)
  }
  return watched as unknown as Options
}

interface Watch {
  readonly terminal: Pick<Terminal, 'hide'>
  readonly environment: NodeJS.ProcessEnv
}
function watchSecret(secret: Secret, { terminal }: Watch): Secret {
  if (typeof secret === 'string') {
    terminal.hide(secret)
    return secret
  }
  return async (expired) => {
    const text = await secret(expired)
    terminal.hide(text)
    return text
  }
}
