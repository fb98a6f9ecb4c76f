import { readInstant, type Connector, type Instant, type ParseOptions } from '@tripline/model'
import { CliError } from '../cli-error.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import { overrideRoute } from '../config/route-override.ts'
import type { Routes } from '../config/route-rule.ts'
import { createRoute, type Route, type RouteOptions } from '../config/route.ts'
import type { Vendor } from '../config/vendors.ts'
import type { CommandContext } from '../define-command.ts'
import { findNewest } from './newest.ts'
import { openSources, type Source } from './source.ts'

/** What `send` and `send --show` have in common: where from, where to, by which rules. */
export interface PreparedSend {
  readonly sources: readonly Source[]
  readonly connectors: ReadonlyMap<Vendor, Connector>
  readonly route: Route
  readonly parse: ParseOptions
}
export interface SendArguments {
  readonly events: readonly string[]
  readonly only: readonly string[]
  readonly route: readonly string[]
  readonly now: string | undefined
}

/** @throws {CliError} an input, a vendor, a route or `--now` is wrong */
export async function prepareSend(
  loaded: LoadedConfig,
  { args, folder, stdin, host, signal }: Omit<CommandContext, 'args'> & { readonly args: SendArguments },
): Promise<PreparedSend> {
  const { config } = loaded
  const named = args.only.map((name) => loaded.vendor(name))
  const vendors = loaded.vendors.filter((vendor) => named.length === 0 || named.includes(vendor))
  const routes = args.route.reduce<Routes>(overrideRoute, config.routes ?? {})
  const sources = openSources(args.events, folder, stdin)
  const counted = vendors.some((vendor) => !routes[vendor]?.off && routes[vendor]?.lastDays !== undefined)
  const newestAt = args.now === undefined ? counted && (await findNewest(sources, signal)) : readNow(args.now)
  return {
    sources,
    connectors: new Map(vendors.map((vendor) => [vendor, loaded.connector(vendor)])),
    route: routeOf(routes, { vendors, ...(newestAt && { newestAt }) }),
    parse: {
      ...(host.clock && { clock: host.clock }),
      ...(config.groupType !== undefined && { groupType: config.groupType }),
      ...(config.identityTraits !== undefined && { identityTraits: config.identityTraits }),
      ...(config.isAnonymousId && { isAnonymousId: config.isAnonymousId }),
    },
  }
}

function routeOf(routes: Routes, options: RouteOptions): Route {
  try {
    return createRoute(routes, options)
  } catch (cause) {
    if (cause instanceof RangeError) throw new CliError(cause.message, { cause })
    throw cause
  }
}

function readNow(text: string): Instant {
  const read = readInstant(text)
  if (read.ok) return read.at
  throw new CliError(`--now ${text}: ${read.message}`)
}
