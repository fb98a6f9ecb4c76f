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

let stop = (): void => process.exit(0)
// A parent that was killed says nothing but this, at any time, also before the simulator listens.
process.once('disconnect', () => stop())
process.once('SIGTERM', () => stop())

const order = JSON.parse(process.argv[2] ?? '{}') as ProcessOrder
const create = await simulators[order.vendor]()
const clock = createClock(order.clock)
const simulator = create({ clock, ...(order.account && { account: order.account }) })
const server = await serveSimulator(simulator, clock, order.port === undefined ? {} : { port: order.port })
stop = () => void server.close().then(() => process.exit(0))
if (process.connected) process.send?.({ url: server.url })
else stop()
