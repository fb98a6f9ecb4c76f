import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { TriplineError, type Connector, type Host, type Mistake } from '@tripline/model'
import { CliError } from '../cli-error.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { checkConfig } from './check-config.ts'
import type { TriplineConfig } from './config.ts'
import { connectorOptions } from './connector-options.ts'
import { createConnector } from './connectors.ts'
import { importModule } from './import-module.ts'
import { refuseMistakes } from './refuse-mistakes.ts'
import { isVendor, vendors, type Vendor } from './vendors.ts'

export const configNames = ['tripline.config.ts', 'tripline.config.mjs', 'tripline.config.js'] as const

export interface LoadedConfig {
  readonly path: string
  readonly config: TriplineConfig
  /** The configured ones, in the order of all tables. */
  readonly vendors: readonly Vendor[]
  /** The name as a configured vendor. @throws {CliError} it is not configured */
  vendor(name: string): Vendor
  /** The one connector of a vendor. @throws {CliError} it is not configured */
  connector(vendor: string): Connector
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

/**
 * Finds, loads and checks the config, then creates its connectors, which checks what only they can know. No request is
 * made.
 * @throws {CliError} there is no config, it does not load, or it has mistakes (all of them are named)
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const path = configPath(options)
  const { default: exported } = await importModule(path)
  refuseMistakes(path, checkConfig(exported, options.environment))
  const config = exported as TriplineConfig
  const configured = vendors.filter((vendor) => config.connectors[vendor] !== undefined)
  const newConnector = (vendor: Vendor, host: Partial<Host>): Promise<Connector> =>
    createConnector(vendor, connectorOptions(vendor, config, options), { ...options.host, ...host })
  const connectors = await createAll(path, config, configured, newConnector)
  const findVendor = (name: string): Vendor => {
    if (isVendor(name) && configured.includes(name)) return name
    const given = configured.length > 0 ? configured.join(', ') : 'none'
    throw new CliError(`no connector "${name}" in ${path} (configured: ${given})`)
  }
  return {
    path,
    config,
    vendors: configured,
    newConnector,
    vendor: findVendor,
    connector: (name) => connectors.get(findVendor(name)) as Connector,
  }
}

async function createAll(
  path: string,
  config: TriplineConfig,
  configured: readonly Vendor[],
  create: (vendor: Vendor, host: Partial<Host>) => Promise<Connector>,
): Promise<ReadonlyMap<Vendor, Connector>> {
  const connectors = new Map<Vendor, Connector>()
  const mistakes: Mistake[] = []
  for (const vendor of configured) {
    try {
      connectors.set(vendor, await create(vendor, {}))
    } catch (error) {
      if (!TriplineError.is(error) || error.fault.code !== 'invalid') throw error
      mistakes.push({ path: placeOf(vendor, error, config), message: error.message })
    }
  }
  refuseMistakes(path, mistakes)
  return connectors
}

/** The entry of the registry that an adapter's message quotes, if there is one: of two that collide the later one. */
function placeOf(
  vendor: Vendor,
  { fault }: TriplineError,
  { fields = [], events = {} }: TriplineConfig,
): string {
  if (fault.path !== undefined) return `connectors.${vendor}.${fault.path}`
  const quoted = [...fault.message.matchAll(/"([^"]*)"/g)].map(([, name]) => name)
  const index = fields.findLastIndex(({ name }) => quoted.includes(name))
  if (index !== -1) return `fields[${index}].name`
  const event = Object.keys(events).findLast((name) => quoted.includes(name))
  return event === undefined ? `connectors.${vendor}` : `events[${JSON.stringify(event)}]`
}

/** The config that is meant. @throws {CliError} there is none */
export function configPath(options: Pick<LoadOptions, 'path' | 'folder'>): string {
  const path = options.path === undefined ? findConfig(options.folder) : resolve(options.folder, options.path)
  if (path === undefined || !existsSync(path)) throw missing(options, path)
  return path
}

/** The nearest config, from the folder upwards. */
export function findConfig(folder: string): string | undefined {
  const here = resolve(folder)
  const found = configNames.map((name) => join(here, name)).find((file) => existsSync(file))
  if (found !== undefined || dirname(here) === here) return found
  return findConfig(dirname(here))
}

function missing({ folder }: Pick<LoadOptions, 'folder'>, path: string | undefined): CliError {
  return path === undefined
    ? new CliError(`no ${configNames[0]} in ${folder} or above it; "tripline init" writes one`)
    : new CliError(`no config at ${path}`)
}
