import { parseMessage, type Connector, type Host, type Item } from '@tripline/model'
import { shopEvent } from './events.ts'
import { subjects, type Vendor } from './subjects.ts'

/** What one process measures, as one line of JSON on its standard output. */
export interface Measured {
  readonly vendor: Vendor
  /** `JSON.parse` + `JSON.stringify` of the same events, in the same process, just before. */
  readonly baselinePerSecond: number
  readonly eventsPerSecond: number
  readonly requests: number
  readonly maxRssMb: number
}
const batchSize = 2_000
const rounds = 5

/** Canonical events → validated, mapped, packed requests; HTTP stubbed. The best of five rounds, after one to warm up. */
async function measure(vendor: Vendor, count: number): Promise<Measured> {
  let requests = 0
  const fetch: Host['fetch'] = async (input, init) => {
    requests++
    const body =
      typeof init?.body === 'string'
        ? init.body
        : init?.body instanceof Uint8Array
          ? Buffer.from(init.body).toString()
          : ''
    return subjects[vendor].answer(
      init?.method ?? 'GET',
      input instanceof Request ? input.url : input.toString(),
      body,
    )
  }
  // Budgets wait for the vendor's rate; here only our own work counts.
  const connector = await subjects[vendor].create({
    fetch,
    budget: { take: async () => undefined, observe: () => undefined },
  })
  let baseline = Infinity
  let ours = Infinity
  for (let round = 0; round <= rounds; round++) {
    requests = 0
    const spent = await measureRound(connector, count)
    if (round > 0) [baseline, ours] = [Math.min(baseline, spent.baselineMs), Math.min(ours, spent.oursMs)]
  }
  const maxRssMb = Math.round(process.resourceUsage().maxRSS / 1_024)
  const perSecond = (ms: number): number => Math.round((count / ms) * 1_000)
  return {
    vendor,
    baselinePerSecond: perSecond(baseline),
    eventsPerSecond: perSecond(ours),
    requests,
    maxRssMb,
  }
}

/** One pass over the events, batch by batch as a stream would bring them; both sides see each batch in turn. */
async function measureRound(
  connector: Connector,
  count: number,
): Promise<{ readonly baselineMs: number; readonly oursMs: number }> {
  let baselineMs = 0
  let oursMs = 0
  for (let from = 0; from < count; from += batchSize) {
    const lines = Array.from({ length: Math.min(batchSize, count - from) }, (_, index) =>
      JSON.stringify(shopEvent(from + index)),
    )
    const parsed = lines.map((line) => JSON.parse(line) as object)
    const started = performance.now()
    for (const line of lines) JSON.stringify(JSON.parse(line))
    const middle = performance.now()
    const items: Item[] = []
    for (const event of parsed) {
      const message = parseMessage(event)
      if (message.ok) for (const item of message.items) items.push(item)
    }
    const report = await connector.deliver(items)
    oursMs += performance.now() - middle
    baselineMs += middle - started
    const lost = report.results.find(({ outcome }) => outcome.status !== 'sent')
    if (lost) throw new Error(`${connector.vendor}: ${JSON.stringify(lost)}`)
  }
  return { baselineMs, oursMs }
}

const [vendor = 'braze', count = '50000'] = process.argv.slice(2)
console.log(JSON.stringify(await measure(vendor as Vendor, Number(count))))
