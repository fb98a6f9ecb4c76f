import type { ConnectorOptions, Secret } from '@tripline/kit'
import type { Field } from '@tripline/model'
import type { Terminal } from '../terminal/terminal.ts'
import type { FieldConfig, TriplineConfig } from './config.ts'
import { optionRules } from './option-rules.ts'
import type { Vendor } from './vendors.ts'

/** The adapter's options: the connector's own, with the common registry and renames of the config under them. */
export function connectorOptions(
  vendor: Vendor,
  config: TriplineConfig,
  { terminal, environment }: { readonly terminal: Terminal; readonly environment: NodeJS.ProcessEnv },
): ConnectorOptions {
  const own: ConnectorOptions = config.connectors[vendor] ?? {}
  const fields = [...(own.fields ?? []), ...(config.fields ?? []).map(toField)]
  const eventNames = { ...eventNamesOf(vendor, config), ...own.eventNames }
  const fieldNames = { ...fieldNamesOf(vendor, config.fields ?? []), ...own.fieldNames }
  return { ...watchSecrets(vendor, own, terminal, environment), fields, eventNames, fieldNames }
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
function watchSecrets(
  vendor: Vendor,
  options: ConnectorOptions,
  terminal: Terminal,
  environment: NodeJS.ProcessEnv,
): ConnectorOptions {
  const watched = Object.entries(options).map(([name, value]: [string, unknown]) => {
    const rule = optionRules[vendor][name]
    if (rule?.is !== 'secret') return [name, value]
    const secret = value as Secret
    if (typeof secret === 'string') {
      terminal.hide(secret)
      return [name, secret]
    }
    const callback = async (expired: boolean): Promise<string> => {
      const text = await secret(expired)
      terminal.hide(text)
      return text
    }
    return [name, callback]
  })
  for (const rule of Object.values(optionRules[vendor])) {
    const value = rule.is === 'secret' && rule.environment ? environment[rule.environment] : undefined
    if (value !== undefined) terminal.hide(value)
  }
  return Object.fromEntries(watched) as ConnectorOptions
}
