import type { Connector, ItemResult, ParseOptions, PlannedRequest } from '@tripline/model'
import type { NotRouted, Route } from '../config/route.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { Vendor } from '../config/vendors.ts'
import { joinLanes } from './lanes.ts'
import { readMessage, type RefusedLine } from './read-message.ts'
import type { Source } from './source.ts'

/** What one message becomes at one vendor. */
export interface Shown {
  readonly vendor: Vendor
  /** Keys of the items that the route keeps from it. */
  readonly notRouted: readonly { readonly key: string; readonly because: NotRouted }[]
  /** The very requests, in order, without credentials. */
  readonly requests: readonly PlannedRequest[]
  readonly results: readonly ItemResult[]
}
export interface ShownMessage {
  readonly file: string
  readonly line: number
  /** `track "Order Completed"`, `profile` … of its items, with their keys. */
  readonly items: readonly string[]
  readonly mistakes?: RefusedLine['mistakes']
  readonly vendors: readonly Shown[]
}
export interface ShowOptions {
  readonly sources: readonly Source[]
  readonly config: LoadedConfig
  readonly vendors: readonly Vendor[]
  readonly route: Route
  readonly parse: ParseOptions
  readonly backfill: boolean
  readonly limit?: number
  readonly signal: AbortSignal
}

/** Delivers message by message without a request, and tells what each would become. */
export async function* showMessages(options: ShowOptions): AsyncGenerator<ShownMessage, void, undefined> {
  const seen: PlannedRequest[] = []
  const connectors = new Map<Vendor, Connector>()
  for (const vendor of options.vendors) {
    const host = { onPlanned: (request: PlannedRequest) => void seen.push(request) }
    connectors.set(vendor, await options.config.newConnector(vendor, host))
  }
  let left = options.limit ?? Infinity
  for (const [index, source] of options.sources.entries()) {
    for await (const lines of source.open()) {
      for (const line of lines) {
        options.signal.throwIfAborted()
        if (left-- <= 0) return
        const message = readMessage(index, line, { ...options.parse, backfill: options.backfill })
        const at = { file: source.name, line: line.line }
        if (!('items' in message)) {
          yield { ...at, items: [], mistakes: message.mistakes, vendors: [] }
          continue
        }
        const decisions = message.items.flatMap(options.route)
        const vendors: Shown[] = []
        for (const [vendor, connector] of connectors) {
          const own = decisions.filter((decision) => decision.vendor === vendor)
          const items = own.flatMap((decision) => ('item' in decision ? [decision.item] : []))
          seen.length = 0
          const report = await connector.deliver(joinLanes(items), { dryRun: true, signal: options.signal })
          const notRouted = own.flatMap((decision, place) =>
            'item' in decision ? [] : [{ key: message.items[place]?.key ?? '', because: decision.because }],
          )
          vendors.push({ vendor, notRouted, requests: [...seen], results: report.results })
        }
        yield { ...at, items: message.items.map(itemTitle), vendors }
      }
    }
  }
}

function itemTitle(item: Parameters<Route>[0]): string {
  return item.kind === 'event'
    ? `${item.event.type} "${item.event.event}" ${item.key}`
    : `${item.kind} ${item.key}`
}
