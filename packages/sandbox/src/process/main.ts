import { createClock, type ClockSettings } from '../core/clock.ts'
import { serveSimulator } from '../core/server.ts'
import { simulators, type Vendor } from '../vendors.ts'

/** What a parent process asks of this one, as JSON in the first argument. */
export interface ProcessOrder {
  readonly vendor: Vendor
  readonly port?: number
  readonly account?: object
  readonly clock: ClockSettings
}

const order = JSON.parse(process.argv[2] ?? '{}') as ProcessOrder
const create = await simulators[order.vendor]()
const clock = createClock(order.clock)
const simulator = create({ clock, ...(order.account && { account: order.account }) })
const server = await serveSimulator(simulator, clock, order.port === undefined ? {} : { port: order.port })
process.send?.({ url: server.url })
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
process.once('disconnect', () => void server.close().then(() => process.exit(0)))
