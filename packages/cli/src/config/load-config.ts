import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Connector, Host } from '@tripline/model'
import { CliError } from '../cli-error.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { checkConfig } from './check-config.ts'
import type { TriplineConfig } from './config.ts'
import { connectorOptions } from './connector-options.ts'
import { createConnector } from './connectors.ts'
import { isVendor, vendors, type Vendor } from './vendors.ts'

export const configNames = ['tripline.config.ts', 'tripline.config.mjs', 'tripline.config.js'] as const

export interface LoadedConfig {
  readonly path: string
  readonly config: TriplineConfig
  /** The configured ones, in the order of all tables. */
  readonly vendors: readonly Vendor[]
  /** The one connector of a vendor, made when it is first asked for. @throws {CliError} not configured */
  connector(vendor: string): Promise<Connector>
  /** A connector of its own, with other surroundings: a dry run that watches its requests. */
  newConnector(vendor: Vendor, host: Partial<Host>): Promise<Connector>
}
export interface LoadOptions {
  /** `--config`; else the config is searched from `folder` upwards. */
  readonly path?: string
  readonly folder: string
  readonly terminal: Terminal
  readonly environment: NodeJS.ProcessEnv
  readonly host: Partial<Host>
}

/** @throws {CliError} there is no config, it does not load, or it has mistakes (all of them are named) */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const path = options.path === undefined ? findConfig(options.folder) : resolve(options.folder, options.path)
  if (path === undefined || !existsSync(path)) throw missing(options, path)
  const config = await importConfig(path)
  const mistakes = checkConfig(config, options.environment)
  if (mistakes.length > 0) {
    const lines = mistakes.map(({ path: at, message, allowed }) => {
      return `  ${at}: ${message}${allowed ? ` (allowed: ${allowed.join(', ')})` : ''}`
    })
    throw new CliError(`${path} has ${mistakes.length} mistake(s):\n${lines.join('\n')}`)
  }
  return withConnectors(path, config as TriplineConfig, options)
}

function withConnectors(path: string, config: TriplineConfig, options: LoadOptions): LoadedConfig {
  const made = new Map<Vendor, Promise<Connector>>()
  const configured = vendors.filter((vendor) => config.connectors[vendor] !== undefined)
  const newConnector = (vendor: Vendor, host: Partial<Host>): Promise<Connector> =>
    createConnector(vendor, connectorOptions(vendor, config, options), { ...options.host, ...host })
  return {
    path,
    config,
    vendors: configured,
    newConnector,
    async connector(vendor) {
      if (!isVendor(vendor) || !configured.includes(vendor)) {
        const given = configured.length > 0 ? configured.join(', ') : 'none'
        throw new CliError(`no connector "${vendor}" in ${path} (configured: ${given})`)
      }
      const known = made.get(vendor)
      if (known) return known
      const connector = newConnector(vendor, {})
      made.set(vendor, connector)
      return connector
    },
  }
}

/** The nearest config, from the folder upwards. */
export function findConfig(folder: string): string | undefined {
  for (let at = resolve(folder), above = ''; at !== above; at = dirname(at)) {
    const found = configNames.map((name) => join(at, name)).find((file) => existsSync(file))
    if (found !== undefined) return found
    above = at
    if (dirname(at) === at) break
  }
  return undefined
}

async function importConfig(path: string): Promise<unknown> {
  try {
    const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
      readonly default?: unknown
    }
    return module.default
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const advice = /Cannot find package 'tripline'/.test(message)
      ? '\nInstall tripline beside it (npm install tripline), or export a plain object.'
      : ''
    throw new CliError(`${path} does not load: ${message}${advice}`, { cause })
  }
}

function missing({ folder }: LoadOptions, path: string | undefined): CliError {
  return path === undefined
    ? new CliError(`no ${configNames[0]} in ${folder} or above it; "tripline init" writes one`)
    : new CliError(`no config at ${path}`)
}
